"""`grader autograde` beside `nbgrader autograde`, on the same class: the same gradebook, the same notebooks."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from courses import ANSWERS, COURSE, NAME, copy_course, exported_grades, run_well
from gradebooks import rows, url_of
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.utils import compute_checksum
from notebooks import cell_of, read, write
from traitlets.config import Config

# nbgrader's own way of adding a submission
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
DUE = datetime.datetime(2026, 11, 20, 12)
ON_TIME, LATE, EXTENDED, HALF_DONE, UNTOUCHED, TAMPERED = (
    "amara_k",
    "hiro_n",
    "rosa_c",
    "daniel_o",
    "elif_d",
    "bjorn_s",
)
STUDENTS = {ON_TIME, LATE, EXTENDED, HALF_DONE, UNTOUCHED, TAMPERED}
MISSING = "nobody"
HANDED_IN = {
    ON_TIME: "2026-11-20 11:59:59.5 UTC",
    LATE: "2026-11-20 14:00:00 CET",  # 13:00 UTC
    EXTENDED: "2026-11-21 11:00:00.000000 UTC",
    TAMPERED: "2026-11-20 12:00:00 UTC",
}
LATE_POLICY = """
from nbgrader.plugins import BasePlugin


class PointAnHour(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return total_seconds_late / 3600
"""
GRADER = "a human"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The class graded by us, and by nbgrader's command with our judge."""
    course = copy_course(COURSE, tmp_path_factory.mktemp("pair") / "ours")
    prepare(course)
    other = course.with_name("theirs")
    shutil.copytree(course, other, symlinks=True)
    run_well(course, "grader", "autograde", NAME, "--jobs", "2")
    run_well(other, "nbgrader", "autograde", NAME)
    return course, other


def prepare(course: Path) -> None:
    """Release, hand in, and enter what an instructor enters beforehand."""
    run_well(course, "nbgrader", "generate_assignment", NAME, "--force")
    for path in (course / ANSWERS.relative_to(COURSE)).glob("*.py"):
        if path.stem not in STUDENTS:
            path.unlink()
    run_well(course, "grader", "sample-class", NAME)
    for student, when in HANDED_IN.items():
        (course / "submitted" / student / NAME / "timestamp.txt").write_text(when)
    (course / "late_policy.py").write_text(LATE_POLICY)
    with open(course / "nbgrader_config.py", "a") as config:
        config.write("\nsys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))\n")
        config.write("c.AssignLatePenalties.plugin_class = 'late_policy.PointAnHour'\n")
    tamper(course / "submitted" / TAMPERED / NAME / f"{NAME}.ipynb")
    with Gradebook(url_of(course)) as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate=DUE)
        gradebook.add_student(EXTENDED, first_name="Rosa", email="rosa@example.org")
        gradebook.add_student(MISSING)
        gradebook.add_submission(NAME, EXTENDED).extension = datetime.timedelta(days=1)
        gradebook.db.commit()


def tamper(path: Path) -> None:
    """Delete a test, and change points: of what nbgrader survives."""
    notebook = read(path)
    notebook["cells"].remove(cell_of(notebook, "conv_forward"))
    cell_of(notebook, "zero_pad")["metadata"]["nbgrader"]["points"] = 50
    write(notebook, path)


@pytest.fixture
def ours(pair: tuple[Path, Path], tmp_path: Path) -> Path:
    """A graded course that a test may write to."""
    return Path(shutil.copytree(pair[0], tmp_path / "course", symlinks=True))


def graded(course: Path, student: str) -> Path:
    return course / "autograded" / student / NAME / f"{NAME}.ipynb"


def test_rows_are_nbgraders(pair: tuple[Path, Path]) -> None:
    """Do scores, comments, penalties, timestamps and students equal those that nbgrader's own command writes?"""
    ours, theirs = (rows(url_of(course)) for course in pair)
    assert ours == theirs
    assert ours[LATE]["penalties"] == {NAME: 1.0}
    assert ours[EXTENDED]["penalties"] == {NAME: None}
    assert "grades" not in ours[MISSING]
    assert ours[UNTOUCHED]["comments"]["zero_pad_solution"]["auto_comment"] == "No response."


