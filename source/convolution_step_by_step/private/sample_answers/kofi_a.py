"""Everything right, except that conv_single_step adds the bias inside the sum, once for every entry.
His conv_forward is right behind a working helper."""

# %% zero_pad


def zero_pad(X, pad):
    """Copy every pixel `pad` rows down and `pad` columns to the right."""
    m, n_H, n_W, n_C = X.shape
    X_pad = np.zeros((m, n_H + pad + pad, n_W + pad + pad, n_C))
    for row in range(n_H):
        for column in range(n_W):
            X_pad[:, row + pad, column + pad] = X[:, row, column]
    return X_pad


# %% conv_single_step


def conv_single_step(a_slice_prev, W, b):
    """Multiply, add the bias, sum up."""
    s = a_slice_prev * W + b
    Z = np.sum(s)
    return Z


# %% conv_forward


def conv_forward(A_prev, W, b, hparameters):
    """Convolve A_prev with all filters; returns Z and what backward will need."""
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters["stride"]
    pad = hparameters["pad"]

    n_H = int((n_H_prev - f + 2 * pad) / stride) + 1
    n_W = int((n_W_prev - f + 2 * pad) / stride) + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A_prev_pad = zero_pad(A_prev, pad)

    for i in range(m):
        a_prev_pad = A_prev_pad[i]
        for h in range(n_H):
            vert_start = h * stride
            vert_end = vert_start + f
            for w in range(n_W):
                horiz_start = w * stride
                horiz_end = horiz_start + f
                for c in range(n_C):
                    a_slice_prev = a_prev_pad[vert_start:vert_end, horiz_start:horiz_end, :]
                    Z[i, h, w, c] = conv_single_step(a_slice_prev, W[:, :, :, c], b[:, :, :, c])

    cache = (A_prev, W, b, hparameters)
    return Z, cache


# %% pool_forward


def pool_forward(A_prev, hparameters, mode="max"):
    """Shrink height and width; mode picks the function that sums up a window."""
    summarise = {"max": np.max, "average": np.mean}[mode]
    f, stride = hparameters["f"], hparameters["stride"]
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    n_H = int(np.floor((n_H_prev - f) / stride)) + 1
    n_W = int(np.floor((n_W_prev - f) / stride)) + 1

    A = np.zeros((m, n_H, n_W, n_C))
    for i, h, w, c in np.ndindex(A.shape):
        y, x = h * stride, w * stride
        A[i, h, w, c] = summarise(A_prev[i, y : y + f, x : x + f, c])
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
    """Look for the largest entry by hand and mark it."""
    mask = np.zeros(x.shape, dtype=bool)
    best_row, best_column = 0, 0
    for row in range(x.shape[0]):
        for column in range(x.shape[1]):
            if x[row, column] > x[best_row, best_column]:
                best_row, best_column = row, column
    mask[best_row, best_column] = True
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
