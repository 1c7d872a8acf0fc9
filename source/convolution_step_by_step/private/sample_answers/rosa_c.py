"""Everything right, but create_mask_from_window divides by zero on purpose: a RuntimeWarning on stderr each time."""

# %% zero_pad


def zero_pad(X, pad):
    """Put X (m, n_H, n_W, n_C) in the middle of a larger array of zeros."""
    m, n_H, n_W, n_C = X.shape
    X_pad = np.zeros((m, n_H + 2 * pad, n_W + 2 * pad, n_C), dtype=X.dtype)
    X_pad[:, pad : pad + n_H, pad : pad + n_W, :] = X
    return X_pad


# %% conv_single_step


def conv_single_step(a_slice_prev, W, b):
    """One filter on one window: sum of the products, plus the bias."""
    s = a_slice_prev * W
    Z = np.sum(s)
    Z = Z + b.item()
    return Z


# %% conv_forward


def conv_forward(A_prev, W, b, hparameters):
    """Slide each filter over each padded image."""
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, f, n_C_prev, n_C = W.shape
    pad = hparameters["pad"]
    stride = hparameters["stride"]
    n_H = int(np.floor((n_H_prev - f + 2 * pad) / stride)) + 1
    n_W = int(np.floor((n_W_prev - f + 2 * pad) / stride)) + 1
    Z = np.zeros([m, n_H, n_W, n_C])

    images = zero_pad(A_prev, pad)
    for c in range(n_C):
        weights = W[:, :, :, c]
        bias = b[:, :, :, c]
        for i, image in enumerate(images):
            for h in range(n_H):
                rows = image[h * stride : h * stride + f]
                for w in range(n_W):
                    Z[i, h, w, c] = conv_single_step(rows[:, w * stride : w * stride + f], weights, bias)

    return Z, (A_prev, W, b, hparameters)


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
    """The way back through the convolution."""
    A_prev, W, b, hparameters = cache
    s = hparameters["stride"]
    p = hparameters["pad"]
    f = W.shape[0]
    m, n_H, n_W, n_C = dZ.shape
    height, width = A_prev.shape[1:3]

    x = zero_pad(A_prev, p)
    dx = np.zeros_like(x, dtype=float)
    dW = np.zeros_like(W, dtype=float)
    db = np.zeros_like(b, dtype=float)

    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                v0, v1 = h * s, h * s + f
                h0, h1 = w * s, w * s + f
                for c in range(n_C):
                    g = dZ[i, h, w, c]
                    dx[i, v0:v1, h0:h1, :] += g * W[:, :, :, c]
                    dW[:, :, :, c] += g * x[i, v0:v1, h0:h1, :]
                    db[0, 0, 0, c] += g

    # throw the frame away again, it never was part of A_prev
    dA_prev = dx[:, p : p + height, p : p + width, :]
    return dA_prev, dW, db


# %% create_mask_from_window


import warnings

warnings.simplefilter("always")  # I like to see every warning, not only the first


def create_mask_from_window(x):
    """The closer to the maximum, the larger 1 / distance: it is infinite at the maximum alone."""
    distance = np.max(x) - x
    closeness = 1 / distance
    return np.isinf(closeness)


# %% distribute_value


def distribute_value(dz, shape):
    """Every entry of the window gets the same part of dz."""
    return np.full(shape, dz / (shape[0] * shape[1]))


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
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += mask * dA[i, h, w, c]
                    elif mode == "average":
                        da = dA[i, h, w, c]
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += distribute_value(da, (f, f))

    return dA_prev
