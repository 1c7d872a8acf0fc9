"""Unusual right answers to network_gradients(X, Y, parameters): each public function must earn full points."""

import numpy as np

import reference


def calls_the_functions_in_turn(X, Y, parameters):
    """No classes: every function by its name, forward and back."""
    W1, b1, W2, b2, W3, b3 = parameters
    same = {"pad": 1, "stride": 1}
    Z1, conv1 = reference.fast_conv_forward(X, W1, b1, same)
    A1, pool1 = reference.fast_pool_forward(np.maximum(Z1, 0), 2)
    Z2, conv2 = reference.fast_conv_forward(A1, W2, b2, same)
    A2, pool2 = reference.fast_pool_forward(np.maximum(Z2, 0), 2)
    Z3, dense = reference.dense_forward(A2, W3, b3)
    loss, dZ3 = reference.softmax_cross_entropy(Z3, Y)
    dA2, dW3, db3 = reference.dense_backward(dZ3, dense)
    dA1, dW2, db2 = reference.fast_conv_backward(reference.fast_pool_backward(dA2, pool2) * (Z2 > 0), conv2)
    _, dW1, db1 = reference.fast_conv_backward(reference.fast_pool_backward(dA1, pool1) * (Z1 > 0), conv1)
    return loss, [dW1, db1, dW2, db2, dW3, db3]


def returns_a_tuple(X, Y, parameters):
    """The gradients come as a tuple."""
    loss, gradients = reference.network_gradients(X, Y, parameters)
    return float(loss), tuple(gradients)
