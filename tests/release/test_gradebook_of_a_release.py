"""A release of an assignment whose class has been graded: the gradebook is looked at first, and nothing is half done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from commands import grader
from courses import files
from gradebooks import url_of
from nbgrader.api import Gradebook
from notebooks import cell_of, read, write
from small_courses import exercise

from grader.course import Course
from grader.gradebook.read import read_class_grades
from grader.gradebook.student_grades import ClassGrades

NAME = "chain"
STUDENTS = ("s00", "s01", "s02")


def master(course: Path) -> Path:
    return course / "source" / NAME / f"{NAME}.ipynb"


def change(course: Path, how: Callable[[dict], object]) -> None:
    notebook = read(master(course))
    how(notebook)
    write(notebook, master(course))


def add_halve(notebook: dict) -> None:
    notebook["cells"] += exercise("halve", "def halve(x):\n    return x / 2", "assert halve(4) == 2", 4)


def drop(name: str) -> Callable[[dict], None]:
    def how(notebook: dict) -> None:
        for cell in (cell_of(notebook, f"{name}_solution"), cell_of(notebook, name)):
            notebook["cells"].remove(cell)

    return how


def points(name: str, value: float) -> Callable[[dict], None]:
    def how(notebook: dict) -> None:
        cell_of(notebook, name)["metadata"]["nbgrader"]["points"] = value

    return how


def grades(course: Path) -> ClassGrades:
    return read_class_grades(Course(course).config, course, NAME)


def kept(course: Path) -> tuple[ClassGrades, dict[str, bytes]]:
    return grades(course), files(course / "release")


@pytest.mark.parametrize(
    ("how", "total"),
    [
        (add_halve, "s00: 11 of 11 -> 11 of 15, 4 not graded yet: loses"),
        (drop("octuple"), "s02: 2 of 11 -> 2 of 6: gains"),
        (points("double", 7), "s01: 9 of 11 -> 9 of 16: loses"),
    ],
)
def test_dry_run_changes_nothing(how: Callable, total: str, graded_copy: Path) -> None:
    """Does --dry-run name the change, those concerned and their totals, and leave release and gradebook?"""
    before = kept(graded_copy)
    change(graded_copy, how)
    done = grader(graded_copy, "release", NAME, "--dry-run")
    assert done.exit_code == 0, done.output
    assert "s00, s01, s02" in done.stdout and "nothing was changed" in done.stdout
    assert f"  {total}\n" in done.stdout
    assert kept(graded_copy) == before


def test_added_exercise_is_open_for_everybody(graded_copy: Path) -> None:
    """Does everybody get an open grade for an exercise that is added, and keep all others, until the class is graded?"""
    before = grades(graded_copy)
    change(graded_copy, add_halve)
    done = grader(graded_copy, "release", NAME)
    assert done.exit_code == 0, done.output
    assert "halve: added, 4 points" in done.stdout
    after = grades(graded_copy)
    assert after.max_score == before.max_score + 4
    for old, new in zip(before.students, after.students, strict=True):
        assert new.open_cells == ("halve",)
        assert {name: grade for name, grade in new.grades.items() if name != "halve"} == old.grades
    graded = grader(graded_copy, "autograde", NAME)
    assert graded.exit_code == 0, graded.output
    assert [one.open_cells for one in grades(graded_copy).students] == [(), (), ()]


def test_grades_are_not_lost_without_a_word(graded_copy: Path) -> None:
    """Is the release refused that would take grades away, with students, remedy, and all as it was?"""
    before = kept(graded_copy)
    change(graded_copy, drop("octuple"))
    done = grader(graded_copy, "release", NAME)
    assert done.exit_code == 1
    assert "octuple: withdrawn, 5 points leave everybody's total. Graded: 3 students: s00, s01, s02" in done.stderr
    assert "--withdraw octuple" in done.stderr
    assert kept(graded_copy) == before


def test_exercise_is_withdrawn_when_told(graded_copy: Path) -> None:
    """Do its points leave everybody's total, and all other grades stay, also those that people entered?"""
    with Gradebook(url_of(graded_copy)) as gradebook:
        gradebook.find_grade("double", NAME, NAME, "s01").manual_score = 1.5
        gradebook.db.commit()
    before = grades(graded_copy)
    change(graded_copy, drop("octuple"))
    assert grader(graded_copy, "release", NAME, "--withdraw", "octuple").exit_code == 0
    after = grades(graded_copy)
    assert after.max_score == before.max_score - 5
    for old, new in zip(before.students, after.students, strict=True):
        assert new.grades == {name: grade for name, grade in old.grades.items() if name != "octuple"}
    assert "octuple" not in (graded_copy / "release" / NAME / f"{NAME}.ipynb").read_text()


def test_points_change(graded_copy: Path) -> None:
    """Does the gradebook learn of other points, and say who handed in?"""
    change(graded_copy, points("double", 7))
    done = grader(graded_copy, "release", NAME)
    assert "double: 2 points become 7. Handed in: 3 students" in done.stdout
    assert grades(graded_copy).points["double"] == 7


def test_unchanged_release_says_nothing_of_students(graded_copy: Path) -> None:
    """Does a release without a change of graded cells leave every grade, and name nobody?"""
    before = grades(graded_copy)
    done = grader(graded_copy, "release", NAME)
    assert done.exit_code == 0
    assert "s00" not in done.stdout
    assert grades(graded_copy) == before


def test_release_that_cannot_be_moved_leaves_the_gradebook(graded_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does a disk that fails in the last step leave gradebook and release as they were?"""
    before = kept(graded_copy)
    change(graded_copy, add_halve)

    def refuse(fresh: Path, place: Path, staging: Path) -> None:
        place.rename(staging / "old")
        raise OSError(28, "No space left on device", str(place))

    monkeypatch.setattr("grader.release.build._publish", refuse)
    done = grader(graded_copy, "release", NAME)
    assert done.exit_code == 1 and "No space left" in done.stderr
    assert kept(graded_copy) == before
    assert [path.name for path in (graded_copy / "release").iterdir()] == [NAME]


def test_gradebook_that_fails_leaves_the_release(graded_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does a gradebook that is locked at the end leave the old release in its place?"""
    before = files(graded_copy / "release")
    change(graded_copy, add_halve)
    (graded_copy / "gradebook.db").write_text("no database")
    done = grader(graded_copy, "release", NAME)
    assert done.exit_code == 1 and "damaged" in done.stderr
    assert files(graded_copy / "release") == before
