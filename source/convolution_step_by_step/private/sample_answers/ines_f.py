"""Everything right, except that conv_single_step calls float(b): a TypeError since NumPy 2.4.
Her conv_forward is right behind a working helper."""

# %% zero_pad


def zero_pad(X, pad):
    """Pad height and width of every image with `pad` zeros on each side."""
    X_pad = np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode="constant", constant_values=0)
    return X_pad


# %% conv_single_step


def conv_single_step(a_slice_prev, W, b):
    """Element-wise product, sum, bias."""
    s = np.multiply(a_slice_prev, W)
    Z = np.sum(s)
    # b has three axes, Z has none
    Z = Z + float(b)
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
    """Max or average of each window, channel by channel."""
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    f = hparameters["f"]
    stride = hparameters["stride"]

    n_H = int(1 + (n_H_prev - f) / stride)
    n_W = int(1 + (n_W_prev - f) / stride)
    n_C = n_C_prev
    A = np.zeros((m, n_H, n_W, n_C))

    for i in range(m):
        for h in range(n_H):
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
    """A mask with a single True at the position of the maximum."""
    mask = np.zeros_like(x, dtype=bool)
    mask[np.unravel_index(np.argmax(x), x.shape)] = True
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