def test_same_class_gives_the_same_rows(ours: Path) -> None:
    """Does grading everything once more leave every row as it was, with its id?"""
    before = rows(url_of(ours), ids=True)
    run_well(ours, "grader", "autograde", NAME, "--jobs", "2", "--force")
    assert rows(url_of(ours), ids=True) == before


def test_humans_entries_survive(ours: Path) -> None:
    """Are manual scores and comments kept by a regrade, and shown for review, as nbgrader has it?"""
    with Gradebook(url_of(ours)) as gradebook:
        grade = gradebook.find_grade("conv_backward", NAME, NAME, LATE)
        grade.manual_score, grade.extra_credit = 19.5, 2.0
        gradebook.find_comment("zero_pad_solution", NAME, NAME, LATE).manual_comment = GRADER
        gradebook.db.commit()
    before = rows(url_of(ours), ids=True)[LATE]
    run_well(ours, "grader", "autograde", NAME, "--jobs", "1", "--force", "--student", LATE)
    after = rows(url_of(ours), ids=True)[LATE]
    assert after["grades"].pop("conv_backward") == before["grades"].pop("conv_backward") | {"needs_manual_grade": True}
    assert after == before
    assert after["comments"]["zero_pad_solution"]["comment"] == GRADER


@pytest.mark.parametrize("student", [ON_TIME, LATE, UNTOUCHED, TAMPERED])
def test_notebook_is_nbgraders(pair: tuple[Path, Path], student: str) -> None:
    """Has our graded notebook the cells, ids, metadata and outputs of nbgrader's, and is it a valid one?"""
    ours, theirs = (nbformat.read(graded(course, student), as_version=4) for course in pair)
    nbformat.validate(ours)
    assert [plain(cell) for cell in ours.cells] == [plain(cell) for cell in theirs.cells]
    assert ours.metadata.kernelspec == theirs.metadata.kernelspec
    for cell in ours.cells:
        if cell.metadata.get("nbgrader", {}).get("locked"):
            assert cell.metadata.nbgrader.checksum == compute_checksum(cell)


def plain(cell: dict[str, Any]) -> dict[str, Any]:
    """A cell without what differs from run to run, or by nature."""
    outputs = [
        (output.output_type, output.get("text"), sorted(output.get("data", ()))) for output in cell.get("outputs", ())
    ]
    return {
        "type": cell.cell_type,
        "source": cell.source.removeprefix(PUT_BACK),
        "id": None if cell.source.startswith(PUT_BACK) or cell.id == "conv-forward-test" else cell.id,
        "nbgrader": {"task": False, **cell.metadata.nbgrader} if "nbgrader" in cell.metadata else None,
        "outputs": outputs,
    }


PUT_BACK = "# This cell (id:conv_forward) was missing from the submission. It was added back by nbgrader.\n\n"


def test_nbgrader_goes_on_from_there(ours: Path) -> None:
    """Do generate_feedback and export take our results?"""
    run_well(ours, "nbgrader", "generate_feedback", NAME)
    run_well(ours, "nbgrader", "export")
    pages = {path.parts[-3] for path in (ours / "feedback").glob(f"*/{NAME}/{NAME}.html")}
    assert pages == STUDENTS
    exported = {row["student_id"]: float(row["score"]) for row in exported_grades(ours)}
    assert exported[ON_TIME] == 100
    assert exported[MISSING] == 0


def test_formgrader_takes_our_results(pair: tuple[Path, Path]) -> None:
    """Does what the Formgrader asks for say of our course what it says of nbgrader's?"""
    ours, theirs = (formgraders_view(course) for course in pair)
    assert ours == theirs
    assert {submission["student"] for submission in ours if submission.get("autograded")} == STUDENTS


def formgraders_view(course: Path) -> list[dict[str, Any]]:
    """What its pages of submissions show, but for ids and what is in their order."""
    api = NbGraderAPI(config=Config({"CourseDirectory": {"root": str(course), "course_id": "convolution"}}))
    found = api.get_submissions(NAME) + api.get_notebook_submissions(NAME, NAME)
    plain = ({name: value for name, value in submission.items() if name not in ("id", "index")} for submission in found)
    return sorted(plain, key=lambda submission: (len(submission), submission["student"]))
