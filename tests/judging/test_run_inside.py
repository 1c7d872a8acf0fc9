"""Tests with the tag `run-inside` run in the student's session: what the wire cannot carry is judged all the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from notebooks import code
from small_courses import exercise, hand_in, write_course

from grader.assignments.assignment import Assignment
from grader.config.policy import GradingPolicy
from grader.judging.grade import grade
from grader.judging.run_inside import RUN_INSIDE
from grader.release.gate import inspect_release
from grader.release.inside import tests_inside as remarks
from grader.results.codec import result_json
from grader.results.records import Result
from grader.sandbox import Limits, Sandbox

LIMITS = Limits(call_seconds=5, cell_seconds=2, session_seconds=60, cpu_seconds=60)
SETTINGS = GradingPolicy(limits=LIMITS, exercise_seconds=4)


@dataclass
class Pair:
    test: str
    right: str
    wrong: str


PLOT = "import matplotlib.pyplot as plt\ndef f():\n    plt.plot([1, 2], [3, {}])\n    plt.title('T')"
PAIRS = {
    "magic": Pair("%matplotlib inline\nassert f(2) == 4", "def f(x): return 2 * x", "def f(x): return x"),
    "current figure": Pair(
        "import matplotlib.pyplot as plt\nf()\nax = plt.gcf().axes[0]\nassert ax.lines[0].get_ydata()[1] == 4",
        PLOT.format(4),
        PLOT.format(5),
    ),
    "patched input": Pair(
        "import builtins\nfrom unittest import mock\n"
        "with mock.patch.object(builtins, 'input', lambda *a: '5'):\n    assert f() == 5",
        "def f(): return int(input('number'))",
        "def f(): return 6",
    ),
    "pickling": Pair(
        "import pickle\nassert pickle.loads(pickle.dumps(P(3))).x == 3",
        "class P:\n    def __init__(self, x): self.x = x",
        "class P:\n    def __init__(self, x): self.x = 0",
    ),
    "the students own globals": Pair(
        "offset = 10\nassert f(1) == 11", "offset = 0\ndef f(x): return x + offset", "def f(x): return x"
    ),
}


@pytest.fixture(scope="module")
def one_sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.mark.parametrize("kind", PAIRS)
def test_right_earns_all_and_wrong_nothing(tmp_path: Path, one_sandbox: Sandbox, kind: str) -> None:
    pair = PAIRS[kind]
    for answer, fraction in ((pair.right, 1), (pair.wrong, 0)):
        result = graded(tmp_path / str(fraction), one_sandbox, pair.test, answer)
        assert (result.exercises[0].test.fraction, result.broken) == (fraction, False), result.exercises[0].test
        assert any("could forge" in line for line in result.notices)


@pytest.mark.parametrize(("last", "score"), [("1.5", 1.5), ("0", 0), ("4", 3), ("-1", 3), ("'x'", 3), ("True", 3)])
def test_points_as_nbgrader_gives_them(tmp_path: Path, one_sandbox: Sandbox, last: str, score: float) -> None:
    result = graded(tmp_path, one_sandbox, f"assert f() == 1\n{last}", "def f(): return 1", points=3)
    assert result.exercises[0].score == score


@pytest.mark.parametrize(
    "answer",
    [
        "def f(x):\n    import inspect\n    text = ''.join(open(__file__)) if 0 else str(inspect.stack())\n"
        "    frame = inspect.currentframe().f_back\n    import linecache\n"
        "    raise ValueError(''.join(linecache.getlines(frame.f_code.co_filename)))",
        "def f(x):\n    print(In[-1], x)\n    raise type(str(In[-1])[:190], (Exception,), {})(In[-1])",
        "def f(x):\n    print(x)\n    return x",
    ],
)
def test_nothing_of_the_tests_comes_out(tmp_path: Path, one_sandbox: Sandbox, answer: str) -> None:
    """Does an answer that reads the hidden lines, prints them and raises them get none of them into its result?"""
    test = "assert f(1) == 2\n### BEGIN HIDDEN TESTS\nassert f(4321) == 8642\n### END HIDDEN TESTS"
    result = graded(tmp_path, one_sandbox, test, answer)
    assert "4321" not in str(result_json(result)) and result.exercises[0].score == 0
    assert result.exercises[0].test.error == "assert f(1) == 2 did not pass"


def test_a_failed_hidden_line_is_not_told(tmp_path: Path, one_sandbox: Sandbox) -> None:
    test = "assert f(1) == 2\n### BEGIN HIDDEN TESTS\nassert f(4321) == 8642\n### END HIDDEN TESTS"
    result = graded(tmp_path, one_sandbox, test, "def f(x): return 2")
    assert result.exercises[0].test.error == "a hidden test did not pass" and "4321" not in str(result_json(result))


def test_limits_hold_inside_and_the_next_exercise_is_judged(tmp_path: Path, one_sandbox: Sandbox) -> None:
    cells = [*exercise("a", "pass", "f()", 1, RUN_INSIDE), *exercise("b", "pass", "assert g() == 1", 1, RUN_INSIDE)]
    assignment = write_course(tmp_path, "plain", [code("start", "# a course"), *cells]).assignment("plain")
    answers = {"a": "def f():\n    while True: pass", "b": "def g(): return 1"}
    result = grade(hand_in(assignment.release / "plain.ipynb", answers), assignment, one_sandbox, SETTINGS)
    assert [one.score for one in result.exercises] == [0, 1]


def test_the_student_never_sees_the_test_before_it_is_last(tmp_path: Path, one_sandbox: Sandbox) -> None:
    """Is an exercise that is judged from outside safe from what a test inside leaves behind?"""
    inside = exercise("a", "pass", "import builtins\nbuiltins.known = 5\nassert True", 1, RUN_INSIDE)
    cells = [code("start", "# a course"), *inside, *exercise("b", "pass", "assert g() == 5")]
    assignment = write_course(tmp_path, "plain", cells).assignment("plain")
    answers = {"a": "pass", "b": "import builtins\ndef g(): return getattr(builtins, 'known', 0)"}
    result = grade(hand_in(assignment.release / "plain.ipynb", answers), assignment, one_sandbox, SETTINGS)
    assert [one.score for one in result.exercises] == [1, 0]


def test_the_gate_names_it(tmp_path: Path) -> None:
    hidden = "assert f(1) == 2\n### BEGIN HIDDEN TESTS\nassert f(2) == 4\n### END HIDDEN TESTS"
    assignment = course(tmp_path, hidden)
    (line,) = remarks(assignment)
    assert "could forge" in line and "read its hidden lines" in line
    assert list(remarks(course(tmp_path / "other", "assert 1"))) == [line.replace(", and read its hidden lines", "")]


def course(folder: Path, test: str, points: float = 1) -> Assignment:
    cells = [code("start", "# a course"), *exercise("task", "pass", test, points, RUN_INSIDE)]
    return write_course(folder, "plain", cells).assignment("plain")


def graded(folder: Path, sandbox: Sandbox, test: str, answer: str, points: float = 1) -> Result:
    assignment = course(folder, test, points)
    return grade(hand_in(assignment.release / "plain.ipynb", {"task": answer}), assignment, sandbox, SETTINGS)


def test_the_gate_proves_it_as_students_get_it(tmp_path: Path, one_sandbox: Sandbox) -> None:
    """Does a master whose test has a magic pass the gate, with the remark?"""
    test = "%matplotlib inline\nassert f(2) == 4"
    cells = [code("start", "# a course"), *exercise("f", "def f(x): return 2 * x", test, 1, RUN_INSIDE)]
    assignment = write_course(tmp_path, "plain", cells).assignment("plain")
    report = inspect_release(assignment, assignment.release, SETTINGS, one_sandbox)
    assert report.problems == [] and "could forge" in report.remarks[0]
