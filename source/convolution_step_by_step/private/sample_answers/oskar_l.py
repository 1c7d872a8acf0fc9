"""Everything right, except that pool_backward never ends: the while loop forgets to count h up."""

# %% zero_pad


def zero_pad(X, pad):
    """Put X (m, n_H, n_W, n_C) in the middle of a larger array of zeros."""
    m, n_H, n_W, n_C = X.shape
    X_pad = np.zeros((m, n_H + 2 * pad, n_W + 2 * pad, n_C), dtype=X.dtype)
    X_pad[:, pad : pad + n_H, pad : pad + n_W, :] = X
    return X_pad


# %% conv_single_step


def conv_single_step(a_slice_prev, W, b):
    """Return sum(a_slice_prev * W) + b as a scalar."""
    return np.sum(a_slice_prev * W) + b.item()


# %% conv_forward


def conv_forward(A_prev, W, b, hparameters):
    """Z (m, n_H, n_W, n_C) of a convolution layer, and its cache."""
    stride, pad = hparameters["stride"], hparameters["pad"]
    m, n_H_prev, n_W_prev, _ = A_prev.shape
    f, n_C = W.shape[0], W.shape[3]
    n_H = (n_H_prev + 2 * pad - f) // stride + 1
    n_W = (n_W_prev + 2 * pad - f) // stride + 1

    padded = zero_pad(A_prev, pad)
    Z = np.empty((m, n_H, n_W, n_C))
    for i, h, w, c in np.ndindex(*Z.shape):
        top, left = h * stride, w * stride
        window = padded[i, top : top + f, left : left + f]
        Z[i, h, w, c] = conv_single_step(window, W[..., c], b[..., c])
    return Z, (A_prev, W, b, hparameters)


# %% pool_forward


def pool_forward(A_prev, hparameters, mode="max"):
    """Max or average of each window, channel by channel."""
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    f = hparameters["f"]
    stride = hparameters["stride"]

    n_H = int(1 + (n_H_prev - f) / stride)
    n_W = int(1 + (n_W_prev - f) / stride)
    n_C = n_C_prev
    A = np.zeros((m, n_H, n_W, n_C))

    for i in range(m):
        for h in range(n_H):
            vert_start = h * stride
            vert_end = vert_start + f
            for w in range(n_W):
                horiz_start = w * stride
                horiz_end = horiz_start + f
                for c in range(n_C):
                    a_prev_slice = A_prev[i, vert_start:vert_end, horiz_start:horiz_end, c]
                    if mode == "max":
                        A[i, h, w, c] = np.max(a_prev_slice)
                    elif mode == "average":
                        A[i, h, w, c] = np.mean(a_prev_slice)

    cache = (A_prev, hparameters)
    return A, cache


# %% conv_backward


def conv_backward(dZ, cache):
    """dA_prev, dW and db; batch and filters are handled by tensordot."""
    A_prev, W, b, hparameters = cache
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, _, _, n_C = W.shape
    stride = hparameters["stride"]
    pad = hparameters["pad"]
    _, n_H, n_W, _ = dZ.shape

    A_prev_pad = zero_pad(A_prev, pad)
    dA_prev_pad = np.zeros(A_prev_pad.shape)
    dW = np.zeros(W.shape)
    db = dZ.sum(axis=(0, 1, 2), keepdims=True)  # (1, 1, 1, n_C)
    for h in range(n_H):
        rows = slice(h * stride, h * stride + f)
        for w in range(n_W):
            columns = slice(w * stride, w * stride + f)
            g = dZ[:, h, w, :]  # (m, n_C)
            dA_prev_pad[:, rows, columns, :] += np.tensordot(g, W, axes=(1, 3))
            dW += np.tensordot(A_prev_pad[:, rows, columns, :], g, axes=(0, 0))
    dA_prev = dA_prev_pad[:, pad : pad + n_H_prev, pad : pad + n_W_prev, :]
    return dA_prev, dW, db


# %% create_mask_from_window


def create_mask_from_window(x):
    """A mask with a single True at the position of the maximum."""
    mask = np.zeros_like(x, dtype=bool)
    mask[np.unravel_index(np.argmax(x), x.shape)] = True
    return mask


# %% distribute_value


def distribute_value(dz, shape):
    """Fill a window with dz / (number of entries)."""
    n_H, n_W = shape
    a = np.zeros((n_H, n_W))
    for row in range(n_H):
        for column in range(n_W):
            a[row, column] = dz / (n_H * n_W)
    return a


# %% pool_backward


def pool_backward(dA, cache, mode="max"):
    """Backward pass of the pooling layer with while loops."""
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    m, n_H, n_W, n_C = dA.shape
    dA_prev = np.zeros(A_prev.shape)

    for i in range(m):
        for c in range(n_C):
            h = 0
            while h < n_H:
                w = 0
                while w < n_W:
                    y, x = h * stride, w * stride
                    window = A_prev[i, y : y + f, x : x + f, c]
                    if mode == "max":
                        dA_prev[i, y : y + f, x : x + f, c] += create_mask_from_window(window) * dA[i, h, w, c]
                    else:
                        dA_prev[i, y : y + f, x : x + f, c] += distribute_value(dA[i, h, w, c], window.shape)
                    w += 1
    return dA_prev
