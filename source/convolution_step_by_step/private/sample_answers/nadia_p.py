"""Everything right, except that create_mask_from_window never ends.
Max mode of pool_backward hangs with it."""

# %% zero_pad


def zero_pad(X, pad):
    """Pad height and width of every image with `pad` zeros on each side."""
    X_pad = np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode="constant", constant_values=0)
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
    """Walk through the window until the largest entry is found."""
    mask = np.zeros(x.shape, dtype=bool)
    largest = x.max()
    row, column = 0, 0
    while True:
        if x[row, column] == largest:
            mask[row, column] = True
        column += 1
        if column == x.shape[1]:
            column = 0
            row += 1
        if row == x.shape[0]:
            row = 0  # start again from the top
    return mask


# %% distribute_value


def distribute_value(dz, shape):
    """Spread dz evenly, so that the entries add up to dz again."""
    return np.ones(shape) * dz / np.prod(shape)


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
