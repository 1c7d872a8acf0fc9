"""Everything right, but the third function is called conv_forwards, so that conv_forward is missing."""

# %% zero_pad


def zero_pad(X, pad):
    """Pad height and width of every image with `pad` zeros on each side."""
    X_pad = np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode="constant", constant_values=0)
    return X_pad


# %% conv_single_step


def conv_single_step(a_slice_prev, W, b):
    """A convolution step is a dot product of two long vectors."""
    return np.dot(a_slice_prev.ravel(), W.ravel()) + np.squeeze(b)


# %% conv_forward


def conv_forwards(A_prev, W, b, hparameters):
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
    """Pool all examples and channels of one window in a single call."""
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    f, stride = hparameters["f"], hparameters["stride"]
    n_H = (n_H_prev - f) // stride + 1
    n_W = (n_W_prev - f) // stride + 1
    A = np.zeros((m, n_H, n_W, n_C))
    for h in range(n_H):
        for w in range(n_W):
            windows = A_prev[:, h * stride : h * stride + f, w * stride : w * stride + f, :]
            if mode == "max":
                A[:, h, w, :] = windows.max(axis=(1, 2))
            else:
                A[:, h, w, :] = windows.mean(axis=(1, 2))
    return A, (A_prev, hparameters)


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
    """True where the window has its maximum."""
    mask = x == np.max(x)
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
    """Hand each gradient back to the pixels of its window."""
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    dA_prev = np.zeros(A_prev.shape)
    for i, h, w, c in np.ndindex(*dA.shape):
        top, left = h * stride, w * stride
        place = (i, slice(top, top + f), slice(left, left + f), c)
        if mode == "max":
            dA_prev[place] += create_mask_from_window(A_prev[place]) * dA[i, h, w, c]
        else:
            dA_prev[place] += distribute_value(dA[i, h, w, c], (f, f))
    return dA_prev
