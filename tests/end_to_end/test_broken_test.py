"""A test of ours that fails: nbgrader leaves the score to a human, and keeps what the human says."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from courses import ANSWERS, COURSE, NAME, copy_course, exported_grades, run, run_well

from grader.results.records import BROKEN_STATUS
from public_tests import CASES

STUDENT, BROKEN = "amara_k", "distribute_value"
LOG = "autograde.log"
GRADES = """
    SELECT base_cell.name, grade.auto_score, grade.manual_score, grade.needs_manual_grade FROM grade
    JOIN base_cell ON grade.cell_id = base_cell.id
"""


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with a bug in a hidden test, and one perfect submission, autograded."""
    course = copy_course(COURSE, tmp_path_factory.mktemp("broken") / "course")
    run_well(course, "nbgrader", "generate_assignment", NAME, "--force")  # the gate would refuse the bug
    hidden = course / "source" / NAME / "private" / "hidden_tests.py"
    start = f"def {BROKEN}_hidden_test(target: Callable) -> Report:\n"
    assert start in hidden.read_text()
    hidden.write_text(hidden.read_text().replace(start, f"{start}    [][1]\n"))
    for path in (course / ANSWERS.relative_to(COURSE)).glob("*.py"):
        if path.stem != STUDENT:
            path.unlink()
    run_well(course, "grader", "sample-class", NAME)
    (course / LOG).write_text(autograde(course))
    return course


def autograde(course: Path, *options: str) -> str:
    """Autograde the class, which has to end with the status of a broken exercise; return what was logged."""
    done = run(course, "nbgrader", "autograde", NAME, *options)
    assert done.returncode == BROKEN_STATUS, done.stderr
    return done.stdout + done.stderr


def grades(course: Path) -> dict[str, tuple[Any, ...]]:
    """Exercise -> automatic score, score by hand, whether a human is asked for."""
    with closing(sqlite3.connect(course / "gradebook.db")) as database:
        return {name: tuple(rest) for name, *rest in database.execute(GRADES)}


def test_log_names_student_and_exercise(broken: Path) -> None:
    """Is the broken exercise an error in the log, and no other?"""
    (line,) = [line for line in (broken / LOG).read_text().splitlines() if "ERROR" in line]
    assert f"{STUDENT}: {BROKEN} is broken" in line


def test_broken_exercise_waits_for_a_human(broken: Path) -> None:
    """Has the exercise no automatic score, and a mark that a human has to look, and no other exercise?"""
    found = grades(broken)
    assert found[BROKEN] == (None, None, 1)
    assert {name for name, (_, _, needed) in found.items() if needed} == {BROKEN}
    assert sum(score for score, _, _ in found.values() if score is not None) == 95
    assert set(found) == set(CASES)


def test_human_score_survives_a_regrade(broken: Path) -> None:
    """Is a score given by hand kept when the class is autograded again, and counted?"""
    with closing(sqlite3.connect(broken / "gradebook.db")) as database, database:
        database.execute(
            "UPDATE grade SET manual_score = 4, needs_manual_grade = 0 "
            "WHERE cell_id IN (SELECT id FROM base_cell WHERE name = ?)",
            (BROKEN,),
        )
    autograde(broken, "--force")
    auto, by_hand, _ = grades(broken)[BROKEN]
    assert (auto, by_hand) == (None, 4)
    run_well(broken, "nbgrader", "export")
    (row,) = exported_grades(broken)
    assert float(row["score"]) == 99
