"""Forward half right; in the backward half = stands for +=, so that windows and filters overwrite each other.
In conv_backward that spoils dA_prev alone, in pool_backward it shows where windows overlap."""

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
    """Multiply window and filter entry by entry and add everything up."""
    f_H, f_W, n_C_prev = W.shape
    Z = 0.0
    for row in range(f_H):
        for column in range(f_W):
            for channel in range(n_C_prev):
                Z += a_slice_prev[row, column, channel] * W[row, column, channel]
    return Z + b[0, 0, 0]


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
    """Pooling layer without padding; the number of channels stays."""
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    f = hparameters["f"]
    stride = hparameters["stride"]
    n_H = (n_H_prev - f) // stride + 1
    n_W = (n_W_prev - f) // stride + 1
    A = np.zeros((m, n_H, n_W, n_C))

    for i in range(m):
        image = A_prev[i]
        for c in range(n_C):
            channel = image[:, :, c]
            for h in range(n_H):
                for w in range(n_W):
                    window = channel[h * stride : h * stride + f, w * stride : w * stride + f]
                    A[i, h, w, c] = window.max() if mode == "max" else window.sum() / f**2

    return A, (A_prev, hparameters)


# %% conv_backward


def conv_backward(dZ, cache):
    """Gradients of a convolution layer: dA_prev, dW, db."""
    (A_prev, W, b, hparameters) = cache
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride = hparameters["stride"]
    pad = hparameters["pad"]
    (m, n_H, n_W, n_C) = dZ.shape

    dA_prev = np.zeros(A_prev.shape)
    dW = np.zeros(W.shape)
    db = np.zeros((1, 1, 1, n_C))
    A_prev_pad = zero_pad(A_prev, pad)
    dA_prev_pad = zero_pad(dA_prev, pad)

    for i in range(m):
        a_prev_pad = A_prev_pad[i]
        da_prev_pad = dA_prev_pad[i]
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vert_start = h * stride
                    vert_end = vert_start + f
                    horiz_start = w * stride
                    horiz_end = horiz_start + f
                    a_slice = a_prev_pad[vert_start:vert_end, horiz_start:horiz_end, :]
                    da_prev_pad[vert_start:vert_end, horiz_start:horiz_end, :] = W[:, :, :, c] * dZ[i, h, w, c]
                    dW[:, :, :, c] += a_slice * dZ[i, h, w, c]
                    db[:, :, :, c] += dZ[i, h, w, c]
        dA_prev[i, :, :, :] = da_prev_pad[pad : pad + n_H_prev, pad : pad + n_W_prev, :]

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
    """Gradient of the pooling layer with respect to its input."""
    (A_prev, hparameters) = cache
    stride = hparameters["stride"]
    f = hparameters["f"]
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    m, n_H, n_W, n_C = dA.shape
    dA_prev = np.zeros(A_prev.shape)

    for i in range(m):
        a_prev = A_prev[i]
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    vert_start = h * stride
                    vert_end = vert_start + f
                    horiz_start = w * stride
                    horiz_end = horiz_start + f
                    if mode == "max":
                        a_prev_slice = a_prev[vert_start:vert_end, horiz_start:horiz_end, c]
                        mask = create_mask_from_window(a_prev_slice)
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] = mask * dA[i, h, w, c]
                    elif mode == "average":
                        da = dA[i, h, w, c]
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] = distribute_value(da, (f, f))

    return dA_prev
