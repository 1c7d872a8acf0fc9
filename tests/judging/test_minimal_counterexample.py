"""The smallest failing case: a cell that a student can paste, and that shows what the judge saw."""

from __future__ import annotations

import contextlib
import html
import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from courses import COURSE
from notebooks import code
from small_courses import QUICK, RELEASE, answers_of, exercise, filled, hand_in, without_trials, write_course

from checks.messages import Message, say, speaking
from grader.assignments.assignment import Assignment
from grader.assignments.layout import MISCONCEPTIONS, RIGHT_ANSWERS
from grader.config.policy import GradingPolicy
from grader.config.traits import Judge
from grader.judging.explain.counterexample_cell import as_code, case_cell
from grader.judging.explain.minimal_counterexample import MAX_CASES
from grader.judging.grade import grade
from grader.languages.available import language
from grader.pages.cells import code_lines
from grader.results.records import ExerciseOutcome
from grader.sandbox import Sandbox
from public_tests import CASES

pytestmark = pytest.mark.usefixtures("answers_may_warn")

SMALL = """
from checks import Case

def double():
    for x in (0, 1, 2, 3):
        yield Case("the smallest case", (x,), outputs="y")
"""
TESTS = """
from checks import Case, run_checks

def double_test(target):
    return run_checks("double", target, [Case("doubles", (40,), expected=80)])
"""


@pytest.fixture(scope="module")
def doubling(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    """An assignment with one exercise, small cases 0, 1, 2, 3, and a test that tries 40."""
    return small_assignment(tmp_path_factory.mktemp("doubling"), SMALL)


def small_assignment(folder: Path, small: str) -> Assignment:
    test = "from own_tests import double_test\ndouble_test(double)"
    secret = {"own_tests.py": TESTS} | ({"small_cases.py": small} if small else {})
    cells = exercise("double", "def double(x):\n    return 2 * x", test)
    course = write_course(folder, "doubling", cells, secret)
    return course.assignment("doubling")


Told = Callable[..., ExerciseOutcome]


@pytest.fixture
def told(doubling: Assignment, sandbox: Sandbox) -> Told:
    """A function: the body of `double` -> its outcome."""

    def outcome(
        body: str, settings: GradingPolicy = QUICK, assignment: Assignment = doubling, after: tuple = ()
    ) -> ExerciseOutcome:
        answers = {"double": f"def double(x):\n    {body}"}
        content = hand_in(assignment.release / "doubling.ipynb", answers, after=after)
        result = grade(content, assignment, sandbox, settings)
        assert not result.problems or "double" in result.problems[0]
        return result.exercises[0]

    return outcome


def test_first_case_that_fails_is_shown(told: Told) -> None:
    """Is the smallest input that fails shown with what is right, and not a smaller one that passes?"""
    cell = told("return 2 * x if x < 2 else 3 * x").minimal_counterexample
    assert "\nx = 2\ny = double(x)\nprint(y)\n# right:\n# 4\n" in cell
    assert cell.endswith("# y: expected 4, got 6.")


def test_error_is_a_failure_too(told: Told) -> None:
    """Is the smallest input shown on which the function raises, with what it raised?"""
    cell = told("return 2 * x if x == 0 else int('one')").minimal_counterexample
    assert "\nx = 1\n" in cell
    assert "raised ValueError: invalid literal" in cell


def test_right_answer_has_none(told: Told) -> None:
    """Is there no case for an exercise that passed?"""
    assert told("return x + x").minimal_counterexample == ""


def test_answer_that_no_small_case_fails_has_none(told: Told) -> None:
    """Is there none where only a large input fails?"""
    outcome = told("return min(2 * x, 7)")
    assert outcome.score == 0
    assert outcome.minimal_counterexample == ""


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("untouched", "raise type('NotDoneYet', (NotImplementedError,), {})('double is not done')"),
        ("endless", "while True: pass"),
        ("missing", "pass\ndel double"),
        ("no function", "pass\ndouble = 3"),
    ],
)
def test_nothing_is_shown_where_nothing_was_judged(what: str, body: str, told: Told) -> None:
    """Is there no case for an exercise that is untouched, endless, or not there?"""
    outcome = told(body)
    assert outcome.score == 0
    assert outcome.minimal_counterexample == "", what


@pytest.mark.parametrize("name", ["minimal_counterexample", "smallest_case"])
def test_instructor_can_switch_it_off(told: Told, name: str) -> None:
    """Is nothing shown where the course's configuration says so, by today's name or by the one of earlier courses?"""
    policy = Judge(**{name: False}).policy({})
    assert not policy.minimal_counterexample and Judge(**{name: True}).policy({}).minimal_counterexample
    assert told("return 3 * x", policy).minimal_counterexample == ""
    assert "c.Judge.minimal_counterexample = True  # " in (COURSE / "nbgrader_config.py").read_text()


