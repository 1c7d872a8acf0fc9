"""What is graded again, and what is left alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from commands import grader
from gradebooks import rows, scores, url_of
from nbgrader.api import Gradebook
from small_classes import GRADED, NAME, SCORES, InThisProcess, assert_whole, expected, grade_class, submit

from grader.assignments.bundle import Bundle
from grader.batch.executors.base import Outcome
from grader.common import version
from grader.results.records import BROKEN_STATUS
from grader.results.store import ResultStore
from grader.sandbox import SandboxError, Session
from grader.submissions.files import MAX_BYTES
from grader.submissions.job import Job

EVERYONE = sorted(expected(GRADED))


@pytest.fixture
def course(graded_copy: Path) -> Path:
    return graded_copy


def test_nothing_has_changed(course: Path) -> None:
    """Is nothing graded again where nothing has changed, and is every row right?"""
    assert grade_class(course).current == EVERYONE
    assert_whole(course, GRADED)


def test_changed_submission(course: Path) -> None:
    """Is a submission graded again when its bytes change, and no other?"""
    submit(course, "s02", "all right")
    report = grade_class(course)
    assert (report.graded, report.current) == (["s02"], ["s00", "s01"])
    assert scores(url_of(course), NAME)["s02"] == SCORES["all right"]


def test_file_beside_a_submission(course: Path) -> None:
    """Is a submission graded again when a file beside its notebook appears, such as a time of handing in?"""
    (course / "submitted" / "s01" / NAME / "timestamp.txt").write_text("2026-11-20 12:00:00 UTC")
    assert grade_class(course).graded == ["s01"]


def test_new_submission(course: Path) -> None:
    """Is a submission that comes later graded, alone?"""
    submit(course, "s03", "all right")
    assert grade_class(course).graded == ["s03"]


def test_changed_test(course: Path) -> None:
    """Is everyone graded again when a line of a test changes?"""
    master = course / "source" / NAME / f"{NAME}.ipynb"
    master.write_text(master.read_text().replace("apart() == 'apart'", "apart() == 'elsewhere'"))
    assert grade_class(course).graded == EVERYONE
    assert scores(url_of(course), NAME)["s00"] == SCORES["all right"] | {"apart": 0}


def test_changed_file_of_the_source(course: Path) -> None:
    """Is everyone graded again when a file that only the judge reads changes?"""
    (course / "source" / NAME / "private").mkdir()
    (course / "source" / NAME / "private" / "hidden_tests.py").write_text("LIMIT = 2\n")
    assert grade_class(course).graded == EVERYONE


def test_file_of_an_editor(course: Path) -> None:
    """Is nobody graded again for a hidden file in the source?"""
    (course / "source" / NAME / ".hidden_tests.py.swp").write_bytes(b"x")
    (course / "source" / ".DS_Store").write_bytes(b"x")
    assert grade_class(course).current == EVERYONE


def test_changed_setting(course: Path) -> None:
    """Is everyone graded again when a setting changes, with what it means?"""
    with open(course / "nbgrader_config.py", "a") as config:
        config.write("c.Judge.carry_forward = False\n")
    assert grade_class(course).graded == EVERYONE
    assert scores(url_of(course), NAME)["s01"] == {"double": 0, "apart": 1, "quadruple": 0, "octuple": 0}


def test_changed_grader(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is everyone graded again when the grader's code has changed?"""
    monkeypatch.setattr("grader.batch.jobs.grader_version", lambda: version.grader_version() + "x")
    assert grade_class(course).graded == EVERYONE


def test_lost_notebook(course: Path) -> None:
    """Is a submission graded again when its graded notebook is gone?"""
    shutil.rmtree(course / "autograded" / "s00")
    assert grade_class(course).graded == ["s00"]


def test_lost_gradebook(course: Path) -> None:
    """Is a class graded again when its gradebook knows nothing of it?"""
    with Gradebook(url_of(course)) as gradebook:
        gradebook.remove_submission(NAME, "s01")
    assert grade_class(course).graded == ["s01"]


def test_damaged_entry(course: Path) -> None:
    """Does an entry that cannot be read count as none?"""
    (course / ".grader" / NAME / "s00.json").write_text('{"student": "s00"')
    assert grade_class(course).graded == ["s00"]


def test_force_and_student(course: Path) -> None:
    """Does force grade everyone again, into the same rows, and naming a student nobody else?"""
    before = rows(url_of(course), NAME, ids=True)
    assert grade_class(course, force=True).graded == EVERYONE
    assert grade_class(course, force=True, only=frozenset(["s01"])).graded == ["s01"]
    assert grade_class(course, only=frozenset(["s02"])).current == ["s02"]
    assert rows(url_of(course), NAME, ids=True) == before


