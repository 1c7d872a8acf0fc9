"""A test cell that forbids something to the student's code is refused where it would pass whatever the answer does."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_assignments import Small, f, write_small
from small_courses import QUICK

from grader.release.gate import inspect_release
from grader.sandbox import Sandbox

BLIND = {
    "no same part": f("[list(v) for v in x]", "list(x)", "a = [[1]]\nb = f(a)\nassert b[0] is not a[0]"),
    "no same variable": Small("a = [1]\nb = list(a)", "a = b = [1]", "assert a == b and not a is b"),
    "no shared array": Small(
        "def f(x):\n    return x.copy()",
        "def f(x):\n    return x",
        "import numpy as np\na = np.ones(2)\nassert not np.shares_memory(f(a), a)",
    ),
    "no other address": f("list(x)", "x", "a = [1]\nassert id(f(a)) != id(a)"),
    "rows of their own": Small("m = [[0], [0]]", "m = [[0]] * 2", "assert m[0] is not m[1]"),
    "no warning as error": f("x", "x", "import warnings\nwarnings.simplefilter('error')\nassert f(1) == 1"),
    "no warning at all": f(
        "x", "x", "import warnings\nwith warnings.catch_warnings(record=True) as seen:\n    f(1)\nassert not seen"
    ),
    "no division by zero": f("x", "x", "import numpy as np\nwith np.errstate(all='raise'):\n    assert f(1) == 1"),
    "no sum": f("x", "x", "def sum(*_):\n    raise AssertionError('no sum')\nassert f(1) == 1\ndel sum"),
    "no sum of the builtins": f(
        "x",
        "x",
        "import builtins\nold, builtins.sum = sum, lambda *_: 1 / 0\ntry:\n    assert f(1) == 1\n"
        "finally:\n    builtins.sum = old",
    ),
    "no print": f(
        "x",
        "x",
        "from unittest.mock import patch\nwith patch('builtins.print') as said:\n    f(1)\nsaid.assert_not_called()",
    ),
}
SEEN = {
    "objects of a class": Small(
        "class f:\n    def copy(self):\n        return f()",
        "class f:\n    def copy(self):\n        return self",
        "a = f()\nassert a.copy() is not a and a is a",
    ),
    "nothing": f("x", "None", "assert f([1]) is not None and f(2) is not True and not f([1]) is None"),
    "ignored warnings": f("x", "None", "import warnings\nwarnings.filterwarnings('ignore')\nassert f(1) == 1"),
    "name of a number": f("x", "None", "sum = 0\nfor i in (1, 2):\n    sum += f(i)\nassert sum == 3"),
}


@pytest.mark.parametrize("kind", BLIND)
def test_line_that_cannot_fail_is_refused(kind: str, tmp_path: Path, sandbox: Sandbox) -> None:
    """Does the gate name the exercise, its cell and the tag that helps?"""
    assignment = write_small(tmp_path, BLIND[kind])
    (problem,) = inspect_release(assignment, assignment.release, QUICK, sandbox).problems
    assert problem.startswith("f: ")
    assert "cell 2 (f)" in problem
    assert "'run-inside'" in problem


@pytest.mark.parametrize("kind", SEEN)
def test_line_that_can_fail_is_not(kind: str, tmp_path: Path, sandbox: Sandbox) -> None:
    """Are objects of a student's class told apart, and harmless lines left alone?"""
    assignment = write_small(tmp_path, SEEN[kind])
    assert inspect_release(assignment, assignment.release, QUICK, sandbox).problems == []
