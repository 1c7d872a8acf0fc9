"""Find lines of solutions, hidden tests or the catalogue in a release."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from grader.assignments.assignment import Assignment
from grader.assignments.layout import MISCONCEPTIONS, PRIVATE, RIGHT_ANSWERS, VARIANTS, source_files
from grader.notebooks.model import Cell
from grader.notebooks.regions import hidden_regions, regions, rubric
from grader.release.lent_files import files_to_add



def leaks(assignment: Assignment, release: Path) -> Iterator[str]:
    """Yield the problem of each secret line, or an empty string. A line that is also shown on purpose is public."""
    files = (path for path in sorted(release.rglob("*")) if path.is_file())
    texts = {path.relative_to(release).as_posix(): _text(path) for path in files}
    helpers = _helpers(assignment)
    for line, place in sorted(_secret_lines(assignment, helpers.values()).items()):
        holders = [name for name, text in texts.items() if line in text]
        yield f"{', '.join(holders)}: holds the line {line!r} of {place}: reword one of the two." if holders else ""
    for name, text in helpers.items():
        yield _held_solution(assignment, name, text)


def _helpers(assignment: Assignment) -> dict[str, str]:
    """Return path -> source of the assignment's own modules that are released on purpose."""
    lent = files_to_add(assignment)
    paths = ((path.relative_to(assignment.folder), path) for path in source_files(assignment.folder))
    return {
        short.as_posix(): path.read_text(errors="ignore")
        for short, path in paths
        if short.suffix == ".py" and short.parts[0] != PRIVATE and short.as_posix() not in lent
    }


def _held_solution(assignment: Assignment, name: str, helper: str) -> str:
    """Return a problem if a helper holds at least half of the lines of a solution.

    A helper may share single lines with a solution, such as an import or a loop.
    """
    lines = {line.strip() for line in helper.splitlines()}
    shown = {line for cell in assignment.master_cells for line in _shown(cell)}
    for cell in assignment.master_cells:
        own = {line for line in _solution_lines(cell) if _telling(line) and line not in shown}
        held = own & lines
        if held and 2 * len(held) >= len(own):
            return (
                f"{name}: holds the solution of {cell.label}, such as the line {min(held)!r}: "
                f"take it out, or move the file to {PRIVATE}/."
            )
    return ""


def _solution_lines(cell: Cell) -> set[str]:
    """Return the lines of a solution cell that the release leaves out: between marks, or all lines without marks."""
    if not cell.is_solution or cell.kind != "code":
        return set()
    found = regions(cell.source) or [cell.source]
    return {line.strip() for line in "\n".join(found).splitlines()}


def _hidden_lines(cell: Cell) -> set[str]:
    """Return the lines of hidden tests and of the rubric."""
    return {line.strip() for line in "\n".join([*hidden_regions(cell.source), rubric(cell.source)]).splitlines()}


def _shown(cell: Cell) -> set[str]:
    """Return the released lines of a cell."""
    secret = _solution_lines(cell) | _hidden_lines(cell)
    return {line.strip() for line in cell.source.splitlines()} - secret


def _secret_lines(assignment: Assignment, helpers: Iterable[str]) -> dict[str, str]:
    """Return secret line -> place, for solutions, hidden tests and the catalogue."""
    secret: dict[str, str] = {}
    public = {line.strip() for text in helpers for line in text.splitlines()}
    for cell in assignment.master_cells:
        hidden = _hidden_lines(cell)
        secret |= dict.fromkeys(sorted(_solution_lines(cell) | hidden), f"the master's {cell.label}")
        public |= _shown(cell)
    for pattern in ("*.py", f"{MISCONCEPTIONS}/*.py", f"{RIGHT_ANSWERS}/*.py", f"{VARIANTS}/*.py"):
        for path in sorted(assignment.private.glob(pattern)):
            lines = (line.strip() for line in path.read_text().splitlines())
            secret |= {line: path.relative_to(assignment.private).as_posix() for line in lines if line not in secret}
    for name, content in files_to_add(assignment).items():
        if name.endswith(".py"):
            # The package `checks` is released with every assignment.
            public |= {line.strip() for line in content.decode().splitlines()}
    return {line: place for line, place in secret.items() if _telling(line) and line not in public}


def _telling(line: str) -> bool:
    """Return True for a line that shows a step of a solution. Brackets, docstrings and bare words do not."""
    # Solutions and released cells share imports, which give nothing away.
    if line.startswith(("import ", "from ")):
        return False
    return any(sign in line for sign in "=([") and any(map(str.isalpha, line)) and not line.endswith(("(", ",", '"'))


def _text(path: Path) -> str:
    """Return the readable text of a file. For a notebook these are all strings, also of outputs and metadata."""
    # Pictures and data files are searched as well: an SVG or a pickle can hold source text.
    text = path.read_bytes().decode("utf-8", errors="ignore")
    return "\n".join(_strings(json.loads(text))) if path.suffix == ".ipynb" else text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from (key, *_strings(item))
    elif isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            yield "".join(value)  # a cell's source, which a notebook stores as a list of lines
        else:
            for item in value:
                yield from _strings(item)
    elif isinstance(value, str):
        yield value
