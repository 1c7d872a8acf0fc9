"""Attacks with the bytes of the notebook: not JSON, too much of it, of the wrong types."""

from __future__ import annotations

import json
import resource
from typing import Any

import pytest

from grader.results.codec import result_json
from grader.results.render import as_text
from hostile import Arena, Attack, code_cell, graded_cell, said, scores_of

EMPTY = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'

UNREADABLE = {
    "empty": (b"", "is empty"),
    "no JSON": (b"%PDF-1.7 nothing here", "is a PDF"),
    "binary": (bytes(range(256)) * 10, "is not a notebook"),
    "cut off": (EMPTY[:-9], "is not a notebook"),
    "a list": (b"[]", "no list of cells"),
    "a text": (b'"cells"', "no list of cells"),
    "null": (b"null", "no list of cells"),
    "NaN": (b"NaN", "no list of cells"),
    "cells that are an object": (b'{"cells": {"0": {}}}', "no list of cells"),
    "cells that are numbers": (b'{"cells": [1, 2]}', "cell 1 is not an object"),
    "an older format": (b'{"worksheets": [{"cells": []}], "nbformat": 3}', "no list of cells"),
    "nested deeply": (b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "is not a notebook"),
    "objects nested deeply": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "is not a notebook"),
    "a number of a million digits": (b'{"cells": ' + b"9" * 1_000_000 + b"}", "is not a notebook"),
    "broken UTF-8": (b'{"cells": "\xff\xfe\xfa"}', "is not a notebook"),
    "markers of conflict": (b"<<<<<<< HEAD\n" + EMPTY + b"\n=======\n" + EMPTY, "is not a notebook"),
    "a web page": (b"<!DOCTYPE html><html>Sign in</html>", "is a web page"),
    "a zip file": (b"PK\x03\x04" + bytes(1000), "is a zip archive"),
}


