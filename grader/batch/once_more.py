"""Judge submissions again at the end of a run that hit a limit on an overloaded machine, or were cut short."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import replace

from grader.assignments.bundle import Bundle
from grader.batch.executors.base import Executor, Outcome
from grader.config.limits import (
    AGAIN_SECONDS,
    FIRST_CELL_SHARE,
    FIRST_SECONDS,
    NOTHING_LEFT_SECONDS,
    SLOW_CLASS_SHARE,
    SLOW_CLASS_SIZE,
    SLOW_LEAST_SECONDS,
    SLOW_SHARE,
    SLOW_TIME_SHARE,
)
from grader.judging.graded import Graded
from grader.notebooks.model import Notebook
from grader.results.records import Result
from grader.submissions.job import Job


def fair_outcomes(executor: Executor, bundle: Bundle, jobs: Iterable[Job]) -> Generator[Outcome, None, None]:
    """Yield the outcomes of executor.run(). Some jobs run again at the end, and only the second outcome counts.

    A job that hit a limit on a busy machine runs again alone: load from other submissions must not cost a student
    points. A job that took longer than `first_seconds` was cut short. If few were, they run again alone, within the
    time of `slow_seconds` together; the result of a job for which that is not enough still has `cut_short`. If many
    were, the assignment itself is slow, and they run again with their full time.
    """
    first = _FirstTurn(jobs, first_seconds(bundle))
    alone: list[Job] = []
    with closing(executor.run(bundle, first.jobs())) as outcomes:
        for job, outcome in outcomes:
            first.note(outcome)
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
        yield from _within(slow_seconds(first.usual_seconds, first.cut_seconds), executor, bundle, first.slow)
    for job in alone:
        with closing(executor.run(bundle, [job])) as outcomes:
            yield from outcomes


FULL = Job.most_seconds
"""No limit of a job's own: the course's limits hold."""


def first_seconds(bundle: Bundle) -> float:
    """Return the own time of a submission at its turn: more where the masters' cells have limits of their own."""
    masters = [Notebook.parse(content, name) for name, content in bundle.masters.items()]
    own = sum(cell.seconds or 0.0 for master in masters for cell in master.cells)
    return FIRST_SECONDS * len(masters) + FIRST_CELL_SHARE * own


def slow_seconds(usual: float, spent: float) -> float:
    """Return the own time that all slow submissions together still have, so that they do not double the run.

    usual: own time of all other submissions. spent: own time of the slow ones so far. The time of the clock would leave
    more scores open on a busy machine.
    """
    return min(AGAIN_SECONDS, max(0.0, max(SLOW_LEAST_SECONDS, SLOW_TIME_SHARE * usual) - spent))


class SingleTurns:
    """The time limits of a run that judges submissions in their order, and cannot come back to one.

    All slow submissions together have the time of `slow_seconds`, and their first seconds each in any case. As long as
    a good part of the run is slow, the assignment itself may be, and each submission has its full time.
    """

    def __init__(self) -> None:
        self.took: dict[str, float] = {}
        """Student -> seconds of the submission."""
        self._slow = 0
        self._usual = self._over = 0.0

    def most_seconds(self, first: float = FIRST_SECONDS) -> float:
        """Return the own time that the next submission may take. first: the time that each has."""
        if self._slow >= SLOW_SHARE * len(self.took):
            return FULL
        return first + max(0.0, slow_seconds(self._usual, first * self._slow) - self._over)

    def note(self, student: str, result: Result, first: float = FIRST_SECONDS) -> None:
        """Note the time that a submission took."""
        self.took[student] = result.seconds
        over = result.own_seconds - first
        if over >= -NOTHING_LEFT_SECONDS:
            self._slow += 1
            self._over += over
        else:
            self._usual += result.own_seconds


class _FirstTurn:
    """The jobs at their first turn, with a limit of time as long as not most of the class reach it."""

    def __init__(self, jobs: Iterable[Job], seconds: float) -> None:
        self._jobs, self._seconds = jobs, seconds
        self.count = 0
        """Outcomes so far."""
        self.usual_seconds = self.cut_seconds = 0.0
        """Own time of the submissions that had enough, and of those that were cut short."""
        self.slow: list[tuple[Job, Graded]] = []
        """Jobs that were cut short, with their outcomes."""
        self.is_slow_class = False
        """True if most of the class needs more time, so that no further job is cut short."""

    def jobs(self) -> Iterator[Job]:
        for job in self._jobs:
            # For the rest of the run: the jobs with their full time would lower the share again.
            self.is_slow_class |= self.count >= SLOW_CLASS_SIZE and len(self.slow) >= SLOW_CLASS_SHARE * self.count
            yield job if self.is_slow_class else replace(job, most_seconds=self._seconds)

    def note(self, outcome: Graded | Exception) -> None:
        """Count an outcome and its time."""
        self.count += 1
        if isinstance(outcome, Graded) and outcome.result.cut_short:
            self.cut_seconds += outcome.result.own_seconds
        elif isinstance(outcome, Graded):
            self.usual_seconds += outcome.result.own_seconds


def _within(
    seconds: float, executor: Executor, bundle: Bundle, slow: Iterable[tuple[Job, Graded]]
) -> Iterator[tuple[Job, Graded | Exception]]:
    """Run the jobs again, one after another, until their own time is used up. The others keep their outcome."""
    left = seconds
    for job, before in slow:
        if left <= 0:
            yield job, before
            continue
        with closing(executor.run(bundle, [replace(job, most_seconds=left)])) as outcomes:
            for judged, outcome in outcomes:
                left -= outcome.result.own_seconds if isinstance(outcome, Graded) else seconds
                yield judged, outcome


def _is_starved(outcome: Graded | Exception) -> bool:
    return isinstance(outcome, Graded) and outcome.result.starved
