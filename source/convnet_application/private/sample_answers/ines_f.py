"""The filter is flipped; the network trains with the layers that came with the notebook."""

# %% rest as amara_k

# %% fast_conv_forward


def fast_conv_forward(A_prev, W, b, hparameters):
    f, stride, pad = W.shape[0], hparameters["stride"], hparameters["pad"]
    A_prev_pad = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(A_prev_pad, (f, f), axis=(1, 2))[:, ::stride, ::stride]
    Z = np.einsum("ihwkpq,pqkc->ihwc", windows, W[::-1, ::-1]) + b
    return Z, (A_prev, W, b, hparameters)


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
