"""Pairs of submissions that are more alike than the exercise explains."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("copydetect", reason="copydetect is not installed: pip install '.[likeness]'")

from grader.analysis.likeness import alike_pairs

KNOWN = "def total(items):\n    result = 0\n    for item in items:\n        result += item\n    return result\n"
ODD = """
def total(items):
    left, right = 0, len(items)
    stack = [(left, right)]
    answer = []
    while stack:
        low, high = stack.pop()
        if high - low == 1:
            answer.append(items[low])
        elif high > low:
            middle = (low + high) // 2
            stack.extend([(low, middle), (middle, high)])
    return sum(answer) + 0 * len(answer)
"""
RENAMED = """
def total(numbers):   # mine
    a, b = 0, len(numbers)
    todo = [(a, b)]

    found = []   # what was found
    while todo:
        x, y = todo.pop()
        if y - x == 1:
            found.append( numbers[x] )
        elif y > x:
            m = (x + y)//2
            todo.extend([(x, m),
                         (m, y)])
    return sum(found) + 0*len(found)
"""
OTHERS = [
    "def total(items):\n    return sum(items)\n",
    "import functools\ndef total(items):\n    return functools.reduce(lambda x, y: x + y, items, 0)\n",
    "def total(items):\n    return items[0] + total(items[1:]) if items else 0\n",
    "def total(items):\n    index, result = 0, 0\n    while index < len(items):\n"
    "        result = result + items[index]\n        index += 1\n    return result\n",
    "import numpy as np\ndef total(items):\n    return float(np.dot(np.ones(len(items)), np.asarray(items)))\n",
]


def a_class(*more: str) -> dict[str, dict[str, str]]:
    codes = [*OTHERS, KNOWN, KNOWN, KNOWN, *more]
    return {"total": {f"s{number:02}": code for number, code in enumerate(codes)}}


def test_renamed_copy_is_found() -> None:
    """Is a copy found although names, comments and layout were changed, and are both answers there to compare?"""
    (pair,), more = alike_pairs(a_class(ODD, RENAMED), [KNOWN])
    assert more == 0 and pair.students == ("s08", "s09") and pair.share > 0.9
    assert [one.codes for one in pair.answers] == [(ODD, RENAMED)]


@pytest.mark.parametrize("known", [[], [KNOWN]])
def test_short_answers_never_count(known: list[str]) -> None:
    """Is nobody named whose answer is short, or the usual one, however equal they are?"""
    assert alike_pairs(a_class(OTHERS[0], OTHERS[0], OTHERS[2]), known) == ([], 0)


def test_known_answers_explain_likeness() -> None:
    """Does an unusual right answer, or a catalogued mistake, explain that two have written it?"""
    assert alike_pairs(a_class(ODD, RENAMED), [KNOWN, ODD]) == ([], 0)


def test_what_much_of_the_class_has_is_no_likeness() -> None:
    """Does code that was shown in a lecture name nobody?"""
    codes = {"total": {f"s{number:02}": ODD if number < 8 else OTHERS[number % 5] for number in range(20)}}
    assert alike_pairs(codes, []) == ([], 0)


def test_three_who_share() -> None:
    """Are all pairs of a group found?"""
    pairs, _ = alike_pairs(a_class(ODD, RENAMED, ODD), [KNOWN])
    assert {pair.students for pair in pairs} == set(itertools.combinations(("s08", "s09", "s10"), 2))


def test_text_that_is_no_python() -> None:
    """Does a damaged answer, an empty one or an endless line do no harm?"""
    damaged = ["", "def (", "\x00" * 50, "x" * 100_000, "'" * 999]
    (pair,), _ = alike_pairs(a_class(ODD, RENAMED, *damaged), [KNOWN])
    assert pair.students == ("s08", "s09")


@given(st.permutations(range(10)))
def test_order_of_students_does_not_matter(order: list[int]) -> None:
    """Are the same pairs found in whatever order the class comes?"""
    codes = [*OTHERS, KNOWN, KNOWN, KNOWN, ODD, RENAMED]
    answers = {"total": {f"s{number:02}": codes[number] for number in order}}
    assert [pair.students for pair in alike_pairs(answers, [KNOWN])[0]] == [("s08", "s09")]
