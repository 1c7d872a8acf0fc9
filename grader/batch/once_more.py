"""Hold back what was judged on a machine with too much to do, and judge it once more when the others are done."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import closing

from grader.assignments.bundle import Bundle
from grader.batch.executors.base import Executor, Outcome
from grader.judging.graded import Graded
from grader.submissions.job import Job


def fair_outcomes(executor: Executor, bundle: Bundle, jobs: Iterable[Job]) -> Generator[Outcome, None, None]:
    """As executor.run(), but a job that hit a limit while the machine kept it waiting runs again at the end, alone.

    The second outcome counts. Were it put down at once, its neighbours' load would cost a student points.
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
