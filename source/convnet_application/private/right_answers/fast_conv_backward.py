"""Unusual right answers to fast_conv_backward(dZ, cache): each public function must earn full points."""

import numpy as np


def _padded(A_prev, pad):
    return np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))


def finds_dW_in_the_loop_too(dZ, cache):
    """Both gradients in one loop over the filter's entries."""
    A_prev, W, b, hparameters = cache
    s, pad = hparameters["stride"], hparameters["pad"]
    padded = _padded(A_prev, pad)
    wide, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for p, q in np.ndindex(*W.shape[:2]):
        place = np.s_[:, p : p + s * dZ.shape[1] : s, q : q + s * dZ.shape[2] : s]
        wide[place] += np.einsum("ihwc,kc->ihwk", dZ, W[p, q])
        dW[p, q] = np.tensordot(padded[place], dZ, ([0, 1, 2], [0, 1, 2]))
    inner = wide[:, pad : pad + A_prev.shape[1], pad : pad + A_prev.shape[2]]
    return inner, dW, dZ.sum((0, 1, 2)).reshape(b.shape)


def convolves_with_the_turned_filter(dZ, cache):
    """dA_prev is a full convolution of dZ, with zeros between its entries, and the filter turned round."""
    A_prev, W, b, hparameters = cache
    f, s, pad = W.shape[0], hparameters["stride"], hparameters["pad"]
    m, n_H, n_W, n_C = dZ.shape
    padded = _padded(A_prev, pad)
    H, width = padded.shape[1:3]
    sparse = np.zeros((m, H + f - 1, width + f - 1, n_C))
    sparse[:, f - 1 : f - 1 + s * n_H : s, f - 1 : f - 1 + s * n_W : s] = dZ
    view = np.lib.stride_tricks.sliding_window_view(sparse, (f, f), axis=(1, 2))
    wide = np.tensordot(view, W[::-1, ::-1], axes=((3, 4, 5), (3, 0, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (f, f), axis=(1, 2))[:, ::s, ::s]
    dW = np.einsum("ihwkpq,ihwc->pqkc", windows, dZ, optimize=True)
    return wide[:, pad : H - pad, pad : width - pad], dW, np.einsum("ihwc->c", dZ)[None, None, None]


def scatters_with_add_at(dZ, cache):
    """np.add.at sends the gradient of every window back to where it came from."""
    A_prev, W, b, hparameters = cache
    f, s, pad = W.shape[0], hparameters["stride"], hparameters["pad"]
    padded = _padded(A_prev, pad)
    rows = (s * np.arange(dZ.shape[1]))[:, None, None, None] + np.arange(f)[:, None]
    columns = (s * np.arange(dZ.shape[2]))[:, None, None] + np.arange(f)
    wide = np.zeros(padded.shape)
    np.add.at(wide, (slice(None), rows, columns), np.einsum("ihwc,pqkc->ihwpqk", dZ, W))
    dW = np.einsum("ihwpqk,ihwc->pqkc", padded[:, rows, columns], dZ)
    inner = wide[:, pad : pad + A_prev.shape[1], pad : pad + A_prev.shape[2]]
    return inner, dW, dZ.sum(axis=(0, 1, 2), keepdims=True)
