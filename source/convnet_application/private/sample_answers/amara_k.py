"""Everything right."""

# %% load_split


def load_split(images, labels, start, stop, full_ink):
    """Cut examples out of a data set, and scale them."""
    X = images[start:stop].astype(np.float64) / full_ink
    X = X[..., np.newaxis]
    y = labels[start:stop].astype(np.int64)
    return X, y


# %% one_hot


def one_hot(y, n_classes):
    """Turn labels into rows with a single 1."""
    Y = np.zeros((y.shape[0], n_classes))
    Y[np.arange(y.shape[0]), y] = 1
    return Y


# %% relu_forward


def relu_forward(Z):
    """Replace what is below zero by zero."""
    A = np.maximum(Z, 0)
    cache = Z
    return A, cache


# %% relu_backward


def relu_backward(dA, cache):
    """Send the gradient back through ReLU."""
    Z = cache
    dZ = dA * (Z > 0)
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
    """Find the gradients of a dense layer."""
    (A_prev, W, b) = cache
    flat = A_prev.reshape(A_prev.shape[0], -1)
    dW = flat.T @ dZ
    db = np.sum(dZ, axis=0, keepdims=True)
    dA_prev = (dZ @ W.T).reshape(A_prev.shape)
    return dA_prev, dW, db


# %% softmax_cross_entropy


def softmax_cross_entropy(Z, Y):
    """Measure how wrong the scores are, and in which direction they should move."""
    m = Z.shape[0]
    shifted = Z - np.max(Z, axis=1, keepdims=True)
    log_P = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    loss = -np.sum(Y * log_P) / m
    dZ = (np.exp(log_P) - Y) / m
    return loss, dZ


# %% fast_conv_forward


def fast_conv_forward(A_prev, W, b, hparameters):
    """Slide all filters over all images at once."""
    f, stride, pad = W.shape[0], hparameters["stride"], hparameters["pad"]
    A_prev_pad = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(A_prev_pad, (f, f), axis=(1, 2))
    windows = windows[:, ::stride, ::stride]
    Z = np.tensordot(windows, W, axes=((3, 4, 5), (2, 0, 1))) + b
    cache = (A_prev, W, b, hparameters)
    return Z, cache


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
    """Take the maximum of windows that stand side by side."""
    (m, n_H_prev, n_W_prev, n_C) = A_prev.shape
    n_H, n_W = n_H_prev // f, n_W_prev // f
    windows = A_prev[:, : n_H * f, : n_W * f].reshape(m, n_H, f, n_W, f, n_C)
    A = windows.max(axis=(2, 4))
    cache = (A_prev, f)
    return A, cache


# %% fast_pool_backward


def fast_pool_backward(dA, cache):
    """Send each gradient to the maximum of its window."""
    (A_prev, f) = cache
    (m, n_H, n_W, n_C) = dA.shape
    A, _ = fast_pool_forward(A_prev, f)
    inside = A_prev[:, : n_H * f, : n_W * f]
    mask = inside == np.repeat(np.repeat(A, f, axis=1), f, axis=2)
    ties = mask.reshape(m, n_H, f, n_W, f, n_C).sum(axis=(2, 4))
    share = np.repeat(np.repeat(dA / ties, f, axis=1), f, axis=2)
    dA_prev = np.zeros(A_prev.shape)
    dA_prev[:, : n_H * f, : n_W * f] = mask * share
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
    """Count which class is taken for which."""
    C = np.zeros((n_classes, n_classes), dtype=np.int64)
    np.add.at(C, (y, predicted), 1)
    return C
