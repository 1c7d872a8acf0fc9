"""A class of the small course `chain`, its gradebook, and the grader without worker processes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path

from click.testing import Result
from commands import grader
from nbgrader.api import Gradebook
from small_courses import POINTS, RIGHT, hand_in

from grader.assignments.bundle import Bundle
from grader.batch.executors.base import Outcome
from grader.batch.jobs import grade_job
from grader.course import Course
from grader.judging.graded import Graded
from grader.results import records
from grader.submissions.job import Job


class Here:
    """An executor that runs every job in this process, with a sandbox that stays warm for all tests."""

    def __init__(self, workers: int = 1) -> None:
        pass

    def started(self, bundle: Bundle) -> nullcontext[None]:
        return nullcontext()

    def run(self, bundle: Bundle, jobs: Iterable[Job]) -> Iterator[Outcome]:
        for job in jobs:
            yield job, grade_job(bundle, job)


def know(course: Course) -> None:
    """Enter the assignment into the gradebook, as releasing does."""
    with Gradebook(f"sqlite:///{course.folder}/gradebook.db") as gradebook:
        gradebook.add_assignment("chain")
        gradebook.add_notebook("chain", "chain")
        for cell in course.assignment("chain").master.cells:
            if cell.is_test:
                gradebook.add_grade_cell(cell.grade_id, "chain", "chain", max_score=cell.points, cell_type="code")
            elif cell.is_solution:
                gradebook.add_solution_cell(cell.grade_id, "chain", "chain")


def submit(course: Path, student: str) -> Path:
    """Hand in a right notebook; return the student's folder."""
    folder = course / "submitted" / student / "chain"
    folder.mkdir(parents=True)
    (folder / "chain.ipynb").write_bytes(hand_in(course / "release" / "chain" / "chain.ipynb", RIGHT))
    return folder


def totals(course: Path) -> dict[str, float]:
    """Student -> the score in the gradebook, of those who have handed in."""
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        return {row.student_id: row.score for row in gradebook.assignment_submissions("chain")}


def autograde(course: Path, *words: str) -> Result:
    """Run the command; on its stderr stand only lines that tell of something."""
    return grader(course, "autograde", "chain", *words)


def pretended(bundle: Bundle, job: Job) -> Graded:
    """Full marks for everybody, without a look at the notebook."""
    exercises = (
        records.ExerciseOutcome(name, "", points, True, records.CellOutcome()) for name, points in POINTS.items()
    )
    return Graded(
        job.student, records.Result("chain", 1, tuple(exercises)), {"chain": b"{}"}, (), job.digest, bundle.digest, {}
    )
