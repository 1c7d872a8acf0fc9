"""Right computations, but conv_forward and create_mask_from_window forget to return them.
Max mode of pool_backward breaks on the None; the rest is right."""

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
    """One filter on one window: sum of the products, plus the bias."""
    s = a_slice_prev * W
    Z = np.sum(s)
    Z = Z + b.item()
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


def create_mask_from_window(x):
    """Mark the maximum."""
    mask = x == np.max(x)
    print(mask)


# %% distribute_value


def distribute_value(dz, shape):
    """Spread dz evenly, so that the entries add up to dz again."""
    return np.ones(shape) * dz / np.prod(shape)


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
