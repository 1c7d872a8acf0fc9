"""The examples in the class report: students' answers without a word of whose they are."""

from __future__ import annotations

import ast
import json
import keyword
import re
from pathlib import Path

import pytest
from small_courses import chain, hand_in

from grader.analysis.anonymise import anonymous
from grader.analysis.example_answers import Examples
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
    shown = anonymous(HERS, {"student_7"}, {"double"})
    assert shown == "def double(x):\n    name_1 = '…'\n    return x + x"


def test_texts_inside_of_texts() -> None:
    """Are the words of an f-string and of a pattern taken out, too?"""
    code = "def f(x):\n    match x:\n        case 'Ada':\n            return f'{x:.2f} of Ada'"
    shown = anonymous(code, {"student_7"}, ())
    assert shown is not None and "Ada" not in shown and "{x" in shown


def test_texts_of_the_master_stay() -> None:
    """Does a key stay that the master has, so that the answer can be read?"""
    assert anonymous("s = h['stride'] + h['ada']", (), {"stride"}) == "s = h['stride'] + h['…']"


NAMED = """
import numpy as np, lovelace.byron as Ada_L
from Müller import *
class Åsa(mueller, metaclass=李):
    li_attribute: asa = None
    def wu(self, jose, *josé, key=1, **stride):
        global ng
        try:
            return self.li.sum(axis_of_wu=np.zeros(3), axis=0)
        except o_Neill as oneill:
            match x:
                case Wu(li=1) | {1: wu, **rest_li} | [*wu_2] as li_3:
                    pass
"""


def test_names_are_neutral() -> None:
    """Is every name gone that is not Python's, NumPy's or the master's, wherever a program can have one?"""
    shown = anonymous(NAMED, {"x"}, {"stride", "key"})
    names = set(re.findall(r"[^\W\d_]\w+", shown)) - set(keyword.kwlist + keyword.softkwlist)
    kept = {name for name in names if not re.fullmatch(r"name_\d+", name)}
    assert kept == {"numpy", "np", "metaclass", "self", "key", "stride", "sum", "zeros", "axis"}
    assert "import *" in shown
    assert ast.unparse(ast.parse(shown)) == shown


def test_one_name_stays_one() -> None:
    """Is a variable called the same wherever it stands, and another one otherwise?"""
    assert anonymous("ada = bea = 1\nada + bea + f", (), ()) == "name_1 = name_2 = 1\nname_1 + name_2 + f"


@pytest.mark.parametrize("names", [{"s1", "lovelace_1815"}, {"x", "001815"}, {"１８１５"}])
def test_answer_with_a_number_is_not_shown(names: set[str]) -> None:
    """Is an answer left out where the student's number stands in it?"""
    assert anonymous("seed = 18_15", names, ()) is None


LONG = "x = 1  # " + "long " * 5000


@pytest.mark.parametrize(
    "code", ["def f(:", "", "'only a text'", "x = '\\d'\n" * 100, "%matplotlib inline", "\0", LONG]
)
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
        "cem": "def double(x):\n    cem = x * 103\n    return cem",
        "dan": "def double(x):\n    dan = x * x\n    return dan",
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
    examples = Examples(course, Course(course).assignment("chain"), {"cem": ("Cem", "", "", "103")})
    shown = examples.of("double", ["ada", "ben", "cem", "dan", "eva"])
    assert shown == ["def double(x):\n    return x * x", "def double(x):\n    name_1 = x * x\n    return name_1"]


def test_notebook_that_is_gone(course: Path) -> None:
    """Is a student whose notebook is gone, or damaged, passed over?"""
    (course / "autograded" / "ada" / "chain" / "chain.ipynb").write_text(json.dumps({"cells": 1}))
    examples = Examples(course, Course(course).assignment("chain"), {})
    assert examples.of("double", ["nobody", "ada", "ben"]) == ["def double(x):\n    return x * x"]
    assert examples.of("no_such_exercise", ["ben"]) == []
