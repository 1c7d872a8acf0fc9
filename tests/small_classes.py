"""A small course with a gradebook, and a class that is graded in no time: for tests of what goes on around grading."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from pathlib import Path

from courses import run_well
from gradebooks import scores, url_of
from notebooks import code
from small_courses import DOUBLE, RIGHT, chain, hand_in

from grader.assignments.bundle import Bundle
from grader.batch.executors.base import Executor, Outcome
from grader.batch.jobs import grade_job
from grader.batch.run import Class
from grader.batch.run_report import RunReport
from grader.cli.grade import bundle_of
from grader.course import Course
from grader.gradebook.write import open_gradebook
from grader.submissions.job import Job

NAME = "chain"
GRADED = 3
"""students of the graded class that tests share: all right; a wrong double, and the rest carried forward; nothing but
double"""
CONFIG = """
c.CourseDirectory.course_id = "chain"
c.ClearSolutions.begin_solution_delimeter = "### START CODE HERE ###"
c.ClearSolutions.end_solution_delimeter = "### END CODE HERE ###"
c.Judge.call_seconds = 2
"""
WRONG = DOUBLE.replace("x + x", "x * x")
ANSWERS = {"all right": RIGHT, "wrong double": RIGHT | {"double": WRONG}, "one": {"double": DOUBLE}}
SCORES = {
    "all right": {"double": 2, "apart": 1, "quadruple": 3, "octuple": 5},
    "wrong double": {"double": 0, "apart": 1, "quadruple": 3, "octuple": 5},  # carried forward
    "one": {"double": 2, "apart": 0, "quadruple": 0, "octuple": 0},
}


def small_class(folder: Path, count: int, pause: float = 0.0, config: str = "") -> Path:
    """The course of small_courses.chain, released, and so many submissions. pause: seconds that each takes to run."""
    if config:
        _release(folder, config)
    else:
        shutil.copytree(_released(), folder)
    kinds = list(ANSWERS)
    for number in range(count):
        submit(folder, f"s{number:02}", kinds[number % len(kinds)], f"import time\ntime.sleep({pause})  # {number}")
    return folder


@cache
def _released() -> Path:
    """The course without submissions: nbgrader takes seconds to make it, so it is made once."""
    folder = Path(tempfile.mkdtemp(prefix="chain-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # a test may have made it in its own temporary folder
    return _release(folder / "course", "")


def _release(folder: Path, config: str) -> Path:
    chain(folder)
    with open(folder / "nbgrader_config.py", "a") as file:
        file.write(CONFIG + config)
    run_well(folder, "nbgrader", "generate_assignment", NAME, "--force")
    return folder


def submit(course: Path, student: str, kind: str, first: str = "pass") -> Path:
    """Hand in answers of that kind, with a cell of the student's own before all others."""
    path = course / "submitted" / student / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    released = course / "release" / NAME / f"{NAME}.ipynb"
    path.write_bytes(hand_in(released, ANSWERS[kind], [code("own", first)]))
    return path


def expected(count: int) -> dict[str, dict[str, float]]:
    kinds = list(ANSWERS)
    return {f"s{number:02}": SCORES[kinds[number % len(kinds)]] for number in range(count)}


class InThisProcess:
    """An executor that has no workers to start."""

    def started(self, bundle: Bundle) -> AbstractContextManager[object]:
        return nullcontext()

    def run(self, bundle: Bundle, jobs: Iterable[Job]) -> Iterator[Outcome]:
        return ((job, grade_job(bundle, job)) for job in jobs)


def grade_class(folder: Path, executor: Executor | None = None, **options: object) -> RunReport:
    """What `grader autograde` does."""
    course = Course(folder)
    class_ = Class(
        course=folder,
        bundle=bundle_of(course, NAME),
        executor=executor or InThisProcess(),
        open_gradebook=lambda: open_gradebook(course.config, folder, NAME),
        **options,
    )
    return class_.grade()


def assert_whole(course: Path, count: int) -> None:
    """Everybody is graded, once and rightly, and nothing half written lies about."""
    assert scores(url_of(course), NAME) == expected(count)
    notebooks = {path.parts[-3] for path in course.glob(f"autograded/*/{NAME}/{NAME}.ipynb")}
    assert notebooks == set(expected(count))
    entries = {path.stem for path in (course / ".grader" / NAME).iterdir()}
    assert entries == notebooks
    odd = (".new-*", ".old-*", ".*.part", "released")
    assert [path for pattern in odd for path in course.glob(f"[!r]*/**/{pattern}")] == []
