"""Judge submissions again at the end of a run that hit a limit on an overloaded machine, or were cut short."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import replace

from grader.assignments.bundle import Bundle
from grader.batch.executors.base import Executor, Outcome
from grader.config.limits import (
    AGAIN_SECONDS,
    FIRST_SECONDS,
    NOTHING_LEFT_SECONDS,
    SLOW_CLASS_SHARE,
    SLOW_CLASS_SIZE,
    SLOW_SHARE,
)
from grader.judging.graded import Graded
from grader.results.records import Result
from grader.submissions.job import Job


def fair_outcomes(executor: Executor, bundle: Bundle, jobs: Iterable[Job]) -> Generator[Outcome, None, None]:
    """Yield the outcomes of executor.run(). Some jobs run again at the end, and only the second outcome counts.

    A job that hit a limit on a busy machine runs again alone: load from other submissions must not cost a student
    points. A job that took longer than FIRST_SECONDS was cut short. If few were, they run again alone, within
    AGAIN_SECONDS together; the result of a job for which that is not enough still has `cut_short`. If many were, the
    assignment itself is slow, and they run again with their full time.
    """
    first = _FirstTurn(jobs)
    alone: list[Job] = []
    with closing(executor.run(bundle, first.jobs())) as outcomes:
        for job, outcome in outcomes:
            first.count += 1
            if isinstance(outcome, Graded) and outcome.result.cut_short:
                first.slow.append((job, outcome))
            elif _is_starved(outcome):
                alone.append(replace(job, most_seconds=FULL))
            else:
                yield job, outcome
    # An executor without jobs would start no worker, and fail.
    if first.slow and (first.is_slow_class or len(first.slow) >= SLOW_SHARE * first.count):
        with closing(executor.run(bundle, [replace(job, most_seconds=FULL) for job, _ in first.slow])) as outcomes:
            for job, outcome in outcomes:
                if _is_starved(outcome):
                    alone.append(job)
                else:
                    yield job, outcome
    else:
        yield from _within(AGAIN_SECONDS, executor, bundle, first.slow)
    for job in alone:
        with closing(executor.run(bundle, [job])) as outcomes:
            yield from outcomes


FULL = Job.most_seconds
"""No limit of a job's own: the course's limits hold."""


class SingleTurns:
    """The time limits of a run that judges submissions in their order, and cannot come back to one.

    All slow submissions together have AGAIN_SECONDS on top of FIRST_SECONDS each. As long as a good part of the run is
    slow, the assignment itself may be, and each submission has its full time.
    """

    def __init__(self) -> None:
        self.took: dict[str, float] = {}
        """Student -> seconds of the submission."""
        self._slow = 0
        self._left = AGAIN_SECONDS

    def most_seconds(self) -> float:
        """Return the own time that the next submission may take."""
        return FULL if self._slow >= SLOW_SHARE * len(self.took) else FIRST_SECONDS + max(0.0, self._left)

    def note(self, student: str, result: Result) -> None:
        """Note the time that a submission took."""
        self.took[student] = result.seconds
        over = result.own_seconds - FIRST_SECONDS
        if over >= -NOTHING_LEFT_SECONDS:
            self._slow += 1
            self._left -= over


class _FirstTurn:
    """The jobs at their first turn, with a limit of time as long as not most of the class reach it."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._jobs = jobs
        self.count = 0
        """Outcomes so far."""
        self.slow: list[tuple[Job, Graded]] = []
        """Jobs that were cut short, with their outcomes."""
        self.is_slow_class = False
        """True if most of the class needs more time, so that no further job is cut short."""

    def jobs(self) -> Iterator[Job]:
        for job in self._jobs:
            # For the rest of the run: the jobs with their full time would lower the share again.
            self.is_slow_class |= self.count >= SLOW_CLASS_SIZE and len(self.slow) >= SLOW_CLASS_SHARE * self.count
            yield job if self.is_slow_class else replace(job, most_seconds=FIRST_SECONDS)


def _within(
    seconds: float, executor: Executor, bundle: Bundle, slow: Iterable[tuple[Job, Graded]]
) -> Iterator[tuple[Job, Graded | Exception]]:
    """Run the jobs again, one after another, until the time is used up. The others keep their outcome."""
    end = time.monotonic() + seconds
    for job, before in slow:
        left = end - time.monotonic()
        if left <= 0:
            yield job, before
            continue
        with closing(executor.run(bundle, [replace(job, most_seconds=left)])) as outcomes:
            yield from outcomes


def _is_starved(outcome: Graded | Exception) -> bool:
    return isinstance(outcome, Graded) and outcome.result.starved
