"""Forward half right, backward half untouched."""

# %% zero_pad


def zero_pad(X, pad):
    """Pad height and width of every image with `pad` zeros on each side."""
    X_pad = np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode="constant", constant_values=0)
    return X_pad


# %% conv_single_step


def conv_single_step(a_slice_prev, W, b):
    """Return sum(a_slice_prev * W) + b as a scalar."""
    return np.sum(a_slice_prev * W) + b.item()


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
