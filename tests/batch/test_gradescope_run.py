"""One run in Gradescope's container: from the files that it lays out to results.json."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_classes import NAME, SCORES, small_class, submit

from grader.assignments.bundle import Bundle
from grader.batch.gradescope_run import TrialError, grade_master, grade_submission, submitter
from grader.cli.grade import bundle_of
from grader.course import Course
from grader.judging.warm_grader import WarmGrader
from grader.submissions.seed import submission_seed

SECRET = bytes(32)
STUDENT = "ada@example.org"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(small_class(tmp_path_factory.mktemp("gradescope") / "course", 0))


@pytest.fixture(scope="module")
def bundle(course: Course) -> Bundle:
    return bundle_of(course, NAME)


@pytest.fixture(scope="module")
def grader(course: Course) -> Iterator[WarmGrader]:
    with course.grader(course.assignment(NAME)) as grader:
        yield grader


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Gradescope's folder, with nothing handed in."""
    (tmp_path / "submission").mkdir()
    (tmp_path / "results").mkdir()
    (tmp_path / "submission_metadata.json").write_text(json.dumps({"users": [{"id": 1, "email": STUDENT}]}))
    return tmp_path


def hand_in(course: Course, root: Path, kind: str, name: str = f"{NAME}.ipynb") -> bytes:
    path = submit(course.folder, "somebody", kind)
    shutil.copy(path, root / "submission" / name)
    return path.read_bytes()


def results(root: Path) -> dict:
    return json.loads((root / "results" / "results.json").read_text())


@pytest.mark.parametrize("kind", SCORES)
def test_scores(course: Course, bundle: Bundle, grader: WarmGrader, root: Path, kind: str) -> None:
    """Are the scores those of `grader autograde`, with the seed that it would draw for this student?"""
    content = hand_in(course, root, kind)
    result = grade_submission(grader, bundle, SECRET, root)
    assert result is not None and result.seed == submission_seed(SECRET, NAME, STUDENT, content, {})
    assert {test["name"]: test["score"] for test in results(root)["tests"]} == SCORES[kind]
    assert results(root)["score"] == sum(SCORES[kind].values())


def test_other_name(course: Course, bundle: Bundle, grader: WarmGrader, root: Path) -> None:
    """Is the only notebook judged whatever its name, and the student told?"""
    hand_in(course, root, "all right", "homework (1).ipynb")
    grade_submission(grader, bundle, SECRET, root)
    assert results(root)["score"] == 11 and "homework (1).ipynb" in results(root)["output"]


@pytest.mark.parametrize("name", ["", "homework.zip", "notes.txt"])
def test_no_notebook(bundle: Bundle, grader: WarmGrader, root: Path, name: str) -> None:
    """Does a student who hands in something else get 0 and a sentence that says so, at once?"""
    if name:
        (root / "submission" / name).write_bytes(b"PK")
    grade_submission(grader, bundle, SECRET, root)
    assert results(root)["score"] == 0 and f"{NAME}.ipynb: " in results(root)["output"]
    assert name in results(root)["output"], "what was handed in instead"


def test_file_that_cannot_be_read(bundle: Bundle, grader: WarmGrader, root: Path) -> None:
    """Does a score stay open where the fault need not be the student's?"""
    (root / "submission").rmdir()
    (root / "submission").write_bytes(b"")
    assert grade_submission(grader, bundle, SECRET, root) is None
    assert "score" not in results(root) and results(root)["output"].startswith("Execution error")


@pytest.mark.parametrize(
    ("text", "student"),
    [
        ('{"users": [{"email": "ada@example.org", "name": "Ada", "id": 3}]}', "ada@example.org"),
        ('{"users": [{"email": null, "name": "Ada", "id": 3}]}', "Ada"),
        ('{"users": [{"id": 3}]}', "3"),
        ('{"users": []}', ""),
        ('{"users": 5}', ""),
        ("[]", ""),
        ("{", ""),
        (None, ""),
    ],
)
def test_submitter(tmp_path: Path, text: str | None, student: str) -> None:
    """Is the student found in Gradescope's metadata, and a grade not lost where that is damaged or missing?"""
    path = tmp_path / "submission_metadata.json"
    if text is not None:
        path.write_text(text)
    assert submitter(path) == student


def test_trial(bundle: Bundle, grader: WarmGrader) -> None:
    """Do the assignment's own solutions get full marks in the trial that ends setup.sh?"""
    assert grade_master(grader, bundle).score == 11


def test_trial_fails(course: Course, bundle: Bundle, tmp_path: Path) -> None:
    """Does a container fail its set-up where the solutions cannot be graded, instead of failing students?"""
    broken = tmp_path / "course"
    shutil.copytree(course.folder, broken)
    master = broken / "source" / NAME / f"{NAME}.ipynb"
    master.write_text(master.read_text().replace("x + x", "not_installed(x)"))
    other = Course(broken)
    with other.grader(other.assignment(NAME)) as grader, pytest.raises(TrialError, match=rf"{NAME}\.ipynb: .* of 11"):
        grade_master(grader, bundle)
