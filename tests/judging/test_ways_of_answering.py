"""A right answer gets full marks however it is written, and a wrong one nothing: other types, classes, identities."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_assignments import Small, f, write_small
from small_courses import QUICK, hand_in

from grader.judging.grade import grade
from grader.release.gate import inspect_release
from grader.sandbox import Sandbox

STACK = """\
class Stack:
    def __init__(self):
        self.items = []
    def push(self, x):
        self.items.append(x)
    def pop(self):
        return self.items.pop()
    def __len__(self):
        return len(self.items)"""
VECTOR = """\
class V:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __add__(self, other):
        return V(self.x + other.x, self.y + other.y)
    def __eq__(self, other):
        return (self.x, self.y) == (other.x, other.y)"""
ADD = "    def __add__(self, other): return V(self.x + other.x, self.y + other.y)"
Answers = tuple[str, ...]

WAYS: dict[str, tuple[Small, Answers, Answers]] = {
    "something to iterate over": (
        f("list(range(x))", "None", "assert [v for v in f(3)] == [0, 1, 2]"),
        (
            "def f(x):\n    return dict.fromkeys(range(x)).keys()",
            "def f(x):\n    return {str(v): v for v in range(x)}.values()",
            "def f(x):\n    yield from range(x)",
            "import numpy as np\ndef f(x):\n    return np.arange(x)",
        ),
        ("def f(x):\n    return dict.fromkeys(range(x)).items()", "def f(x):\n    print([0, 1, 2])"),
    ),
    "list": (
        f("[x, x]", "(x, x)", "assert f(1) == [1, 1] and isinstance(f(1), list)"),
        ("class L(list):\n    def total(self): return sum(self)\ndef f(x): return L([x, x])",),
        ("def f(x):\n    return {1: x, 2: x}.values()", "def f(x):\n    return map(int, [x, x])"),
    ),
    "class": (
        Small(STACK, "Stack = list", "s = Stack()\ns.push(1)\ns.push(2)\nassert len(s) == 2 and s.pop() == 2"),
        (
            "class Stack(list):\n    push = list.append",
            "class Base:\n    def __len__(self): return len(self.held)\n"
            "class Stack(Base):\n    def __new__(cls):\n        made = Other.__new__(Other)\n        made.held = ()\n"
            "        return made\nclass Other(Base):\n    def push(self, x): self.held += (x,)\n"
            "    def pop(self): return self.held[-1]",
        ),
        ("class Stack(list):\n    def push(self, x): self.insert(0, x)", "class Stack:\n    pass"),
    ),
    "operators": (
        Small(VECTOR, "V = complex", "assert V(1, 2) + V(1, 1) == V(2, 3) and V(1, 2).x == 1"),
        (
            f"from typing import NamedTuple\nclass V(NamedTuple):\n    x: int\n    y: int\n{ADD}",
            f"from collections import namedtuple\nclass V(namedtuple('V', 'x y')):\n{ADD}",
            f"from dataclasses import dataclass\n@dataclass\nclass V:\n    x: int\n    y: int\n{ADD}",
        ),
        ("from collections import namedtuple\nV = namedtuple('V', 'x y')",),
    ),
    "function": (
        Small("def after(g, h):\n    return lambda x: g(h(x))", "def after(g, h):\n    return g(h)",
              "both = after(str, abs)\nassert both(-2) == '2' and callable(both)"),
        (
            "class after:\n    def __init__(self, g, h): self.g, self.h = g, h\n"
            "    def __call__(self, x): return self.g(self.h(x))",
            "from functools import partial\ndef after(g, h): return partial(lambda x: g(h(x)))",
        ),
        ("class after:\n    def __init__(self, g, h): pass\n    def __eq__(self, other): return True",),
    ),
    "an annotation that is not evaluated": (
        f("x + 1", "x", "from __future__ import annotations\ndef g(a: No) -> int:\n    return f(a)\nassert g(1) == 2"),
        (),
        (),
    ),
    "number": (
        f("2 * x", "3 * x", "assert f(2) == 4"),
        ("class N(int):\n    def double(self): return N(2 * self)\ndef f(x): return N(x).double()",),
        ("class Yes:\n    __call__ = __eq__ = lambda self, other: True\ndef f(x): return Yes()",),
    ),
}  # fmt: skip


OPEN = {
    "iterated": ("assert list(f(3)) == [0, 1, 2]", "import array\ndef f(x):\n    return array.array('i', range(x))"),
    "indexed": ("assert f(3)[2] == 2", "import collections\ndef f(x):\n    return collections.UserList(range(x))"),
    "asked for a method": ("assert f(3).count(1) == 1", "import array\ndef f(x): return array.array('i', range(x))"),
}  # fmt: skip


@pytest.mark.parametrize("kind", OPEN)
def test_an_error_upon_a_value_that_does_not_cross_leaves_the_score_open(
    kind: str, tmp_path: Path, sandbox: Sandbox
) -> None:
    """Is an answer that may be right neither right nor wrong, where the judge cannot look into it?"""
    test, answer = OPEN[kind]
    assignment = write_small(tmp_path, f("list(range(x))", "None", test))
    result = grade(hand_in(assignment.release / "small.ipynb", {"f": answer}), assignment, sandbox, QUICK)
    assert result.exercises[0].test.broken


@pytest.mark.parametrize("way", WAYS)
def test_right_answers_get_full_marks_and_wrong_ones_none(way: str, tmp_path: Path, sandbox: Sandbox) -> None:
    small, rights, wrongs = WAYS[way]
    assignment = write_small(tmp_path, small)
    assert inspect_release(assignment, assignment.release, QUICK, sandbox).problems == []
    released = assignment.release / "small.ipynb"
    for answer in (small.right, *rights):
        result = grade(hand_in(released, {"f": answer}), assignment, sandbox, QUICK)
        assert result.score == result.max_score, (answer, result.exercises)
    for answer in (small.wrong, *wrongs):
        result = grade(hand_in(released, {"f": answer}), assignment, sandbox, QUICK)
        assert result.score == 0, (answer, result.exercises)
