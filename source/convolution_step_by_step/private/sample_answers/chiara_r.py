"""Everything right, with helper functions of her own; float32 in gives float32 out."""

# %% zero_pad


def zero_pad(X, pad):
    """(m, n_H, n_W, n_C) -> (m, n_H + 2*pad, n_W + 2*pad, n_C), same dtype."""
    return np.pad(X, [(0, 0), (pad, pad), (pad, pad), (0, 0)])


# %% conv_single_step


def conv_single_step(a_slice_prev, W, b):
    """Scalar product of window and filter plus bias, in the dtype of the input."""
    return (a_slice_prev * W).sum() + b[0, 0, 0]


# %% conv_forward


def output_size(n_prev, f, stride, pad=0):
    """How many windows fit along one axis."""
    return (n_prev + 2 * pad - f) // stride + 1


def corner_slices(n_H, n_W, f, stride):
    """Yield (h, w, rows, columns) for every window of the output."""
    for h in range(n_H):
        for w in range(n_W):
            yield h, w, slice(h * stride, h * stride + f), slice(w * stride, w * stride + f)


def conv_forward(A_prev, W, b, hparameters):
    """Convolution layer, (m, n_H_prev, n_W_prev, n_C_prev) -> (m, n_H, n_W, n_C)."""
    stride, pad = hparameters["stride"], hparameters["pad"]
    m, n_H_prev, n_W_prev, _ = A_prev.shape
    f, n_C = W.shape[0], W.shape[-1]
    n_H = output_size(n_H_prev, f, stride, pad)
    n_W = output_size(n_W_prev, f, stride, pad)

    A_prev_pad = zero_pad(A_prev, pad)
    Z = np.zeros((m, n_H, n_W, n_C), dtype=A_prev.dtype)
    for h, w, rows, columns in corner_slices(n_H, n_W, f, stride):
        for i in range(m):
            for c in range(n_C):
                Z[i, h, w, c] = conv_single_step(A_prev_pad[i, rows, columns], W[..., c], b[..., c])
    return Z, (A_prev, W, b, hparameters)


# %% pool_forward


def pool_forward(A_prev, hparameters, mode="max"):
    """Pooling layer; uses the same walk over the windows as the convolution."""
    f, stride = hparameters["f"], hparameters["stride"]
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    n_H = output_size(n_H_prev, f, stride)
    n_W = output_size(n_W_prev, f, stride)

    A = np.zeros((m, n_H, n_W, n_C), dtype=A_prev.dtype)
    for h, w, rows, columns in corner_slices(n_H, n_W, f, stride):
        windows = A_prev[:, rows, columns]
        A[:, h, w] = windows.max(axis=(1, 2)) if mode == "max" else windows.mean(axis=(1, 2))
    return A, (A_prev, hparameters)


# %% conv_backward


def remove_frame(X_pad, pad, n_H, n_W):
    """The opposite of zero_pad; also right when pad is 0."""
    return X_pad[:, pad : pad + n_H, pad : pad + n_W, :]


def conv_backward(dZ, cache):
    """Gradients with respect to A_prev, W and b."""
    A_prev, W, b, hparameters = cache
    stride, pad = hparameters["stride"], hparameters["pad"]
    _, n_H_prev, n_W_prev, _ = A_prev.shape
    m, n_H, n_W, n_C = dZ.shape

    A_prev_pad = zero_pad(A_prev, pad)
    dA_prev_pad = np.zeros_like(A_prev_pad)
    dW = np.zeros_like(W)
    db = np.zeros_like(b)
    for h, w, rows, columns in corner_slices(n_H, n_W, W.shape[0], stride):
        for i in range(m):
            for c in range(n_C):
                g = dZ[i, h, w, c]
                dA_prev_pad[i, rows, columns] += g * W[..., c]
                dW[..., c] += g * A_prev_pad[i, rows, columns]
                db[..., c] += g
    return remove_frame(dA_prev_pad, pad, n_H_prev, n_W_prev), dW, db


# %% create_mask_from_window


def create_mask_from_window(x):
    """A mask with a single True at the position of the maximum."""
    mask = np.zeros_like(x, dtype=bool)
    mask[np.unravel_index(np.argmax(x), x.shape)] = True
    return mask


# %% distribute_value


def distribute_value(dz, shape):
    """dz in equal parts; keeps the dtype of a NumPy scalar."""
    n_H, n_W = shape
    return np.full(shape, dz / (n_H * n_W))


# %% pool_backward


def pool_backward(dA, cache, mode="max"):
    """Route (max) or share (average) the gradient of every window."""
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    m, n_H, n_W, n_C = dA.shape
    dA_prev = np.zeros_like(A_prev)
    for h, w, rows, columns in corner_slices(n_H, n_W, f, stride):
        for i in range(m):
            for c in range(n_C):
                if mode == "max":
                    part = create_mask_from_window(A_prev[i, rows, columns, c]) * dA[i, h, w, c]
                else:
                    part = distribute_value(dA[i, h, w, c], (f, f))
                dA_prev[i, rows, columns, c] += part
    return dA_prev
