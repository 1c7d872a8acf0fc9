"""Wrong answers to network_gradients(X, Y, parameters): each public function is one misconception, with its hint."""

import numpy as np

import reference


def _run(X, Y, parameters, layers=None):
    network = reference.build_network(parameters) if layers is None else reference.Network(layers)
    loss, dZ = reference.softmax_cross_entropy(network.forward(X), Y)
    return loss, network.backward(dZ)


def lists_gradients_from_the_back(X, Y, parameters):
    """The gradients are collected on the way back, so that the last layer comes first.

    Hint: collect them after the loop, in the order of self.layers.
    """
    loss, gradients = _run(X, Y, parameters)
    return loss, gradients[4:] + gradients[2:4] + gradients[:2]


def forgets_relu(X, Y, parameters):
    """The network runs without its ReLU layers.

    Hint: every layer of the list has its turn, also those without parameters.
    """
    layers = reference.build_network(parameters).layers
    return _run(X, Y, parameters, [layer for layer in layers if not isinstance(layer, reference.Relu)])


def skips_the_first_relu(X, Y, parameters):
    """One layer of the list is left out.

    Hint: let the loop run over self.layers, without slicing it.
    """
    layers = reference.build_network(parameters).layers
    return _run(X, Y, parameters, layers[:1] + layers[2:])


def goes_back_in_the_order_of_forward(X, Y, parameters):
    """The way back starts with the first layer.

    Hint: loop over reversed(self.layers).
    """
    network = reference.build_network(parameters)
    loss, dZ = reference.softmax_cross_entropy(network.forward(X), Y)
    for layer in network.layers:
        dZ = layer.backward(dZ)
    return loss, [gradient for layer in network.layers for gradient in layer.gradients]


def gives_each_layer_the_images(X, Y, parameters):
    """Every layer gets X rather than what the layer before it returned.

    Hint: A = layer.forward(A): the result of one is the input of the next.
    """
    network = reference.build_network(parameters)
    A = X
    for layer in network.layers:
        A = layer.forward(X)
    loss, dZ = reference.softmax_cross_entropy(A, Y)
    return loss, network.backward(dZ)


def gives_each_layer_the_first_gradient(X, Y, parameters):
    """Every layer gets the gradient of the scores.

    Hint: dZ = layer.backward(dZ): the result of one is the input of the next.
    """
    network = reference.build_network(parameters)
    loss, dZ = reference.softmax_cross_entropy(network.forward(X), Y)
    for layer in reversed(network.layers):
        layer.backward(dZ)
    return loss, [gradient for layer in network.layers for gradient in layer.gradients]


def lists_weights_only(X, Y, parameters):
    """The gradients of the biases are missing.

    Hint: a layer has a list of gradients: take all of them.
    """
    loss, gradients = _run(X, Y, parameters)
    return loss, gradients[::2]


def nests_the_list(X, Y, parameters):
    """The gradients come as a list for each layer.

    Hint: one flat list is asked for, with an entry for each parameter.
    """
    loss, gradients = _run(X, Y, parameters)
    return loss, [gradients[:2], gradients[2:4], gradients[4:]]


def returns_the_parameters(X, Y, parameters):
    """The parameters come back rather than their gradients.

    Hint: layer.gradients, not layer.parameters.
    """
    loss, _ = _run(X, Y, parameters)
    return loss, list(parameters)


def returns_the_gradient_of_the_images(X, Y, parameters):
    """The gradient of the images comes back.

    Hint: what backward of the first layer returns is not needed; the layers hold what is.
    """
    network = reference.build_network(parameters)
    loss, dZ = reference.softmax_cross_entropy(network.forward(X), Y)
    for layer in reversed(network.layers):
        dZ = layer.backward(dZ)
    return loss, dZ


def stops_after_the_dense_layer(X, Y, parameters):
    """The way back ends after the last layer, and the others report zeros.

    Hint: look for a `return` or a `break` inside the loop.
    """
    loss, gradients = _run(X, Y, parameters)
    return loss, [np.zeros_like(gradient) for gradient in gradients[:4]] + gradients[4:]


def returns_scores(X, Y, parameters):
    """The scores come back in place of the loss.

    Hint: softmax_cross_entropy turns the scores into a loss.
    """
    return reference.build_network(parameters).forward(X), _run(X, Y, parameters)[1]
