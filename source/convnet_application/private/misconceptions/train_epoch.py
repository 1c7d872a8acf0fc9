"""Wrong answers to train_epoch: each public function is one misconception, with its hint."""

import numpy as np

import reference


def _train(X, Y, parameters, velocities, order, batch_size, rate, momentum, velocity=None, step=None, batches=None):
    """The right loop; keywords replace the new velocity, the new parameter and the batches."""
    velocity = velocity or (lambda v, g: momentum * v - rate * g)
    step = step or (lambda p, v, g: p + v)
    losses = []
    for batch in batches or [order[k : k + batch_size] for k in range(0, len(order), batch_size)]:
        loss, gradients = reference.network_gradients(X[batch], Y[batch], parameters)
        velocities = [velocity(v, g) for v, g in zip(velocities, gradients)]
        parameters = [step(p, v, g) for p, v, g in zip(parameters, velocities, gradients)]
        losses.append(loss)
    return parameters, velocities, losses


def ignores_the_order(X, Y, parameters, velocities, order, batch_size, rate, momentum):
    """The examples are used as they stand.

    Hint: order[start : start + batch_size] names the examples of a batch.
    """
    return _train(X, Y, parameters, velocities, np.sort(order), batch_size, rate, momentum)


def drops_the_last_batch(X, Y, parameters, velocities, order, batch_size, rate, momentum):
    """A last batch that is smaller is left out.

    Hint: a slice that reaches past the end is simply shorter.
    """
    whole = order[: len(order) // batch_size * batch_size]
    return _train(X, Y, parameters, velocities, whole, batch_size, rate, momentum)


def uses_all_examples_each_time(X, Y, parameters, velocities, order, batch_size, rate, momentum):
    """Each step uses all examples.

    Hint: index X and Y with the batch.
    """
    count = -(-len(order) // batch_size)
    return _train(X, Y, parameters, velocities, order, batch_size, rate, momentum, batches=[order] * count)


def climbs(X, Y, parameters, velocities, order, batch_size, rate, momentum):
    """The steps go uphill.

    Hint: minus the rate times the gradient.
    """
    return _train(
        X, Y, parameters, velocities, order, batch_size, rate, momentum, velocity=lambda v, g: momentum * v + rate * g
    )


def forgets_momentum(X, Y, parameters, velocities, order, batch_size, rate, momentum):
    """The velocity forgets the steps before.

    Hint: momentum * v is the part that remains.
    """
    return _train(X, Y, parameters, velocities, order, batch_size, rate, 0.0)


def keeps_all_of_the_velocity(X, Y, parameters, velocities, order, batch_size, rate, momentum):
    """All of the velocity remains, whatever the momentum is.

    Hint: only the share `momentum` of it remains.
    """
    return _train(X, Y, parameters, velocities, order, batch_size, rate, 1.0)


def steps_with_the_gradient_alone(X, Y, parameters, velocities, order, batch_size, rate, momentum):
    """The velocity is computed, but the parameters move by the gradient.

    Hint: parameter plus new velocity.
    """
    return _train(X, Y, parameters, velocities, order, batch_size, rate, momentum, step=lambda p, v, g: p - rate * g)


def scales_the_whole_velocity(X, Y, parameters, velocities, order, batch_size, rate, momentum):
    """The rate is applied to the velocity a second time.

    Hint: the rate stands in one formula only.
    """
    return _train(X, Y, parameters, velocities, order, batch_size, rate, momentum, step=lambda p, v, g: p + rate * v)


def averages_the_gradient(X, Y, parameters, velocities, order, batch_size, rate, momentum):
    """The gradient counts for 1 - momentum only.

    Hint: that is another kind of momentum; here the rate alone scales the gradient.
    """
    return _train(
        X,
        Y,
        parameters,
        velocities,
        order,
        batch_size,
        rate,
        momentum,
        velocity=lambda v, g: momentum * v - (1 - momentum) * rate * g,
    )


def moves_before_the_velocity(X, Y, parameters, velocities, order, batch_size, rate, momentum):
    """The parameters move by the velocity of the step before.

    Hint: first the velocity, then the parameter.
    """
    losses = []
    for k in range(0, len(order), batch_size):
        batch = order[k : k + batch_size]
        loss, gradients = reference.network_gradients(X[batch], Y[batch], parameters)
        parameters = [p + v for p, v in zip(parameters, velocities)]
        velocities = [momentum * v - rate * g for v, g in zip(velocities, gradients)]
        losses.append(loss)
    return parameters, velocities, losses


def returns_the_mean_loss(X, Y, parameters, velocities, order, batch_size, rate, momentum):
    """One number comes back for all losses.

    Hint: the loss of each batch goes into the list.
    """
    parameters, velocities, losses = _train(X, Y, parameters, velocities, order, batch_size, rate, momentum)
    return parameters, velocities, float(np.mean(losses))


def changes_the_parameters_in_place(X, Y, parameters, velocities, order, batch_size, rate, momentum):
    """The result is right, but the arrays that came in are overwritten.

    Hint: `+=` on an array changes the caller's: make new ones.
    """
    after = _train(X, Y, parameters, velocities, order, batch_size, rate, momentum)
    for old, new in zip(parameters, after[0]):
        old[...] = new
    return after


def takes_one_step(X, Y, parameters, velocities, order, batch_size, rate, momentum):
    """Only the first batch is used.

    Hint: look for a `return` inside the loop.
    """
    return _train(X, Y, parameters, velocities, order[:batch_size], batch_size, rate, momentum)
