"""The picture that an assignment draws of a failed answer: for the feedback, and for no points."""

from __future__ import annotations

import json
from pathlib import Path

from courses import ANSWERS
from notebooks import read
from small_courses import QUICK, RELEASE, exercise, hand_in, write_course

from grader.assignments.assignment import Assignment
from grader.config.limits import DRAWING_CHARACTERS
from grader.judging.grade import grade
from grader.release.sample_class import fill_in
from grader.results.codec import read_result, result_json
from grader.results.records import ExerciseOutcome
from grader.results.render import as_html, as_text
from grader.sandbox import Sandbox

TESTS = """
from checks import Case, Picture, run_checks

def double_test(target):
    return run_checks("double", target, [Case("doubles", (40,), expected=80)], picture=PICTURES["double"])

def other_test(target):
    return run_checks("other", target, [Case("triples", (40,), expected=120)])

def draw(function):
    {body}

PICTURES = {{"double": draw}}
"""
DRAWS = "return Picture(f'double(7) is {function(7)}', '<svg/>', 'A legend.', 'text')"
CELLS = [
    *exercise(
        "double", "def double(x):\n    return 2 * x", "from public_tests import double_test\ndouble_test(double)"
    ),
    *exercise("other", "def other(x):\n    return 3 * x", "from public_tests import other_test\nother_test(other)"),
]


def outcome(
    folder: Path, sandbox: Sandbox, answer: str, draws: str = DRAWS, other: str = "return 2 * x"
) -> tuple[ExerciseOutcome, ExerciseOutcome, list[str]]:
    """Both exercises' outcomes, and the problems."""
    course = write_course(folder, "doubling", CELLS, {})
    (course.assignment("doubling").folder / "public_tests.py").write_text(TESTS.format(body=draws))
    doubling: Assignment = course.assignment("doubling")
    answers = {"double": f"def double(x):\n    {answer}", "other": f"def other(x):\n    {other}"}
    result = grade(hand_in(doubling.release / "doubling.ipynb", answers), doubling, sandbox, QUICK)
    double, other_outcome = result.exercises
    return double, other_outcome, list(result.problems)


def test_failed_answer_is_drawn_from_its_own_calls(tmp_path: Path, sandbox: Sandbox) -> None:
    """Does the picture come from the student's function, and only where the assignment draws?"""
    double, other, problems = outcome(tmp_path, sandbox, "return 3 * x")
    assert problems == []
    assert double.score == 0 and double.picture.words == "double(7) is 21"
    assert other.score == 0 and other.picture is None


def test_right_answer_is_not_drawn(tmp_path: Path, sandbox: Sandbox) -> None:
    """Is there no picture of what is right?"""
    double, _, _ = outcome(tmp_path, sandbox, "return 2 * x")
    assert double.score == 1 and double.picture is None


def test_answer_that_ends_its_session_in_the_picture_loses_nothing(tmp_path: Path, sandbox: Sandbox) -> None:
    """Does a function that hangs or dies only while it is drawn keep the points of the other exercise?"""
    for number, end in enumerate(("while True: pass", "__import__('os')._exit(3)")):
        answer = f"if x == 7:\n        {end}\n    return 3 * x"
        double, other, problems = outcome(tmp_path / str(number), sandbox, answer, other="return 3 * x")
        assert (double.score, double.picture) == (0, None)
        assert other.score == 1 and problems == []


def test_drawing_that_fails_is_our_fault_and_costs_nothing(tmp_path: Path, sandbox: Sandbox) -> None:
    """Is an error of the assignment's drawing a note to the instructor, and the score as it was?"""
    double, other, problems = outcome(tmp_path, sandbox, "return 3 * x", "return 1 / 0", other="return 3 * x")
    assert (double.score, other.score, double.picture) == (0, 1, None)
    assert len(problems) == 1 and "double: explaining it failed, its score stands" in problems[0]


def test_drawing_that_is_too_large_keeps_its_words(tmp_path: Path, sandbox: Sandbox) -> None:
    """Is an SVG beyond the limit left out?"""
    large = f"return Picture('words', '<svg>' + ' ' * {DRAWING_CHARACTERS} + '</svg>', 'A legend.')"
    double, _, _ = outcome(tmp_path, sandbox, "return 3 * x", large)
    assert (double.picture.words, double.picture.svg, double.picture.legend) == ("words", "", "")


def test_real_mistake_is_drawn_through_the_sandbox(assignment: Assignment, sandbox: Sandbox) -> None:
    """Do forgotten strides give the feedback a picture of the windows, and does it survive being stored?"""
    notebook = fill_in({"": read(RELEASE)}, ANSWERS / "ines_f.py")[""]
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "pool_forward_solution":
            source = "".join(cell["source"])
            cell["source"] = source.replace("h * stride", "h").replace("w * stride", "w")
            assert cell["source"] != source

    result = grade(json.dumps(notebook).encode(), assignment, sandbox, QUICK)
    found = {exercise.name: exercise for exercise in result.exercises}["pool_forward"]
    assert found.picture is not None and "windows are wrong. The first: h = 0, w = 1 reads" in found.picture.words
    assert found.picture.svg.startswith("<svg role='img'") and len(found.picture.svg) < 20_000
    kept = {exercise.name: exercise for exercise in read_result(result_json(result)).exercises}["pool_forward"]
    assert kept.picture == found.picture
    assert found.picture.words in as_text(found) and "■ read and right" in as_text(found)
    assert "windows are wrong" in as_html(found)
