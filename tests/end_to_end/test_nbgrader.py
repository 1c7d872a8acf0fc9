"""The course as nbgrader's users know it: release, autograde, feedback, export, validate."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from courses import ANSWERS, COMPANIONS, COURSE, NAME, copy_course, exported_grades, files, run, run_well
from notebooks import cell_of, read, write

from grader.results.records import Result
from grader.results.store import ResultStore
from public_tests import CASES

PERFECT, WARNS, HALF_DONE, PARTLY, UNTOUCHED = "amara_k", "rosa_c", "daniel_o", "hiro_n", "elif_d"
TAMPERED = "mallory"
"""hands in the perfect notebook without its conv_forward test, beside public tests of her own"""
LOG = "autograde.log"
STUDENTS = {PERFECT, WARNS, HALF_DONE, PARTLY, UNTOUCHED, TAMPERED}


@pytest.fixture(scope="session")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course whose class was released to, autograded, given feedback, and exported, by nbgrader's own commands."""
    course = copy_course(COURSE, tmp_path_factory.mktemp("graded") / "course")
    shutil.rmtree(course / "release")
    run_well(course, "nbgrader", "generate_assignment", NAME)
    for path in (course / ANSWERS.relative_to(COURSE)).glob("*.py"):
        if path.stem not in STUDENTS:
            path.unlink()
    run_well(course, "grader", "sample-class", NAME)
    tamper(course)
    (course / LOG).write_text(run_well(course, "nbgrader", "autograde", NAME))
    run_well(course, "nbgrader", "generate_feedback", NAME)
    run_well(course, "nbgrader", "export")
    return course


def tamper(course: Path) -> None:
    """Hand in for TAMPERED."""
    shutil.copytree(course / "submitted" / PERFECT, course / "submitted" / TAMPERED)
    folder = course / "submitted" / TAMPERED / NAME
    notebook = read(folder / f"{NAME}.ipynb")
    notebook["cells"].remove(cell_of(notebook, "conv_forward"))
    cell_of(notebook, "zero_pad_solution")["source"] = "def zero_pad(X, pad):\n    return X"
    write(notebook, folder / f"{NAME}.ipynb")
    (folder / "checks").mkdir()
    for name in COMPANIONS:
        (folder / name).write_text("raise SystemExit('mine')")


@pytest.fixture(scope="session")
def scores(graded: Path) -> dict[str, Result]:
    """Student -> recorded result."""
    return {record.student: record.result for record in ResultStore(graded, NAME).records()}


def score_of(row: Result, exercise: str) -> float:
    return next(outcome.score for outcome in row.exercises if outcome.name == exercise)


def autograded(course: Path, student: str) -> dict[str, Any]:
    return read(course / "autograded" / student / NAME / f"{NAME}.ipynb")


def cell_by_id(notebook: dict[str, Any], cell_id: str) -> dict[str, Any]:
    return next(cell for cell in notebook["cells"] if cell["id"] == cell_id)


def test_release_is_the_committed_one(graded: Path) -> None:
    """Does nbgrader's own command build the release that `grader release` builds?"""
    assert files(graded / "release" / NAME) == files(COURSE / "release" / NAME)


def test_everyone_is_graded(scores: dict[str, Result]) -> None:
    """Has every student a row with every exercise?"""
    assert scores.keys() == STUDENTS
    assert all([outcome.name for outcome in row.exercises] == list(CASES) for row in scores.values())


def test_perfect_answer_gets_full_marks(scores: dict[str, Result]) -> None:
    """Does a right notebook earn every point?"""
    row = scores[PERFECT]
    assert (row.parts(), row.score) == ({"forward": (60, 60), "backward": (40, 40)}, 100)


def test_warning_costs_nothing(graded: Path, scores: dict[str, Result]) -> None:
    """Does a right answer that makes NumPy warn on stderr earn full marks?"""
    outputs = cell_by_id(autograded(graded, WARNS), "create-mask-from-window-try")["outputs"]
    assert any(output.get("name") == "stderr" for output in outputs), "the example does not warn any more"
    assert scores[WARNS].score == 100


def test_untouched_half_earns_nothing(scores: dict[str, Result]) -> None:
    """Does a student who did the forward half earn just its points, and one who did nothing none?"""
    assert scores[HALF_DONE].parts() == {"forward": (60, 60), "backward": (0, 40)}
    assert scores[UNTOUCHED].score == 0


def test_untouched_exercise_is_told_so(scores: dict[str, Result]) -> None:
    """Is an untouched exercise recorded as not done, rather than as wrong?"""
    assert all(outcome.test.not_done for outcome in scores[UNTOUCHED].exercises)


def test_partial_credit_is_the_weight_of_passed_checks(scores: dict[str, Result]) -> None:
    """Does a conv_backward that fails at pad 0 alone keep the greater part of its points?"""
    outcome = next(outcome for outcome in scores[PARTLY].exercises if outcome.name == "conv_backward")
    weights = {True: 0.0, False: 0.0}
    for check in outcome.test.checks:
        weights[check.passed] += check.weight
    assert outcome.score == round(20 * weights[True] / sum(weights.values()), 2)
    assert 10 < outcome.score < 20


def test_seed_is_recorded_and_differs(scores: dict[str, Result]) -> None:
    """Is the seed of each submission kept, one for all its exercises?"""
    seeds = {student: {outcome.test.seed for outcome in row.exercises} for student, row in scores.items()}
    assert all(len(seeds[student]) == 1 for student in (PERFECT, WARNS))
    assert seeds[PERFECT] != seeds[WARNS]


