"""Everything right, except for non-breaking spaces pasted into conv_backward (this file does not parse)."""

# %% zero_pad


def zero_pad(X, pad):
    """Put X (m, n_H, n_W, n_C) in the middle of a larger array of zeros."""
    m, n_H, n_W, n_C = X.shape
    X_pad = np.zeros((m, n_H + 2 * pad, n_W + 2 * pad, n_C), dtype=X.dtype)
    X_pad[:, pad : pad + n_H, pad : pad + n_W, :] = X
    return X_pad


# %% conv_single_step


def conv_single_step(a_slice_prev, W, b):
    """Weighted sum of one window, as a plain Python number."""
    weighted = np.multiply(a_slice_prev, W)
    return weighted.sum().item() + b.item()


# %% conv_forward


def conv_forward(A_prev, W, b, hparameters):
    """Forward pass; all examples and all filters of one window at once."""
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, _, _, n_C = W.shape
    stride = hparameters["stride"]
    pad = hparameters["pad"]
    n_H = (n_H_prev - f + 2 * pad) // stride + 1
    n_W = (n_W_prev - f + 2 * pad) // stride + 1

    A_prev_pad = zero_pad(A_prev, pad)
    Z = np.zeros((m, n_H, n_W, n_C))
    for h in range(n_H):
        for w in range(n_W):
            windows = A_prev_pad[:, h * stride : h * stride + f, w * stride : w * stride + f, :]  # (m, f, f, n_C_prev)
            Z[:, h, w, :] = np.tensordot(windows, W, axes=3) + b.reshape(n_C)
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
                   db[0, 0, 0, c] += g

    # throw the frame away again, it never was part of A_prev
    dA_prev = dx[:, p : p + height, p : p + width, :]
    return dA_prev, dW, db


# %% create_mask_from_window


def create_mask_from_window(x):
    """Compare every entry with the largest one."""
    return np.equal(x, x.max())


# %% distribute_value


def distribute_value(dz, shape):
    """Share dz equally between all entries of a window."""
    (n_H, n_W) = shape
    average = dz / (n_H * n_W)
    a = np.ones(shape) * average
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
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += mask * dA[i, h, w, c]
                    elif mode == "average":
                        da = dA[i, h, w, c]
                        dA_prev[i, vert_start:vert_end, horiz_start:horiz_end, c] += distribute_value(da, (f, f))

    return dA_prev
