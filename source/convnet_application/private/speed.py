"""Is a function fast? A ratio to the reference in the same run, apart from whether it is right. Never released."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter, thread_time

from threadpoolctl import threadpool_limits

from checks import Property, Wrong
from checks.messages import say
from checks.plain_values import copied

RATIO = 80
"""How much slower than the reference an answer may be. With BATCH of the hidden tests, loops over two of examples,
rows, columns and filters take up to 25 times as long; loops over all windows and filters take 300 times as long. Other
work on the machine makes calls longer, never shorter, so the bound is nearer to the loops."""
GRACE_SECONDS = 0.01
"""Allowed on top: the way of arguments and results through the sandbox."""
TRIES = 40
"""The first that is fast enough counts: a machine with other things to do would have to disturb all of them."""
FEWEST_TRIES = 2
"""So many in any case: one long pause of the machine is no reason to end."""
PATIENCE_SECONDS = 1.0
"""After that long no further try begins unless the function is nearly fast enough."""
NEARLY = 2
"""A busy machine can keep a fast function for this many times the allowed seconds."""


def fast_enough(name: str, reference: Callable, arguments: tuple, weight: float) -> Property:
    """The check that a function needs no longer than RATIO times the reference's time for these arguments.

    A busy machine must decide nothing. The reference is timed by the processor's clock, before each try of the
    function: its shortest time counts, so that waiting excuses no slow function. All of NumPy's linear algebra keeps to
    one thread, as in the sandbox: several threads wait for each other on a busy machine, with the processor's clock
    running, and have made the reference seem twelve times slower than it is.
    """

    def body(function: Callable) -> None:
        with threadpool_limits(limits=1):
            tries = _tries(function, reference, arguments)
        if min(of_function for of_function, _ in tries) > _allowed(tries):
            raise Wrong(
                say(
                    "{name} is slow, apart from whether it is right: it took more than {times} times as long as a "
                    "function without loops over windows.",
                    name=name,
                    times=str(RATIO),
                ),
                say("describe all windows as one array, and sum over its axes."),
                discreet=say(
                    "{name} took more than {times} times as long as a function without loops over windows.",
                    name=name,
                    times=str(RATIO),
                ),
            )

    return Property("needs no loop over the windows: it is fast", body, weight)


def _tries(function: Callable, reference: Callable, arguments: tuple) -> list[tuple[float, float]]:
    """Seconds of the function and of the reference in each try. The last try was fast enough, or there are no more."""
    tries: list[tuple[float, float]] = []
    _seconds(reference, arguments, thread_time)  # the first call reads the code and the arrays into the caches
    started = perf_counter()
    while len(tries) < TRIES and (
        len(tries) < FEWEST_TRIES
        or perf_counter() - started < PATIENCE_SECONDS
        or min(seconds for seconds, _ in tries) <= NEARLY * _allowed(tries)
    ):
        of_reference = _seconds(reference, arguments, thread_time)
        again = copied(arguments)  # other objects: the answer to the same ones is remembered
        tries.append((_seconds(function, again, perf_counter), of_reference))
        if len(tries) >= FEWEST_TRIES and min(seconds for seconds, _ in tries) <= _allowed(tries):
            break
    return tries


def _allowed(tries: list[tuple[float, float]]) -> float:
    return RATIO * min(of_reference for _, of_reference in tries) + GRACE_SECONDS


def _seconds(function: Callable, arguments: tuple, clock: Callable[[], float]) -> float:
    started = clock()
    function(*arguments)
    return clock() - started
