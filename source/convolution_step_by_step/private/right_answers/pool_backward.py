"""Unusual right answers to pool_backward(dA, cache, mode): each public function must earn full points."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from reference import create_mask_from_window, distribute_value


def scatters_to_flat_indices(dA, cache, mode="max"):
    """No loops: the flat indices of all windows are a view, and np.add.at adds to the chosen ones."""
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    index = np.arange(A_prev.size).reshape(A_prev.shape)
    index = sliding_window_view(index, (f, f), axis=(1, 2))[:, ::stride, ::stride].reshape(*dA.shape, f * f)
    dA_flat = np.zeros(A_prev.size)
    if mode == "max":
        places = np.argmax(A_prev.ravel()[index], axis=-1)[..., np.newaxis]
        np.add.at(dA_flat, np.take_along_axis(index, places, axis=-1)[..., 0], dA)
    else:
        np.add.at(dA_flat, index, dA[..., np.newaxis] / f**2)
    return dA_flat.reshape(A_prev.shape)


def vectorises_batch_and_channels(dA, cache, mode="max"):
    """The loops run over the places of the window only; a comparison that keeps its axes makes all masks at once."""
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    dA_prev = np.zeros_like(A_prev)
    for h, w in np.ndindex(dA.shape[1:3]):
        window = (slice(None), slice(h * stride, h * stride + f), slice(w * stride, w * stride + f))
        dz = dA[:, h : h + 1, w : w + 1]
        if mode == "max":
            dA_prev[window] += dz * (A_prev[window] == A_prev[window].max(axis=(1, 2), keepdims=True))
        else:
            dA_prev[window] += dz / (f * f)
    return dA_prev


def adds_to_the_place_of_the_maximum(dA, cache, mode="max"):
    """No mask: the gradient is added to the one entry that argmax names."""
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    dA_prev = np.zeros(A_prev.shape)
    for (i, h, w, c), dz in np.ndenumerate(dA):
        top, left = h * stride, w * stride
        if mode == "max":
            row, column = divmod(int(A_prev[i, top : top + f, left : left + f, c].argmax()), f)
            dA_prev[i, top + row, left + column, c] += dz
        else:
            dA_prev[i, top : top + f, left : left + f, c] += dz / f**2
    return dA_prev


def solves_for_the_adjoint(dA, cache, mode="max"):
    """Each image is pooled by a matrix, and dA is multiplied by its transpose."""
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    _, n_H, n_W, _ = dA.shape
    dA_prev = np.empty(A_prev.shape)
    for i, c in np.ndindex(m, n_C):
        pooling = np.zeros((n_H, n_W, n_H_prev, n_W_prev))
        for h, w in np.ndindex(n_H, n_W):
            rows, columns = slice(h * stride, h * stride + f), slice(w * stride, w * stride + f)
            window = A_prev[i, rows, columns, c]
            pooling[h, w, rows, columns] = window == window.max() if mode == "max" else 1 / window.size
        dA_prev[i, :, :, c] = np.tensordot(dA[i, :, :, c], pooling, axes=2)
    return dA_prev


def chooses_a_nested_helper(dA, cache, mode="max"):
    """`match` chooses one of two nested functions; the loops run over channels first."""
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]

    def route(window, dz):
        return np.multiply(create_mask_from_window(window), dz)

    def spread(window, dz):
        return distribute_value(dz, window.shape)

    match mode:
        case "max":
            share = route
        case "average":
            share = spread
        case _:
            raise ValueError(f'pool_backward: expected mode "max" or "average", got {mode!r}.')
    dA_prev = np.zeros(A_prev.shape)
    m, n_H, n_W, n_C = dA.shape
    for c in range(n_C):
        for w in range(n_W):
            for h in range(n_H):
                for i in range(m):
                    window = (i, slice(h * stride, h * stride + f), slice(w * stride, w * stride + f), c)
                    dA_prev[window] = dA_prev[window] + share(A_prev[window], dA[i, h, w, c])
    return dA_prev


def sums_over_window_positions(dA, cache, mode="max"):
    """The loops run over the entries of the window, whose images are strided slices."""
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    _, n_H, n_W, _ = dA.shape
    slices = [
        (
            slice(None),
            slice(row, row + (n_H - 1) * stride + 1, stride),
            slice(column, column + (n_W - 1) * stride + 1, stride),
        )
        for row, column in np.ndindex(f, f)
    ]
    maximum = np.max([A_prev[window] for window in slices], axis=0)
    dA_prev = np.zeros(A_prev.shape)
    for window in slices:
        dA_prev[window] += dA * (A_prev[window] == maximum) if mode == "max" else dA / len(slices)
    return dA_prev


def pads_each_share(dA, cache, mode="max"):
    """Each window's share is padded to the size of the image, and whole images are added up."""
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    _, n_H_prev, n_W_prev, _ = A_prev.shape
    dA_prev = np.zeros(A_prev.shape)
    for i, h, w, c in np.ndindex(*dA.shape):
        top, left = h * stride, w * stride
        window = A_prev[i, top : top + f, left : left + f, c]
        is_max = mode == "max"
        share = create_mask_from_window(window) * dA[i, h, w, c] if is_max else distribute_value(dA[i, h, w, c], (f, f))
        dA_prev[i, :, :, c] += np.pad(share, ((top, n_H_prev - top - f), (left, n_W_prev - left - f)))
    return dA_prev
