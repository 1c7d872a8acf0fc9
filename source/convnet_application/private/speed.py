"""Is a function fast? A ratio to the reference in the same run, apart from whether it is right. Never released."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter, thread_time

from checks import Property, Wrong
from checks.plain_values import copied

RATIO = 40
"""how much slower than the reference an answer may be: loops over windows take hundreds of times as long, loops over
the rows and columns of the output alone five to ten times"""
GRACE_SECONDS = 0.02
"""allowed on top: the way of arguments and results through the sandbox"""
TRIES = 5
"""the first that is fast enough counts; a machine with other things to do would have to disturb all of them"""
REFERENCE_TRIES = 5
PATIENCE_SECONDS = 1.5
"""after that long no further try begins: such a function is slow, whoever disturbs it"""


def fast_enough(name: str, reference: Callable, arguments: tuple, weight: float) -> Property:
    """The check that a function needs no longer than RATIO times the reference's time for these arguments."""

    def body(function: Callable) -> None:
        # Processor time: a busy machine must not make the reference, and with it what is allowed, slow.
        allowed = RATIO * _seconds(reference, arguments, REFERENCE_TRIES, thread_time) + GRACE_SECONDS
        started = perf_counter()
        for _ in range(TRIES):
            again = copied(arguments)  # other objects: the answer to the same ones is remembered
            if _seconds(function, again, 1, perf_counter) <= allowed:
                return
            if perf_counter() - started > PATIENCE_SECONDS:
                break
        raise Wrong(
            f"{name} is right or wrong, but slow: it took more than {RATIO} times as long as a function without loops "
            "over windows.",
            "describe all windows as one array, and sum over its axes.",
            discreet=f"{name} took more than {RATIO} times as long as a function without loops over windows.",
        )

    return Property("needs no loop over the windows: it is fast", body, weight)


def _seconds(function: Callable, arguments: tuple, tries: int, clock: Callable[[], float]) -> float:
    """Return the shortest time of a few calls."""
    times = []
    for _ in range(tries):
        started = clock()
        function(*arguments)
        times.append(clock() - started)
    return min(times)
