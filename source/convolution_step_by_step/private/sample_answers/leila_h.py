"""Everything right, except for a missing colon in pool_forward (this file does not parse)."""

# %% zero_pad


def zero_pad(X, pad):
    """Glue strips of zeros to the four sides of every image."""
    m, n_H, n_W, n_C = X.shape
    side = np.zeros((m, n_H, pad, n_C), dtype=X.dtype)
    X_pad = np.concatenate([side, X, side], axis=2)
    # the strips above and below have to be as wide as the image is by now
    strip = np.zeros((m, pad, n_W + 2 * pad, n_C), dtype=X.dtype)
    return np.concatenate([strip, X_pad, strip], axis=1)


# %% conv_single_step


def conv_single_step(a_slice_prev, W, b):
    """A convolution step is a dot product of two long vectors."""
    return np.dot(a_slice_prev.ravel(), W.ravel()) + np.squeeze(b)


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
        for h in range(n_H)
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
                    da_prev_pad[vert_start:vert_end, horiz_start:horiz_end, :] += W[:, :, :, c] * dZ[i, h, w, c]
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
    """Every entry of the window gets the same part of dz."""
    return np.full(shape, dz / (shape[0] * shape[1]))


# %% pool_backward


def pool_backward(dA, cache, mode="max"):
    """dA_prev has the shape of A_prev; windows that overlap add up."""
    A_prev, hparameters = cache
    f = hparameters["f"]
    stride = hparameters["stride"]
    m, n_H, n_W, n_C = dA.shape
    dA_prev = np.zeros(A_prev.shape)

    for h in range(n_H):
        for w in range(n_W):
            y, x = h * stride, w * stride
            for i in range(m):
                for c in range(n_C):
                    target = dA_prev[i, y : y + f, x : x + f, c]  # a view, so += below writes into dA_prev
                    if mode == "max":
                        target += dA[i, h, w, c] * create_mask_from_window(A_prev[i, y : y + f, x : x + f, c])
                    elif mode == "average":
                        target += distribute_value(dA[i, h, w, c], target.shape)
    return dA_prev