def test_assignment_without_small_cases_works(told: Told, tmp_path: Path) -> None:
    """Is an assignment judged that brings no such file along?"""
    outcome = told("return 3 * x", assignment=small_assignment(tmp_path, ""))
    assert (outcome.score, outcome.minimal_counterexample) == (0, "")


def test_broken_small_cases_cost_no_score(sandbox: Sandbox, tmp_path: Path) -> None:
    """Is an error in our small cases a problem for us to read, and nobody's score?"""
    assignment = small_assignment(tmp_path, "def double():\n    raise ValueError('ours')\n    yield")
    content = hand_in(assignment.release / "doubling.ipynb", {"double": "def double(x):\n    return 3 * x"})
    result = grade(content, assignment, sandbox, QUICK)
    assert result.score == 0 and not result.broken
    assert result.problems == ("double: explaining it failed, its score stands: ValueError('ours')",)


def test_loop_on_a_small_case_costs_nothing_else(told: Told, sandbox: Sandbox) -> None:
    """Is a function that never ends on a small input given up on, and the notebook still judged to its end?"""
    body = "while x == 0: pass\n    return 3 * x"
    outcome = told(body, after=(code("after", "print('still here')"),))
    assert outcome.test.checks[0].finding == "result: expected 80, got 120."
    assert outcome.minimal_counterexample == ""


def test_small_cases_change_no_score(tmp_path: Path, sandbox: Sandbox) -> None:
    """Does a later exercise that counts the earlier one's calls come out the same with small cases and without?"""
    source = "calls = []\ndef double(x):\n    calls.append(x)\n    return 3 * x"
    later = "def triple(x):\n    return 3 * x if len(calls) == 1 else 0"
    test = "from own_tests import double_test\ndouble_test(double)"
    cells = exercise("double", "def double(x):\n    return 2 * x", test)
    cells += exercise("triple", "def triple(x):\n    return 3 * x", "assert triple(1) == 3")
    course = write_course(tmp_path, "counted", cells, {"own_tests.py": TESTS, "small_cases.py": SMALL})
    assignment = course.assignment("counted")
    content = hand_in(assignment.release / "counted.ipynb", {"double": source, "triple": later})
    double, triple = grade(content, assignment, sandbox, QUICK).exercises
    assert (double.score, triple.score) == (0, 1)
    assert "double(1)" in double.minimal_counterexample or "x = 1" in double.minimal_counterexample


