"""Forward half right with few loops, backward half untouched."""

# %% language zh

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