def test_deleted_test_is_put_back_and_graded(graded: Path, scores: dict[str, Result]) -> None:
    """Is a test cell that a student deleted graded all the same?"""
    assert cell_of(autograded(graded, TAMPERED), "conv_forward")["outputs"]
    assert score_of(scores[TAMPERED], "conv_single_step") > 0
    assert any(outcome.name == "conv_forward" and outcome.test.checks for outcome in scores[TAMPERED].exercises)


def test_instructors_copy_wins(graded: Path, scores: dict[str, Result]) -> None:
    """Are tests that a student hands in replaced by the course's own, and do those judge?"""
    for student in (PERFECT, TAMPERED):
        for name in COMPANIONS:
            found = graded / "autograded" / student / NAME / name
            assert found.read_bytes() == (graded / name).read_bytes(), (student, name)
    assert score_of(scores[TAMPERED], "zero_pad") < 5


def test_gradebook_agrees_with_our_table(graded: Path, scores: dict[str, Result]) -> None:
    """Are the totals that nbgrader exports those of `grader scores`?"""
    exported = {row["student_id"]: row for row in exported_grades(graded)}
    assert {student: round(float(row["score"]), 2) for student, row in exported.items()} == {
        student: row.score for student, row in scores.items()
    }
    assert {float(row["max_score"]) for row in exported.values()} == {100}


def test_gradebook_agrees_exercise_by_exercise(graded: Path, scores: dict[str, Result]) -> None:
    """Is the score of each exercise in the gradebook ours?"""
    query = """
        SELECT submitted_assignment.student_id, base_cell.name, grade.auto_score FROM grade
        JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
        JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
        JOIN base_cell ON grade.cell_id = base_cell.id
    """
    with closing(sqlite3.connect(graded / "gradebook.db")) as database:
        stored = {(student, exercise): score for student, exercise, score in database.execute(query)}
    assert stored == {(student, o.name): o.score for student, row in scores.items() for o in row.exercises}


def test_table_shows_parts_and_total(graded: Path) -> None:
    """Does `grader scores` print a row for each student, with forward, backward and total?"""
    rows = [line for line in run_well(graded, "grader", "scores", NAME).splitlines() if "│" in line]
    table = {cells[1].strip(): [c.strip() for c in cells[-4:-1]] for cells in (row.split("│") for row in rows)}
    assert table[PERFECT] == ["60", "40", "100"]
    assert table[HALF_DONE] == ["60", "0", "60"]
    assert table.keys() >= STUDENTS


def test_feedback_shows_the_checks(graded: Path) -> None:
    """Is there a feedback page for every student, with the score and the failed check?"""
    pages = {path.parts[-3]: path.read_text() for path in (graded / "feedback").glob(f"*/{NAME}/{NAME}.html")}
    assert pages.keys() == STUDENTS
    assert re.search(r"<code>conv_backward</code>.*?<b>1[\d.]+ of 20</b>", pages[PARTLY], re.DOTALL)
    assert "Failed: </span>finds all three when pad is 0" in pages[PARTLY]


def test_feedback_shows_no_hidden_test(graded: Path) -> None:
    """Does no feedback page hold a line of a hidden test, or its delimiter?"""
    secrets = [*(f"{exercise}_hidden_test" for exercise in CASES), "HIDDEN TESTS", "hidden_tests"]
    for page in (graded / "feedback").glob("**/*.html"):
        text = page.read_text()
        assert [secret for secret in secrets if secret in text] == [], page.parts[-3]


def test_graded_notebook_carries_outputs_and_figures(graded: Path) -> None:
    """Does a human reader find what the student's cells printed and drew?"""
    cell = cell_by_id(autograded(graded, PERFECT), "zero-pad-try")
    assert "x_pad.shape = (4, 7, 7, 2)" in "".join(cell["outputs"][0]["text"])
    assert any("image/png" in output.get("data", {}) for output in cell["outputs"])
    assert cell["execution_count"] is not None
    untouched = cell_by_id(autograded(graded, UNTOUCHED), "zero-pad-try")["outputs"]
    assert [(output["output_type"], output["ename"]) for output in untouched] == [("error", "NotDoneYet")]


def test_graded_notebook_shows_the_checks(graded: Path) -> None:
    """Does each test cell of the graded notebook show points and checks, as text and as a page?"""
    notebook = autograded(graded, PARTLY)
    for exercise in CASES:
        record, shown = cell_of(notebook, exercise)["outputs"]
        assert record["output_type"] == "execute_result"
        assert "".join(shown["data"]["text/plain"]).startswith(f"{exercise}: ")
        assert "<ul" in "".join(shown["data"]["text/html"])


def test_tampering_is_warned_of(graded: Path) -> None:
    """Does the log say who changed what, and of nobody else?"""
    warnings = [line for line in (graded / LOG).read_text().splitlines() if f"WARNING] {TAMPERED}: " in line]
    assert any("the test cell conv_forward is missing" in line for line in warnings)
    for name in COMPANIONS:
        assert any(f"the file {name} was changed" in line for line in warnings)
    assert f"WARNING] {PERFECT}: " not in (graded / LOG).read_text()


def test_validate_knows_right_from_untouched(graded: Path) -> None:
    """Does `nbgrader validate` pass a right notebook, and name the failing cells of an untouched one?"""
    path = f"submitted/{PERFECT}/{NAME}"
    others = shutil.ignore_patterns("*.ipynb")
    shutil.copytree(graded / "release" / NAME, graded / path, ignore=others, dirs_exist_ok=True)
    assert "Success!" in run_well(graded, "nbgrader", "validate", f"{path}/{NAME}.ipynb")
    untouched = run(graded, "nbgrader", "validate", f"release/{NAME}/{NAME}.ipynb")
    assert "Success!" not in untouched.stdout
    assert "zero_pad is not done yet" in untouched.stdout + untouched.stderr
