"""The small layers done, the rest untouched."""

# %% load_split


def load_split(images, labels, start, stop, full_ink):
    return np.expand_dims(images[start:stop] * (1.0 / full_ink), -1), np.asarray(labels[start:stop], dtype=int)


# %% one_hot


def one_hot(y, n_classes):
    return np.eye(n_classes)[y]


# %% relu_forward


def relu_forward(Z):
    return Z * (Z > 0), Z


# %% relu_backward


def relu_backward(dA, cache):
    dZ = np.array(dA)
    dZ[cache <= 0] = 0
    return dZ


# %% dense_forward


def dense_forward(A_prev, W, b):
    """Flatten each example, and connect all of its numbers with all units."""
    flat = A_prev.reshape(A_prev.shape[0], -1)
    Z = flat @ W + b
    cache = (A_prev, W, b)
    return Z, cache


# %% dense_backward


def dense_backward(dZ, cache):
    A_prev, W, b = cache
    dA_prev, dW, db = np.zeros_like(A_prev), np.zeros_like(W), np.zeros_like(b)
    for i, row in enumerate(dZ):
        dA_prev[i] = (W @ row).reshape(A_prev.shape[1:])
        dW += np.outer(A_prev[i], row)
        db += row
    return dA_prev, dW, db


# %% softmax_cross_entropy


def softmax_cross_entropy(Z, Y):
    m, right = len(Z), Y.argmax(axis=1)
    shifted = Z - Z.max(axis=1, keepdims=True)
    total = np.exp(shifted).sum(axis=1)
    dZ = np.exp(shifted) / total[:, None]
    dZ[np.arange(m), right] -= 1
    return float(np.mean(np.log(total) - shifted[np.arange(m), right])), dZ / m
