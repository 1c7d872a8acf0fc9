"""What `grader autograde` prints: scores, counts, problems, JSON."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from courses import run, run_well
from rich.console import Console
from small_courses import RIGHT, chain, hand_in

from grader.analysis.student_scores import StudentScores
from grader.batch.run_report import RunReport
from grader.cli.progress import Rate, progress
from grader.cli.score_table import distribution_tables, score_table
from grader.results.records import CellOutcome, CheckOutcome, ExerciseOutcome


def row(student: str, share: float | None) -> StudentScores:
    """A student with two exercises of 10 points: the first with that share of them, or open, the second untouched."""
    checks = (CheckOutcome("right", share or 0, True), CheckOutcome("wrong", 1 - (share or 0), False))
    first = ExerciseOutcome("first_one", "forward", 10, True, CellOutcome(checks, broken=share is None))
    return StudentScores(student, (first, ExerciseOutcome("second", "backward", 10, True, CellOutcome(error="none"))))


def printed(*tables: object) -> str:
    console = Console(width=120)
    with console.capture() as text:
        for table in tables:
            console.print(table)
    return text.get()


def test_open_score_is_said() -> None:
    """Does the table of scores say which one is open, and add up the others?"""
    text = printed(score_table([row("ada", 0.5), row("ben", None)], "lab"))
    assert next(line.split("│")[2].strip() for line in text.splitlines() if "ben" in line) == "open"
    assert "10" in text and "5" in text


def test_distribution_of_a_large_class() -> None:
    """Does a large class become ten lines and a line per exercise?"""
    text = printed(*distribution_tables((row(str(number), number / 100) for number in range(101)), "lab"))
    assert "lab: 101 students, mean 5.0, median 5 of 20" in text
    assert "18 to 20" in text and "0 to 2" in text
    assert [line.split("│")[1:5] for line in text.splitlines() if "first_one" in line] == [
        [" first_one ", "  50% ", "         1% ", "   1% "]
    ]


def test_class_without_points() -> None:
    """Is a class in which nobody has a point shown too?"""
    assert "mean 0.0" in printed(*distribution_tables([row("ada", 0), row("ben", None)], "lab"))


def test_problems_are_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Is each problem a line on stderr, once, as it was written?"""
    report = RunReport()
    with progress(2, quiet=True, lines=True) as advance:
        report.problems.append(("ada", "a [red]problem[/red] " + "x" * 200))
        advance("ada", report)
        advance("ben", report)
        report.problems.append(("cem", "another"))
        advance("", report)
    assert capsys.readouterr().err.splitlines() == ["ada: a [red]problem[/red] " + "x" * 200, "cem: another"]


def test_rate_of_nothing() -> None:
    """Is the rate empty before anything is done?"""
    with progress(1, quiet=True, lines=False):
        pass
    assert Rate().render(type("Task", (), {"finished_speed": None, "speed": None})()).plain == ""


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small course with two submissions: a right one, and one that touches a test."""
    course = chain(tmp_path_factory.mktemp("class") / "course").folder
    run_well(course, "nbgrader", "generate_assignment", "chain", "--force")
    content = hand_in(course / "release" / "chain" / "chain.ipynb", RIGHT)
    for student, text in (("ada", content), ("ben", content.replace(b"octuple(2) == 16", b"True"))):
        path = course / "submitted" / student / "chain" / "chain.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(text)
    return course


@pytest.fixture
def course(released: Path, tmp_path: Path) -> Path:
    """A copy of it, not graded yet."""
    return shutil.copytree(released, tmp_path / "course")


def test_summary(course: Path) -> None:
    """Are the scores and counts on stdout, and what a human should know on stderr? Is a second run short?"""
    first = run(course, "grader", "autograde", "chain", "--jobs", "1")
    assert first.returncode == 0, first.stderr
    assert [word in first.stdout for word in ("ada", "ben", "11", "graded", "a second")] == [True] * 5
    assert "ben: " in first.stderr and "octuple" in first.stderr and "ada" not in first.stderr
    second = run(course, "grader", "autograde", "chain", "--jobs", "1")
    assert "unchanged, left as they were" in second.stdout
    assert second.stderr.strip() == ""


def test_json_and_quiet(course: Path) -> None:
    """Is --json nothing but JSON, and --quiet nothing but problems?"""
    done = run(course, "grader", "autograde", "chain", "--jobs", "1", "--json")
    report = json.loads(done.stdout)
    assert (report["graded"], report["scores"]) == (["ada", "ben"], {"ada": 11, "ben": 11})
    assert [problem["student"] for problem in report["problems"]] == ["ben"]
    assert done.stderr == ""
    quiet = run(course, "grader", "autograde", "chain", "--jobs", "1", "--quiet", "--force")
    assert quiet.stdout == ""
    assert [line[:5] for line in quiet.stderr.splitlines()] == ["ben: "]