@pytest.mark.parametrize(("content", "says"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_notebook(arena: Arena, content: bytes, says: str) -> None:
    """Is what cannot be read worth nothing, with a sentence that says why?"""
    result = arena.repel(Attack("bytes", content=content, earns=dict.fromkeys(arena.honest, 0), says=says))
    assert not result.broken
    assert len(result.problems) == 1 and len(result.problems[0]) < 500


def test_a_notebook_of_200_megabytes(arena: Arena) -> None:
    """Is a huge notebook refused before it is parsed?"""
    before = resource.getrusage(resource.RUSAGE_SELF)
    result = arena.grade(b'{"cells": [' + b"1," * 100_000_000 + b"1]}")
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert "is 200 MB large" in said(result)
    assert after.ru_utime - before.ru_utime < 1
    assert result.score == 0


WRITTEN = {
    "with a byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "in UTF-16": lambda text: text.encode("utf-16"),
    "in UTF-32": lambda text: text.encode("utf-32"),
    "with a NaN": lambda text: text.encode().replace(b'{"cells"', b'{"x": NaN, "y": -Infinity, "cells"', 1),
    "with a huge number": lambda text: text.encode().replace(b'{"cells"', b'{"x": 1e999999, "cells"', 1),
    "with duplicate keys": lambda text: text.encode().replace(b'{"cells"', b'{"cells": [], "cells"', 1),
    "after a megabyte of blanks": lambda text: b" \n" * 500_000 + text.encode(),
}


@pytest.mark.parametrize("write", WRITTEN.values(), ids=WRITTEN)
def test_a_notebook_written_in_another_way(arena: Arena, write: Any) -> None:
    """Is a notebook judged as ever where JSON can be read at all?"""
    text = arena.notebook(Attack("nothing")).decode()
    text = json.dumps({"cells": json.loads(text).pop("cells"), **json.loads(text)})
    arena.repel(Attack("written", content=write(text)))


def set_cells(**fields: Any) -> Any:
    """A change that gives the cells without a grade these fields."""

    def change(notebook: dict[str, Any]) -> None:
        for cell in notebook["cells"]:
            if "nbgrader" not in cell["metadata"]:
                cell.update(fields)
        notebook["cells"].insert(0, code_cell("import numpy as np\nfrom checks import NotDoneYet"))

    return change


def append(*cells: dict[str, Any]) -> Any:
    return lambda notebook: notebook["cells"].extend(cells)


ODD_CELLS = [
    Attack("sources that are numbers", change=set_cells(source=7)),
    Attack("sources that are null", change=set_cells(source=None)),
    Attack("sources that are objects", change=set_cells(source={"a": 1})),
    Attack("sources that are lists of all kinds", change=set_cells(source=[1, None, ["x"], {"y": 2}])),
    Attack("kinds that are no text", change=set_cells(cell_type=["code"])),
    Attack("no kind", change=set_cells(cell_type=None)),
    Attack("ids that are no text", change=set_cells(id={"a": [1]})),
    Attack("an id of 4 MB", change=append({**code_cell("1 / 0\nwhile True: pass"), "id": "x" * 4_000_000})),
    Attack("outputs that are numbers", change=set_cells(outputs=3, execution_count="x")),
    Attack("attachments", change=set_cells(attachments={"a.png": {"image/png": "A" * 40_000}})),
    Attack("one cell of 4 MB", change=append(code_cell("x = '" + "y" * 4_000_000 + "'"))),
    Attack("one cell of 20,000 lines", change=append(code_cell("x = 1\n" * 20_000))),
    Attack("a cell that nests deeply", change=append(code_cell("(" * 100_000 + ")" * 100_000))),
    Attack("a cell that the compiler loves", change=append(code_cell("-" * 100_000 + "1"))),
    Attack("a cell with null bytes", change=append(code_cell("x = '\0'"))),
    Attack("a cell with surrogates", change=append(code_cell("x = '\ud800'; print(x)"))),
    Attack("a cell of blanks", change=append(code_cell(" \n\t" * 1000), code_cell(""))),
    Attack("a magic that is none", change=append(code_cell("%%nothing\nx"), code_cell("%nothing"), code_cell("?"))),
    Attack("1500 cells", change=append(*(code_cell(f"x = {n}") for n in range(1500)))),
]


@pytest.mark.parametrize("attack", ODD_CELLS, ids=lambda attack: attack.name)
def test_cells_of_odd_types_and_sizes(arena: Arena, attack: Attack) -> None:
    """Does a cell that no notebook would have cost more than itself?"""
    result = arena.repel(attack)
    assert not result.broken
    assert len(json.dumps(result_json(result))) < 100_000


def test_10_000_cells(arena: Arena) -> None:
    """Is a notebook with more cells than anybody writes refused in one sentence?"""
    many = append(*(code_cell("1") for _ in range(10_000)))
    arena.repel(Attack("many", change=many, earns=dict.fromkeys(arena.honest, 0), says="more than the 2000"))


@pytest.mark.parametrize("text", ["\x1b[2J\x1b[1;1H score: 100 of 100", "a\rscore: 100", "\u202e001 :erocs", "\ud800"])
def test_texts_that_steer_a_terminal(arena: Arena, text: str) -> None:
    """Can an error's text, a tag or an id repaint what the instructor's terminal shows?"""

    def change(notebook: dict[str, Any]) -> None:
        graded_cell(notebook, "zero_pad")["metadata"]["tags"].append(text)
        graded_cell(notebook, "conv_forward_solution")["source"] = f"def conv_forward(*a): raise ValueError({text!r})"
        notebook["cells"].append({**code_cell("import os; os._exit(0)"), "id": text})

    result = arena.repel(Attack("text", change=change, says="given the tags"))
    shown = "\n".join([*result.problems, *result.tampering, *map(as_text, result.exercises)])
    assert all(character.isprintable() for character in shown.replace("\n", ""))


def test_the_same_bytes_give_the_same_result(arena: Arena) -> None:
    """Are the scores of two runs equal?"""
    content = arena.notebook(Attack("nothing"))
    assert scores_of(arena.grade(content)) == scores_of(arena.grade(content))
