"""zero_pad and conv_single_step right, conv_forward begun and left, the rest untouched.
A forgotten scratch cell raises a NameError."""

# %% language fa

# %% zero_pad


def zero_pad(X, pad):
    """Copy every pixel `pad` rows down and `pad` columns to the right."""
    m, n_H, n_W, n_C = X.shape
    X_pad = np.zeros((m, n_H + pad + pad, n_W + pad + pad, n_C))
    for row in range(n_H):
        for column in range(n_W):
            X_pad[:, row + pad, column + pad] = X[:, row, column]
    return X_pad


# %% conv_single_step


def conv_single_step(a_slice_prev, W, b):
    """Weighted sum of one window, as a plain Python number."""
    weighted = np.multiply(a_slice_prev, W)
    return weighted.sum().item() + b.item()


# %% conv_forward


def conv_forward(A_prev, W, b, hparameters):
    """Forward pass of the convolution (not finished)."""
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, f, n_C_prev, n_C = W.shape
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
            # TODO where does the window end? go on here on Sunday

    cache = (A_prev, W, b, hparameters)
    return Z, cache


# %% extra after conv_forward
print(vert_start, vert_end)
