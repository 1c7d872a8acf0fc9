"""Courses of a few lines, made for one test file, and what students hand in for them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from courses import ANSWERS, COURSE, NAME
from notebooks import END, START, cell_of, code, graded, read, solution, write

from grader.config.policy import GradingPolicy
from grader.course import Course
from grader.sandbox import Limits

Cell = dict[str, Any]
LIMITS = Limits(call_seconds=1, cell_seconds=2, session_seconds=20, cpu_seconds=10, memory_bytes=96 << 20)
QUICK = GradingPolicy(limits=LIMITS)
"""the settings of tests whose answers hang and burst"""
RELEASE = COURSE / "release" / NAME / f"{NAME}.ipynb"


def exercise(name: str, right: str, test: str, points: float = 1, *tags: str) -> list[Cell]:
    """The solution cell `<name>_solution` and the test cell `<name>` of a master."""
    answer = solution(f"{name}-solution".replace("_", "-"), f"{START}\n{right}\n{END}", f"{name}_solution")
    return [answer, graded(f"{name}-test".replace("_", "-"), test, name, points, *tags)]


def write_course(
    folder: Path, name: str, cells: Sequence[Cell], secret: Mapping[str, str] | None = None, config: str = ""
) -> Course:
    """A course with one assignment, released. secret: files of its `private/`, path -> text."""
    master = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    write(master, folder / "source" / name / f"{name}.ipynb")
    for path, text in (secret or {}).items():
        _write_text(folder / "source" / name / "private" / path, text)
    released = [{**cell, "source": "# your answer"} if "_solution" in str(cell["metadata"]) else cell for cell in cells]
    write({**master, "cells": released}, folder / "release" / name / f"{name}.ipynb")
    (folder / "nbgrader_config.py").write_text(f"c = get_config()\nc.CountParts.parts = {{}}\n{config}\n")
    return Course(folder)


def _write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def chain(folder: Path) -> Course:
    """Three exercises that build on each other, and one that does not; 2, 3, 5 and 1 points."""
    cells = [
        code("packages", "import os\nimport time"),
        *exercise("double", DOUBLE, "assert double(2) == 4\nassert double(-3) == -6", 2),
        *exercise("apart", APART, "assert apart() == 'apart'", 1),
        *exercise("quadruple", QUADRUPLE, "assert quadruple(2) == 8\nassert quadruple(-3) == -12", 3),
        *exercise("octuple", OCTUPLE, "assert octuple(2) == 16", 5),
    ]
    return write_course(folder, "chain", cells)


DOUBLE = "def double(x):\n    return x + x"
APART = "def apart():\n    return 'apart'"
QUADRUPLE = "def quadruple(x):\n    return double(double(x))"
OCTUPLE = "def octuple(x):\n    return 2 * quadruple(x)"
RIGHT = {"double": DOUBLE, "apart": APART, "quadruple": QUADRUPLE, "octuple": OCTUPLE}
POINTS = {"double": 2, "apart": 1, "quadruple": 3, "octuple": 5}


def hand_in(
    released: Path, answers: Mapping[str, str], before: Sequence[Cell] = (), after: Sequence[Cell] = ()
) -> bytes:
    """The released notebook with these answers in their solution cells. before, after: cells of the student's own."""
    return json.dumps(filled(released, answers, before, after)).encode()


def filled(
    released: Path, answers: Mapping[str, str], before: Sequence[Cell] = (), after: Sequence[Cell] = ()
) -> dict[str, Any]:
    """The same as the notebook's JSON."""
    notebook = read(released)
    for name, source in answers.items():
        cell_of(notebook, f"{name}_solution")["source"] = source
    notebook["cells"] = [*before, *notebook["cells"], *after]
    return notebook


def without_trials(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook without its try-it cells: they take time and prove nothing here."""
    cells = [cell for cell in notebook["cells"] if cell["id"] != "see-it-work-code" and not cell["id"].endswith("-try")]
    return {**notebook, "cells": cells}


def answers_of(example: str) -> dict[str, str]:
    """Exercise -> text, of a student of the sample class."""
    pieces = (ANSWERS / f"{example}.py").read_text().split("# %% ")[1:]
    named = (piece.partition("\n")[::2] for piece in pieces)
    return {name.strip(): text.strip("\n") for name, text in named if "extra" not in name}