def test_slow_answer_is_not_tried_for_long(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does the search end when its time is used up, without harm to the outcome?"""
    monkeypatch.setattr("grader.judging.examined_run.SMALL_SECONDS", 0.05)
    outcome = told("import time; time.sleep(0.1); return 2 * x if x < 3 else 3 * x")
    assert outcome.test.checks[0].finding == "result: expected 80, got 120."
    assert outcome.minimal_counterexample == ""


def test_message_of_an_error_stays_a_comment(told: Told) -> None:
    """Can what a student's function says not become a line of code in the cell?"""
    cell = told(r"raise ValueError('x' * 200 + '\r\nimport os\x1b[2J\u2028os.abort()')").minimal_counterexample
    lines = cell.splitlines()
    assert [line for line in lines if "os" in line and not line.startswith("#")] == []
    assert "\x1b" not in cell
    assert all(len(line) <= 120 for line in lines)


def test_real_exercise_shows_the_image(assignment: Assignment, sandbox: Sandbox) -> None:
    """Is the smallest image shown on which a wrong zero_pad fails, with both results in rows and columns?"""
    notebook = without_trials(filled(RELEASE, answers_of("priya_v")))
    result = grade(json.dumps(notebook).encode(), assignment, sandbox, GradingPolicy())
    cases = {outcome.name: outcome.minimal_counterexample for outcome in result.exercises}
    assert "X = np.arange(1.0, 5.0).reshape(1, 2, 2, 1)\npad = 1\n" in cases["zero_pad"]
    assert "print(X_pad[0, :, :, 0])\n# right:\n# [[0. 0. 0. 0.]\n#  [0. 1. 2. 0.]" in cases["zero_pad"]
    assert "# yours:\n# [[1. 2. 0. 0.]" in cases["zero_pad"]
    assert cases["conv_forward"] == "", "it was carried forward"


# ------------------------------------------------------------------ the assignment's own cases


@pytest.fixture(scope="module")
def trial(assignment: Assignment) -> Callable[[str, Any, Callable], Any]:
    """A function: exercise, case, answer -> the trial, as the judge makes it."""
    checks = assignment.module("checks")
    return lambda name, case, function: checks.try_case(case, function, assignment.reference[name])


@pytest.fixture(scope="module")
def small_cases(assignment: Assignment) -> dict[str, list[Any]]:
    module = assignment.module("small_cases")
    with assignment.importable():
        return {name: list(getattr(module, name)()) for name in assignment.exercises}


@pytest.mark.parametrize("name", CASES)
def test_right_answers_pass_every_small_case(
    name: str, assignment: Assignment, small_cases: dict, trial: Callable
) -> None:
    """Does no unusual right answer fail a small case?"""
    for answer in assignment.answers_to(name, RIGHT_ANSWERS):
        found = [trial(name, case, answer.function).wrong for case in small_cases[name]]
        assert not any(found), (answer.name, [str(wrong) for wrong in found if wrong])


@pytest.mark.parametrize("name", CASES)
def test_every_mistake_fails_a_small_case(
    name: str, assignment: Assignment, small_cases: dict, trial: Callable
) -> None:
    """Is there a small case for every known mistake, and for most of them among the first five?"""
    places = []
    for answer in assignment.answers_to(name, MISCONCEPTIONS):
        trials = (trial(name, case, answer.function).wrong for case in small_cases[name])
        places.append(next((place for place, wrong in enumerate(trials) if wrong), None))
    assert None not in places
    assert sum(place < 5 for place in places) > len(places) / 2


@pytest.mark.parametrize("name", CASES)
def test_small_cases_are_small_and_few(name: str, small_cases: dict) -> None:
    """Are there no more cases than are tried, and does the first one hold a handful of numbers?"""
    assert len(small_cases[name]) <= MAX_CASES
    assert sum(np.size(part) for part in small_cases[name][0].args[0:1]) <= 6


@pytest.mark.parametrize("name", CASES)
def test_cell_runs_and_shows_what_it_says(
    name: str, assignment: Assignment, small_cases: dict, trial: Callable, capsys: pytest.CaptureFixture[str]
) -> None:
    """Does each mistake's cell, pasted and run, call the function with the case's arguments and print "yours"?"""
    for answer in assignment.answers_to(name, MISCONCEPTIONS):
        trials = ((case, trial(name, case, answer.function)) for case in small_cases[name])
        case, tried = next(pair for pair in trials if pair[1].wrong)
        text, calls = case_cell(name, assignment.reference[name], case, tried), []

        def recording(*args: Any, calls: list = calls, function: Callable = answer.function) -> Any:
            calls.append([as_code(arg) for arg in args])
            return function(*args)

        capsys.readouterr()
        with contextlib.suppress(*([] if tried.outcome else [Exception])):
            exec(text, {name: recording})
        assert calls == [[as_code(arg) for arg in case.args]], answer.name
        yours = re.search(r"# yours:\n((?:#.*\n)+?)#\n", text)
        if yours:
            shown = "".join(line[2:] + "\n" for line in yours.group(1).splitlines())
            assert capsys.readouterr().out.split() == shown.split(), answer.name


@pytest.mark.parametrize(
    "value",
    [
        np.arange(1.0, 10.0).reshape(1, 3, 3, 1),
        np.array([0.5, -2.0, 3.0]),
        np.array([[True, False], [False, True]]),
        np.array([1, 5, 2], dtype=np.float32),
        np.zeros((2, 0)),
        np.float32(1.5),
        {"pad": 1, "mode": "max"},
        (np.ones((1, 2)), {"f": 2}, (3,)),
        -4.5,
        "max",
        None,
    ],
    ids=str,
)
def test_code_makes_the_value_again(value: Any) -> None:
    """Does the expression for an argument make the same value, type and shape?"""
    assert_same(eval(as_code(value), {"np": np}), value)


def assert_same(one: Any, other: Any) -> None:
    assert type(one) is type(other)
    if isinstance(one, tuple | dict):
        pairs = (
            zip(one.values(), other.values(), strict=True) if isinstance(one, dict) else zip(one, other, strict=True)
        )
        for pair in pairs:
            assert_same(*pair)
    elif isinstance(one, np.ndarray):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other, strict=True)
    else:
        assert one == other


def test_order_is_that_of_growing_size(small_cases: dict) -> None:
    """Do the first cases of zero_pad hold no more numbers than later ones of the same kind?"""
    sizes = [case.args[0].size for case in itertools.islice(small_cases["zero_pad"], 12)]
    assert sizes == sorted(sizes)


def test_comments_are_in_the_reader_s_language_and_code_is_not() -> None:
    """Has the cell Persian comments with their half-spaces, and code that can be pasted?"""
    finding = say("{name}: {number} of {of} entries differ.", name="x\nimport os", number=1, of=2)
    trial = SimpleNamespace(wrong=finding, outcome=None, expected=4)
    case = SimpleNamespace(args=(2,), outputs="y", only=None)
    cell = case_cell("double", lambda x: 2 * x, case, trial)
    assert isinstance(cell, Message) and "\nx = 2\ny = double(x)\nprint(y)\n# right:\n# 4\n#\n# x" in cell
    with speaking(language("fa")):
        lines = html.unescape(re.sub(r"<[^>]*>", "", "\n".join(code_lines(cell)))).split("\n")
        assert [line for line in lines if not line.startswith("#")] == [
            "import numpy as np",
            "",
            "x = 2",
            "y = double(x)",
            "print(y)",
        ]
        assert (
            "می‌دهد. این سلول را" in lines[0]
            and "double" in lines[0]
            and not re.search("[\u2066-\u2069]", "".join(lines))
        )
