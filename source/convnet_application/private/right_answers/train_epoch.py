"""Unusual right answers to train_epoch: each public function must earn full points."""

import numpy as np

import reference


def splits_the_order_first(X, Y, parameters, velocities, order, batch_size, rate, momentum):
    """np.split cuts the order into batches; copies are changed in place."""
    parameters, velocities = [p.copy() for p in parameters], [v.copy() for v in velocities]
    losses = []
    for batch in np.split(order, range(batch_size, len(order), batch_size)):
        loss, gradients = reference.network_gradients(X[batch], Y[batch], parameters)
        for p, v, g in zip(parameters, velocities, gradients):
            v *= momentum
            v -= rate * g
            p += v
        losses.append(float(loss))
    return parameters, velocities, losses


def keeps_a_velocity_that_points_uphill(X, Y, parameters, velocities, order, batch_size, rate, momentum):
    """The velocity has the other sign inside, and is turned round at the end."""
    uphill, losses, k = [-v for v in velocities], (), 0
    while k < len(order):
        batch = order[k : k + batch_size]
        loss, gradients = reference.network_gradients(X[batch], Y[batch], parameters)
        uphill = [momentum * v + rate * g for v, g in zip(uphill, gradients)]
        parameters = [p - v for p, v in zip(parameters, uphill)]
        losses, k = (*losses, loss), k + batch_size
    return tuple(parameters), tuple(-v for v in uphill), losses
