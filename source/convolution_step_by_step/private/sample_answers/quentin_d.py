"""Everything right, except that the max in pool_forward starts from 0 and never goes below."""

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
    """Pooling without NumPy's own max and mean."""
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    f = hparameters["f"]
    stride = hparameters["stride"]
    n_H = (n_H_prev - f) // stride + 1
    n_W = (n_W_prev - f) // stride + 1
    A = np.zeros((m, n_H, n_W, n_C))

    for i, h, w, c in np.ndindex(m, n_H, n_W, n_C):
        largest = 0
        total = 0
        for row in range(f):
            for column in range(f):
                entry = A_prev[i, h * stride + row, w * stride + column, c]
                total += entry
                if entry > largest:
                    largest = entry
        A[i, h, w, c] = largest if mode == "max" else total / (f * f)
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
