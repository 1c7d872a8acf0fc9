"""Judge submissions again that hit a limit on an overloaded machine, alone and after all others."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import closing

from grader.assignments.bundle import Bundle
from grader.batch.executors.base import Executor, Outcome
from grader.judging.graded import Graded
from grader.submissions.job import Job


def fair_outcomes(executor: Executor, bundle: Bundle, jobs: Iterable[Job]) -> Generator[Outcome, None, None]:
    """Yield the outcomes of executor.run(). A job that hit a limit on a busy machine runs again at the end, alone.

    Only the second outcome counts: load from other submissions must not cost a student points.
    """
    held_back: list[Job] = []
    with closing(executor.run(bundle, jobs)) as outcomes:
        for job, outcome in outcomes:
            if isinstance(outcome, Graded) and outcome.result.starved:
                held_back.append(job)
            else:
                yield job, outcome
    for job in held_back:
        with closing(executor.run(bundle, [job])) as outcomes:
            yield from outcomes
