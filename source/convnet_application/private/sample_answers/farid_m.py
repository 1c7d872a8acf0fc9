"""The steps go uphill, and the loss diverges."""

# %% rest as amara_k

# %% train_epoch


def train_epoch(X, Y, parameters, velocities, order, batch_size, rate, momentum):
    losses = []
    for start in range(0, len(order), batch_size):
        batch = order[start : start + batch_size]
        loss, gradients = network_gradients(X[batch], Y[batch], parameters)
        velocities = [momentum * v + rate * g for v, g in zip(velocities, gradients)]
        parameters = [p + v for p, v in zip(parameters, velocities)]
        losses.append(loss)
    return parameters, velocities, losses
