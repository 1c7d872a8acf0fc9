"""An assignment of three notebooks, none of which has its name, and what students hand in for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from notebooks import code, markdown, write
from small_courses import exercise, hand_in

from grader.course import Course

NAME = "hw"
NOTEBOOKS = ("part 2", "part 10", "warm up")
"""in natural order"""
RIGHT = {
    "part 2": {"plus": "def plus(x):\n    return x + 1"},
    "part 10": {"thrice": "def thrice(x):\n    return helper.K * x"},
    "warm up": {"twice": "def twice(x):\n    return 2 * x", "four": "def four(x):\n    return twice(twice(x))"},
}
WRONG = {
    "part 2": {"plus": "def plus(x):\n    return x"},
    "part 10": {"thrice": "def thrice(x):\n    return x + 3"},
    "warm up": {"twice": "def twice(x):\n    return 3 * x", "four": "def four(x):\n    return 5"},
}
POINTS = {"plus": 1, "thrice": 4, "twice": 2, "four": 3}
PUBLIC_TESTS = """from pathlib import Path
from checks import Case, ExpectedValues, run_checks
EXPECTED = ExpectedValues(Path(__file__).with_suffix(".h5"))
CASES = {"twice": lambda: [Case("doubles", (3.0,))], "thrice": lambda: [Case("triples", (2.0,))]}
def twice_test(target):
    return run_checks("twice", target, CASES["twice"](), EXPECTED)
def thrice_test(target):
    return run_checks("thrice", target, CASES["thrice"](), EXPECTED)
"""
HIDDEN_TESTS = """from reference import four, thrice
def four_hidden(target):
    assert target(6) == four(6) == 8 * thrice(1)
"""
MISCONCEPTION = '''def adds(x):
    """It adds.

    Hint: multiply.
    """
    return x + 3
'''
FOUR_TEST = """assert four(1) == 4
### BEGIN HIDDEN TESTS
from hidden_tests import four_hidden
four_hidden(four)
### END HIDDEN TESTS"""
THRICE_TEST = "from public_tests import thrice_test\nthrice_test(thrice)"
CONFIG = """c = get_config()
c.CountParts.parts = {}
c.CourseDirectory.course_id = "several"
c.CourseDirectory.ignore = ["private", "__pycache__", ".ipynb_checkpoints"]
c.ClearSolutions.begin_solution_delimeter = "### START CODE HERE ###"
c.ClearSolutions.end_solution_delimeter = "### END CODE HERE ###"
c.Autograde.sanitize_preprocessors = ["nbgrader.preprocessors.ClearOutput"]
c.Autograde.autograde_preprocessors = ["grader.nbgrader_hooks.judge.JudgeSubmission"]
c.Autograde.exporter_class = "grader.nbgrader_hooks.judge.GradedNotebook"
c.GenerateAssignment.exporter_class = "grader.nbgrader_hooks.release.GatedRelease"
c.GenerateFeedback.exporter_class = "grader.nbgrader_hooks.feedback.FeedbackPage"
c.GenerateFeedback.preprocessors = ["grader.nbgrader_hooks.feedback.ReadGrades"]
"""


def masters() -> dict[str, list[dict[str, Any]]]:
    """Name of a notebook -> cells. The public tests, the hidden tests and a helper are shared; one has an essay."""
    answers = {name: found for part in RIGHT.values() for name, found in part.items()}
    essay = markdown("essay", "Because.")
    essay["metadata"]["nbgrader"] = {"grade": True, "solution": True, "grade_id": "essay", "points": 2, "locked": False}
    essay["metadata"]["nbgrader"] |= {"schema_version": 3, "task": False}
    return {
        "warm up": [
            code("start", "from public_tests import twice_test"),
            *exercise("twice", answers["twice"], "twice_test(twice)", 2),
            *exercise("four", answers["four"], FOUR_TEST, 3),
        ],
        "part 10": [code("start", "import helper"), *exercise("thrice", answers["thrice"], THRICE_TEST, 4), essay],
        "part 2": exercise("plus", answers["plus"], "assert plus(1) == 2", 1),
        "your notes": [markdown("notes", "Nothing to do here.")],
    }


def write_masters(folder: Path, notebooks: Mapping[str, Sequence[dict[str, Any]]]) -> Course:
    """A course with these masters, not released."""
    source = folder / "source" / NAME
    for name, cells in notebooks.items():
        master = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        write(master, source / f"{name}.ipynb")
    files = {
        "helper.py": "K = 3\n",
        "public_tests.py": PUBLIC_TESTS,
        "private/hidden_tests.py": HIDDEN_TESTS,
        "private/misconceptions/thrice.py": MISCONCEPTION,
    }
    for path, text in files.items():
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_text(text)
    (folder / "nbgrader_config.py").write_text(CONFIG)
    return Course(folder)


def submit(
    course: Path, student: str, answers: Mapping[str, Mapping[str, str]], names: Mapping[str, str] | None = None
) -> Path:
    """Hand these notebooks in. names: notebook -> the name that its file gets. Return the folder."""
    folder = course / "submitted" / student / NAME
    folder.mkdir(parents=True, exist_ok=True)
    for notebook, of_it in answers.items():
        content = hand_in(course / "release" / NAME / f"{notebook}.ipynb", of_it)
        (folder / f"{(names or {}).get(notebook, notebook)}.ipynb").write_bytes(content)
    return folder


def submit_class(course: Path) -> None:
    """All right, all wrong, a notebook missing, one renamed, one broken, nothing but an archive, one more beside."""
    submit(course, "right", RIGHT)
    submit(course, "wrong", WRONG)
    submit(course, "missing", {name: RIGHT[name] for name in ("part 2", "warm up")})
    submit(course, "renamed", RIGHT, {"part 2": "part 2 (final)"})
    (submit(course, "broken", RIGHT) / "warm up.ipynb").write_text("{ no notebook")
    (submit(course, "archive", {}) / "hw.zip").write_bytes(b"PK")
    notes = (course / "release" / NAME / "your notes.ipynb").read_bytes()
    (submit(course, "more", RIGHT) / "your notes.ipynb").write_bytes(notes)


ALL = {"plus": 1.0, "thrice": 4.0, "twice": 2.0, "four": 3.0}
SCORES = {
    "right": ALL,
    "wrong": dict.fromkeys(ALL, 0.0),
    "missing": ALL | {"thrice": 0.0},
    "renamed": ALL,
    "broken": ALL | {"twice": 0.0, "four": 0.0},
    "archive": dict.fromkeys(ALL, 0.0),
    "more": ALL,
}
"""student -> exercise -> points"""
