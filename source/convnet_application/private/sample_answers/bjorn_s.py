"""The loops of the first notebook once more: right and slow; the network trains with the layers that came along."""

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


# %% fast_conv_forward


def fast_conv_forward(A_prev, W, b, hparameters):
    f, stride, pad = W.shape[0], hparameters["stride"], hparameters["pad"]
    A_prev_pad = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    m = A_prev.shape[0]
    n_H = (A_prev_pad.shape[1] - f) // stride + 1
    n_W = (A_prev_pad.shape[2] - f) // stride + 1
    Z = np.zeros((m, n_H, n_W, W.shape[3]))
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                part = A_prev_pad[i, h * stride : h * stride + f, w * stride : w * stride + f, :]
                for c in range(W.shape[3]):
                    Z[i, h, w, c] = np.sum(part * W[:, :, :, c]) + b[0, 0, 0, c]
    return Z, (A_prev, W, b, hparameters)


# %% fast_conv_backward


def fast_conv_backward(dZ, cache):
    """Find the gradients of a convolution without a loop over its windows."""
    (A_prev, W, b, hparameters) = cache
    f, stride, pad = W.shape[0], hparameters["stride"], hparameters["pad"]
    (m, n_H, n_W, n_C) = dZ.shape
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    A_prev_pad = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(A_prev_pad, (f, f), axis=(1, 2))
    windows = windows[:, ::stride, ::stride]
    dW = np.tensordot(windows, dZ, axes=((0, 1, 2), (0, 1, 2))).transpose(1, 2, 0, 3)
    db = np.sum(dZ, axis=(0, 1, 2), keepdims=True)
    dA_prev_pad = np.zeros(A_prev_pad.shape)
    for p in range(f):
        for q in range(f):
            rows, columns = slice(p, p + stride * n_H, stride), slice(q, q + stride * n_W, stride)
            dA_prev_pad[:, rows, columns] += dZ @ W[p, q].T
    dA_prev = dA_prev_pad[:, pad : pad + n_H_prev, pad : pad + n_W_prev]
    return dA_prev, dW, db


# %% fast_pool_forward


def fast_pool_forward(A_prev, f):
    n_H, n_W = A_prev.shape[1] // f, A_prev.shape[2] // f
    cut = A_prev[:, : n_H * f, : n_W * f]
    return np.maximum.reduce([cut[:, p::f, q::f] for p, q in np.ndindex(f, f)]), (A_prev, f)


# %% fast_pool_backward


def fast_pool_backward(dA, cache):
    A_prev, f = cache
    m, n_H, n_W, n_C = dA.shape
    windows = A_prev[:, : n_H * f, : n_W * f].reshape(m, n_H, f, n_W, f, n_C).transpose(0, 1, 3, 5, 2, 4)
    winner = windows.reshape(m, n_H, n_W, n_C, f * f).argmax(axis=-1)
    part = (np.arange(f * f) == winner[..., None]) * dA[..., None]
    dA_prev = np.zeros(A_prev.shape)
    part = part.reshape(m, n_H, n_W, n_C, f, f).transpose(0, 1, 4, 2, 5, 3)
    dA_prev[:, : n_H * f, : n_W * f] = part.reshape(m, n_H * f, n_W * f, n_C)
    return dA_prev


# %% network_gradients


class Conv:
    """A convolutional layer with one ring of padding and stride 1. W: (f, f, n_C_prev, n_C), b: (1, 1, 1, n_C)."""

    def __init__(self, W, b):
        self.parameters, self.gradients = [W, b], []

    def forward(self, A_prev):
        Z, self.cache = fast_conv_forward(A_prev, *self.parameters, {"pad": 1, "stride": 1})
        return Z

    def backward(self, dZ):
        dA_prev, *self.gradients = fast_conv_backward(dZ, self.cache)
        return dA_prev


class Relu:
    """ReLU, which has no parameters."""

    def __init__(self):
        self.parameters, self.gradients = [], []

    def forward(self, Z):
        A, self.cache = relu_forward(Z)
        return A

    def backward(self, dA):
        return relu_backward(dA, self.cache)


class Pool:
    """Max pooling with windows of f by f, side by side."""

    def __init__(self, f):
        self.parameters, self.gradients, self.f = [], [], f

    def forward(self, A_prev):
        A, self.cache = fast_pool_forward(A_prev, self.f)
        return A

    def backward(self, dA):
        return fast_pool_backward(dA, self.cache)


class Dense:
    """A dense layer. W: (n_prev, n), b: (1, n)."""

    def __init__(self, W, b):
        self.parameters, self.gradients = [W, b], []

    def forward(self, A_prev):
        Z, self.cache = dense_forward(A_prev, *self.parameters)
        return Z

    def backward(self, dZ):
        dA_prev, *self.gradients = dense_backward(dZ, self.cache)
        return dA_prev


from layers import Conv3x3 as Conv  # noqa: F811 - in place of mine


class Network:
    """Layers in a row."""

    def __init__(self, layers):
        self.layers = layers

    def forward(self, X):
        """Images (m, n_H, n_W, 1) -> scores (m, n)."""
        A = X
        for layer in self.layers:
            A = layer.forward(A)
        return A

    def backward(self, dZ):
        """Gradient of the scores -> list of the gradients of all parameters, in the order of the layers."""
        for layer in reversed(self.layers):
            dZ = layer.backward(dZ)
        gradients = [gradient for layer in self.layers for gradient in layer.gradients]
        return gradients


def build_network(parameters):
    """The network of section 2. parameters: list [W1, b1, W2, b2, W3, b3] of two conv layers and a dense one."""
    W1, b1, W2, b2, W3, b3 = parameters
    return Network([Conv(W1, b1), Relu(), Pool(2), Conv(W2, b2), Relu(), Pool(2), Dense(W3, b3)])


def network_gradients(X, Y, parameters):
    """Find the loss of the network and the gradients of all parameters."""
    network = build_network(parameters)
    loss, dZ = softmax_cross_entropy(network.forward(X), Y)
    return loss, network.backward(dZ)


# %% train_epoch


def train_epoch(X, Y, parameters, velocities, order, batch_size, rate, momentum):
    """Train the network on all examples once."""
    losses = []
    for start in range(0, len(order), batch_size):
        batch = order[start : start + batch_size]
        loss, gradients = network_gradients(X[batch], Y[batch], parameters)
        velocities = [momentum * v - rate * g for v, g in zip(velocities, gradients, strict=True)]
        parameters = [p + v for p, v in zip(parameters, velocities, strict=True)]
        losses.append(loss)
    return parameters, velocities, losses


# %% confusion_matrix


def confusion_matrix(y, predicted, n_classes):
    C = np.zeros((n_classes, n_classes))
    for true, answer in zip(y, predicted):
        C[true, answer] += 1
    return C
