"""Sentences that stand before the checks: a None left over, a wrong helper, what is right so far, moods."""

from __future__ import annotations

import linecache
import textwrap
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from answers import report_of

from checks import Case, NotDoneYet, Report, progress, run_checks
from checks.notices import none_lines

ONE = Case("gives 1", (1.0,), expected=1.0)


@pytest.fixture(autouse=True)
def _no_reports_of_other_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_latest", {})


def cell(source: str, **names: Any) -> Callable:
    """The last function of a cell, whose source can be looked up as in a notebook."""
    source = textwrap.dedent(source)
    name = f"<cell {len(linecache.cache)}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec"), names)
    return [value for value in names.values() if callable(value)][-1]


def report(exercise: str, function: Callable, *cases: Case) -> Report:
    return report_of(lambda target: run_checks(exercise, target, cases or [ONE]), function)


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("(a, b) = None", [2]),
        ("a = None", [2]),
        ("dW += None", [2]),
        ("dA[0] = None", [2]),
        ("a = 3\n    b = None\n    c = None", [3, 4]),
        ("best = None\n    best = 3", []),
        ("best = None\n    for i in x:\n        best = i", []),
        ("a = x is None", []),
        ("return None", []),
        ("# a = None", []),
        ("a =", []),
    ],
)
def test_none_left_over_is_found(body: str, lines: list[int]) -> None:
    """Is a None found that stands where an answer belongs, and no other?"""
    assert none_lines(f"def f(x):\n    {body}", "f") == lines


def test_none_left_over_is_told_first() -> None:
    """Does the report begin with the line of the cell?"""
    text = str(report("unpack", cell("# a comment\ndef unpack(x):\n    (a, b) = None\n    return a")))
    assert text.splitlines()[1] == "  `None` still stands on line 3 of the cell: put your code there."


def test_wrong_helper_is_told_until_it_is_right() -> None:
    """Is a helper named whose own test failed in this session, and no longer when it has passed?"""

    def helper(x: float) -> float:
        return x + 1

    user = cell("def user(x):\n    return helper(x)", helper=helper)
    assert report("user", user).notices == ()
    report("helper", helper)
    assert report("user", user).notices == ("`user` calls `helper`, whose test passed 0 of 1 checks: fix that first.",)
    report("helper", lambda x: x)
    assert report("user", user).notices == ()


def test_other_result_for_the_same_arguments_is_told() -> None:
    """Is an answer that starts from random numbers told so, and one that does not, not?"""
    draw = np.random.default_rng(1)
    (notice,) = report("moody", lambda x: draw.random()).notices
    assert "two results for the same arguments" in notice
    assert report("steady", lambda x: 3.0).notices == ()


def test_what_is_right_so_far_is_told() -> None:
    """Does a function that is done in part hear which names are right, and which are not?"""
    case = Case("makes Z", (4,), expected=0.0, so_far={"n_H": 4, "n_W": 5, "Z": (2, 2)})

    source = (
        "def partly(x):\n    n_H = n_W = x\n    Z = np.zeros((2, 2))\n    raise NotDoneYet('partly is not done yet.')"
    )
    partly = cell(source, np=np, NotDoneYet=NotDoneYet)
    with pytest.raises(NotDoneYet) as raised:
        run_checks("partly", partly, [case])
    assert str(raised.value) == (
        "partly is not done yet. So far: n_H, the shape of Z are right in the first check. "
        "n_W should be 5 there and is 4."
    )
