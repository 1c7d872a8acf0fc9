"""Everything right, except that conv_single_step returns a (1, 1, 1) array where a scalar belongs.
Her conv_forward is right behind a working helper."""

# %% zero_pad


def zero_pad(X, pad):
    """Put X (m, n_H, n_W, n_C) in the middle of a larger array of zeros."""
    m, n_H, n_W, n_C = X.shape
    X_pad = np.zeros((m, n_H + 2 * pad, n_W + 2 * pad, n_C), dtype=X.dtype)
    X_pad[:, pad : pad + n_H, pad : pad + n_W, :] = X
    return X_pad


# %% conv_single_step


def conv_single_step(a_slice_prev, W, b):
    """Sum over the window and add b."""
    Z = np.sum(np.multiply(a_slice_prev, W)) + b
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
    """Send every number of dZ back to the window and the filter it came from."""
    A_prev, W, b, hparameters = cache
    stride, pad = hparameters["stride"], hparameters["pad"]
    f = W.shape[0]
    _, n_H_prev, n_W_prev, _ = A_prev.shape

    padded = zero_pad(A_prev, pad)
    d_padded = np.zeros(padded.shape)
    dW, db = np.zeros(W.shape), np.zeros(b.shape)
    for i, h, w, c in np.ndindex(*dZ.shape):
        top, left = h * stride, w * stride
        d_padded[i, top : top + f, left : left + f] += dZ[i, h, w, c] * W[..., c]
        dW[..., c] += dZ[i, h, w, c] * padded[i, top : top + f, left : left + f]
        db[..., c] += dZ[i, h, w, c]
    return d_padded[:, pad : pad + n_H_prev, pad : pad + n_W_prev], dW, db


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
