"""Attacks on carrying forward: what the reference lends in place of earlier exercises that failed."""

from __future__ import annotations

import pytest

from hostile import ANSWERED, Arena, Attack

WRONG_PAD = "def zero_pad(X, pad): return None"
RIGHT_FORWARD = """
def conv_forward(A_prev, W, b, hparameters):
    {first}
    stride, f, padded = hparameters["stride"], W.shape[0], zero_pad(A_prev, hparameters["pad"])
    n_H, n_W = ((size - f) // stride + 1 for size in padded.shape[1:3])
    Z = np.zeros((len(A_prev), n_H, n_W, W.shape[-1]))
    for h in range(n_H):
        for w in range(n_W):
            window = padded[:, h * stride:h * stride + f, w * stride:w * stride + f]
            Z[:, h, w] = np.tensordot(window, W, 3) + b.reshape(-1)
    return Z, (A_prev, W, b, hparameters)
"""


def test_what_is_attacked_here(arena: Arena) -> None:
    """Is an exercise that is right but for an earlier one carried forward?"""
    answers = {"zero_pad": WRONG_PAD, "conv_forward": RIGHT_FORWARD.format(first="")}
    result = arena.repel(Attack("honest", answers=answers, earns={"zero_pad": 0, "conv_forward": 25}))
    assert result.exercises[2].carried_forward == ("zero_pad",)


ABUSES = {
    "zero_pad from a borrowed conv_forward": {
        "zero_pad": """
def zero_pad(X, pad):
    n_C = X.shape[-1]
    W = np.eye(n_C).reshape(1, 1, n_C, n_C)
    return conv_forward(X, W, np.zeros((1, 1, 1, n_C)), {"pad": pad, "stride": 1})[0]
""",
        "conv_forward": "def conv_forward(*args): return zero_pad(*args[:2]), None",
    },
    "recursion": {"conv_forward": "def conv_forward(*args): return conv_forward(zero_pad(args[0], 1), *args[1:])"},
    "a million calls": {
        "conv_forward": """
def conv_forward(*args):
    for _ in range(10**6): zero_pad(None, 1)
    import os; os._exit(0)
"""
    },
    "enormous arguments": {
        "conv_forward": """
def conv_forward(A_prev, W, b, hparameters):
    for X, pad in ((A_prev, 10**6), (A_prev, 10**30), (np.zeros((1, 3000, 3000, 1)), 1), (A_prev, 10**400)):
        try: zero_pad(X, pad)
        except Exception as error: print(error)
"""
    },
    "enormous shapes": {
        "distribute_value": "def distribute_value(dz, shape): return None",
        "pool_backward": """
def pool_backward(dA, cache, mode="max"):
    for shape in ((10**9, 1), (10**9, 10**9), (10**5, 10**3), (10**400, 1), (-1, -1), (0, 0), [1] * 10**5, "ab"):
        try: distribute_value(1.0, shape)
        except Exception as error: print(error)
    import os; os._exit(0)
""",
    },
    "hostile values": {
        "conv_forward": """
def conv_forward(A_prev, W, b, hparameters):
    values = [None, "x", b"x", -1, 1 << 1990, 1e308, float("nan"), [[]], {"a": 1}, (), np.zeros(0)]
    values += [np.zeros((1,) * 32)]
    values += [np.zeros((0, 1 << 20, 1, 1)), np.ones(3, bool), 1j, [1] * 10_000, len, object(), print]
    for one in values:
        for other in values:
            try: zero_pad(one, other)
            except Exception: pass
    import os; os._exit(0)
"""
    },
    "other names than lent": {
        "conv_forward": """
import gc
def conv_forward(*args):
    lend = zero_pad.__closure__
    for cell in lend:
        if hasattr(cell.cell_contents, "stand_in"):
            return cell.cell_contents.stand_in("conv_forward")(*args)
""",
    },
    "the lender kept for later": {
        "conv_forward": """
def conv_forward(*args):
    globals()['KEPT'] = zero_pad
    return zero_pad(args[0], 1), None
""",
        "pool_forward": "def pool_forward(A, hparameters, mode='max'): return KEPT(A, 1), None",
    },
    "the earlier exercise completed with lent answers": {
        "conv_forward": """
def conv_forward(A_prev, W, b, hparameters):
    global zero_pad
    lent = {n: zero_pad(A_prev, n) for n in range(3)}
    zero_pad = lambda X, pad: lent[pad]
    get_ipython().user_ns["zero_pad"] = zero_pad
"""
    },
    "a second try": {
        "conv_forward": RIGHT_FORWARD.replace("zero_pad(A_prev, hparameters", "ringed(A_prev, hparameters").format(
            first="if zero_pad.__code__.co_name == 'zero_pad': return None  # not yet"
        )
        + "def ringed(X, pad): return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)))"
    },
}


@pytest.mark.parametrize("answers", ABUSES.values(), ids=ABUSES)
def test_abuse_of_what_the_reference_lends(arena: Arena, answers: dict[str, str]) -> None:
    """Does a reference that stands in for an earlier exercise score anything but a right later one?"""
    answers = {"zero_pad": WRONG_PAD, **answers}
    wrong = {name: 0 for name in answers if name in ANSWERED}
    result = arena.repel(Attack("abuse", answers=answers, earns=wrong))
    assert not result.broken
    assert not any(exercise.carried_forward for exercise in result.exercises)