def test_setting_that_was_taken_back(course: Path) -> None:
    """Is nothing left of a run with other settings that was ended between gradebook and result store?"""
    config = course / "nbgrader_config.py"
    text = config.read_text()
    config.write_text(text + "c.Judge.carry_forward = False\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ResultStore, "save", _end)
        with pytest.raises(RuntimeError, match="ended here"):
            grade_class(course)
    config.write_text(text)
    assert "s00" in grade_class(course).graded
    assert_whole(course, GRADED)


def _end(*arguments: object) -> None:
    raise RuntimeError("ended here")


def test_job_that_fails(course: Path) -> None:
    """Is a job that fails, which is our fault, told, its old result kept, and every other graded?"""

    class OneFails(InThisProcess):
        def run(self, bundle: Bundle, jobs: Iterable[Job]) -> Iterator[Outcome]:
            answers = super().run(bundle, jobs)
            return ((job, OSError("no more") if job.student == "s01" else answer) for job, answer in answers)

    report = grade_class(course, OneFails(), force=True)
    assert (report.graded, report.broken) == (["s00", "s02"], ["s01"])
    assert report.problems == [("s01", "not graded: no more")]
    assert_whole(course, GRADED)


class SandboxFails(InThisProcess):
    """Of one student, each time it is tried."""

    def __init__(self, student: str) -> None:
        self.student = student

    def run(self, bundle: Bundle, jobs: Iterable[Job]) -> Iterator[Outcome]:
        for job in jobs:
            with pytest.MonkeyPatch.context() as patch:
                if job.student == self.student:
                    patch.setattr(Session, "run_cell", _fail)
                yield from super().run(bundle, [job])


def _fail(*arguments: object, **options: object) -> None:
    raise SandboxError("the warm parent has ended")


def test_sandbox_that_fails(course: Path) -> None:
    """Does an earlier result stay where the sandbox fails, and is it graded at the next run?"""
    submit(course, "s01", "all right")
    report = grade_class(course, SandboxFails("s01"))
    assert (report.graded, report.broken) == ([], ["s01"])
    ((_, line),) = report.problems
    assert "the warm parent has ended" in line and line.endswith("Its earlier result was kept.")
    assert_whole(course, GRADED)
    assert grade_class(course).graded == ["s01"]
    assert scores(url_of(course), NAME)["s01"] == SCORES["all right"]


def test_sandbox_that_fails_the_first_time(course: Path) -> None:
    """Is the score of a new student open where the sandbox fails, and graded at the next run?"""
    submit(course, "s03", "all right")
    report = grade_class(course, SandboxFails("s03"))
    assert (report.graded, report.broken) == ([], ["s03"])
    assert set(scores(url_of(course), NAME)["s03"].values()) == {None}
    report = grade_class(course)
    assert (report.graded, report.broken, report.problems) == (["s03"], [], [])


def test_score_that_stays_open(course: Path) -> None:
    """Is a score that a fault of the tests left open told by every run until it is given?"""
    master = course / "source" / NAME / f"{NAME}.ipynb"
    master.write_text(master.read_text().replace("assert apart()", "import no_such_module\\nassert apart()"))
    first = grade_class(course)
    assert (first.graded, first.broken) == (EVERYONE, EVERYONE)
    again = grade_class(course)
    assert (again.current, again.broken, again.problems) == (EVERYONE, EVERYONE, first.problems)
    assert grader(course, "autograde", NAME).exit_code == BROKEN_STATUS


def test_file_that_is_left_out(course: Path) -> None:
    """Is a file beside the notebook that is not read told, where it is not one of the course's own?"""
    folder = course / "submitted" / "s00" / NAME
    (folder / "mine.dat").write_bytes(bytes(MAX_BYTES + 1))
    ((student, line),) = grade_class(course, only=frozenset(["s00"]), force=True).problems
    assert student == "s00" and "left out: mine.dat (all files together may have 20 MB)" in line


def test_gradebook_put_back_from_a_copy(course: Path) -> None:
    """Is a result that the gradebook does not have, or has otherwise, brought in again?"""
    copy = (course / "gradebook.db").read_bytes()
    submit(course, "s02", "all right")
    grade_class(course)
    (course / "gradebook.db").write_bytes(copy)
    assert grade_class(course).graded == ["s02"]
    assert scores(url_of(course), NAME)["s02"] == SCORES["all right"]


@pytest.mark.parametrize(
    ("module", "body"), [("penalty_one", "{}[student_id]"), ("penalty_two", "'ten'"), ("penalty_three", "float('nan')")]
)
def test_late_penalty_that_fails(course: Path, module: str, body: str) -> None:
    """Is one student's penalty that cannot be worked out told, everyone else graded, and this one once it is fixed?"""
    plugin = "from nbgrader.plugins import BasePlugin\n\n\nclass Own(BasePlugin):\n"
    plugin += f"    def late_submission_penalty(self, student_id, score, seconds):\n        return {body}\n"
    (course / f"{module}.py").write_text(plugin)
    (course / "submitted" / "s01" / NAME / "timestamp.txt").write_text("2026-11-20 12:00:00 UTC")
    with Gradebook(url_of(course)) as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate=datetime(2026, 11, 19))
    config = course / "nbgrader_config.py"
    text = config.read_text()
    own = f"import sys\nsys.path.append({str(course)!r})\nc.AssignLatePenalties.plugin_class = '{module}.Own'\n"
    config.write_text(text + own)
    report = grade_class(course, force=True)
    assert (report.graded, report.broken) == (EVERYONE, ["s01"])
    ((student, line),) = report.problems
    assert student == "s01" and line.startswith("not graded: Own could not compute the penalty for 129600 s (")
    config.write_text(text)
    assert "s01" in grade_class(course).graded
