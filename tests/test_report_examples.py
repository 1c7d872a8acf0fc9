"""The examples in the class report: students' answers without a word of whose they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_courses import chain, hand_in

from grader.anonymous import anonymous
from grader.class_examples import Examples
from grader.course import Course

HERS = '''
"""Ada Lovelace, group 7"""
# ada's answer, second try
def double(x):
    """By Ada."""
    note = "mine, A. L."  # see my page
    return x + x  # as ada said
'''


def test_only_the_program_is_left() -> None:
    """Are comments, docstrings and texts gone, and the program as it was?"""
    shown = anonymous(HERS, {"student_7"}, ())
    assert shown == "def double(x):\n    note = '…'\n    return x + x"


def test_texts_inside_of_texts() -> None:
    """Are the words of an f-string and of a pattern taken out, too?"""
    code = "def f(x):\n    match x:\n        case 'Ada':\n            return f'{x:.2f} of Ada'"
    shown = anonymous(code, {"student_7"}, ())
    assert shown is not None and "Ada" not in shown and "{x" in shown


def test_texts_of_the_master_stay() -> None:
    """Does a key stay that the master has, so that the answer can be read?"""
    assert anonymous("s = h['stride'] + h['ada']", (), {"stride"}) == "s = h['stride'] + h['…']"


@pytest.mark.parametrize("names", [{"ada_l"}, {"s1", "Ada"}, {"x", "ADA@example.org"}, {"lovelace_1815"}])
def test_answer_with_a_name_is_not_shown(names: set[str]) -> None:
    """Is an answer left out where a variable holds a part of a name?"""
    assert anonymous("ada_total = lovelace1815 = 1", names, ()) is None


@pytest.mark.parametrize("code", ["def f(:", "", "'only a text'", "x = '\\d'\n" * 100, "%matplotlib inline", "\0"])
def test_what_cannot_be_shown(code: str) -> None:
    """Is what is no program, or too long, left out without a warning?"""
    assert anonymous(code, (), ()) is None


def test_function_of_nothing_but_prose() -> None:
    """Is a function whose body was a docstring still a program?"""
    assert anonymous("def f(x):\n    'to do'", (), ()) == "def f(x):\n    pass"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Graded notebooks of five students."""
    folder = chain(tmp_path / "course").folder
    answers = {
        "ada": "def double(x):\n    return x * x  # ada",
        "ben": "def double(x):\n    return x * x",
        "cem": "def double(x):\n    cem = x * x\n    return cem",
        "dan": "def double(x):\n    y = x * x\n    return y",
        "eva": "def double(x):\n    z = x * x\n    return z",
    }
    for student, answer in answers.items():
        path = folder / "autograded" / student / "chain" / "chain.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(
            hand_in(folder / "release" / "chain" / "chain.ipynb", {"double": answer, "apart": "secret = 1"})
        )
    return folder


def test_two_different_answers(course: Path) -> None:
    """Are two answers shown that differ, of that exercise alone, and none with a name?"""
    examples = Examples(course, Course(course).assignment("chain"), {"dan": ("Daniel", "", "")})
    shown = examples.of("double", ["ada", "ben", "cem", "dan", "eva"])
    assert shown == ["def double(x):\n    return x * x", "def double(x):\n    y = x * x\n    return y"]


def test_notebook_that_is_gone(course: Path) -> None:
    """Is a student whose notebook is gone, or damaged, passed over?"""
    (course / "autograded" / "ada" / "chain" / "chain.ipynb").write_text(json.dumps({"cells": 1}))
    examples = Examples(course, Course(course).assignment("chain"), {})
    assert examples.of("double", ["nobody", "ada", "ben"]) == ["def double(x):\n    return x * x"]
    assert examples.of("no_such_exercise", ["ben"]) == []
