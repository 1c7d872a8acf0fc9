"""Find the exercises that an edit of an assignment concerns: the edited ones, then those that use them, then the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.assignments.assignment import Assignment
from grader.assignments.layout import MISCONCEPTIONS, RIGHT_ANSWERS, source_files
from grader.assignments.statements import statements

CATALOGUE = (RIGHT_ANSWERS, MISCONCEPTIONS)
"""Folders with a file for each exercise, in the order of their proof."""


@dataclass(frozen=True)
class Edition:
    """An assignment as it was at some moment, in hashes."""

    own: dict[str, str] = field(default_factory=dict)
    """Exercise -> its solution cells and its test cell."""
    catalogue: dict[str, str] = field(default_factory=dict)
    """Exercise -> its files in the catalogue."""
    rest: str = ""
    """All other cells and files."""


def edition_of(assignment: Assignment) -> Edition:
    """Return the assignment's edition of today."""
    own = {exercise: _hash(sources) for exercise, sources in _cells_of(assignment)}
    catalogue = {exercise: _hash(_texts(_files_of(assignment, exercise))) for exercise in own}
    return Edition(own, catalogue, _hash([*_other_cells(assignment), *_texts(_other_files(assignment))]))


def concerned(assignment: Assignment, before: Edition, now: Edition) -> tuple[list[str], list[str]]:
    """Return the exercises whose reference, and those whose catalogue, has to be proved again. now: `edition_of` it."""
    edited = [exercise for exercise in now.own if now.own[exercise] != before.own.get(exercise)]
    names = _defined_in(assignment, edited)
    first = edited + [e for e in now.own if e not in edited and names & assignment.helpers.get(e, frozenset())]
    # A module or a data file may be used by every exercise.
    if now.rest != before.rest:
        first += [exercise for exercise in now.own if exercise not in first]
    changed = [e for e in now.own if e not in first and now.catalogue[e] != before.catalogue.get(e)]
    return first, first + changed


def _cells_of(assignment: Assignment) -> Iterator[tuple[str, list[str]]]:
    """Each exercise with the text of its test cell and of the solution cells between the test before and its own."""
    own: list[str] = []
    for cell in assignment.master.code_cells():
        if cell.is_solution:
            own.append(cell.source)
        elif cell.is_test and cell.grade_id:
            # Tags decide how the test runs, so a new one needs a new proof.
            yield cell.grade_id, [*own, cell.source, *cell.tags]
            own = []


def _other_cells(assignment: Assignment) -> list[str]:
    return [cell.source for cell in assignment.master.code_cells() if not (cell.is_solution or cell.is_test)]


def _defined_in(assignment: Assignment, exercises: Sequence[str]) -> set[str]:
    """Return the names that the solution cells of these exercises define."""
    names: set[str] = set()
    own: set[str] = set()
    for cell in assignment.master.code_cells():
        if cell.is_solution:
            own.update(*(statement.makes for statement in statements(cell.source, cell.label)))
        elif cell.is_test and cell.grade_id:
            names |= own if cell.grade_id in exercises else set()
            own = set()
    return names


def _files_of(assignment: Assignment, exercise: str) -> list[Path]:
    paths = (assignment.private / kind / f"{exercise}.py" for kind in CATALOGUE)
    return [path for path in paths if path.exists()]


def _other_files(assignment: Assignment) -> list[Path]:
    catalogue = {path for exercise in assignment.exercises for path in _files_of(assignment, exercise)}
    own = [path for path in source_files(assignment.folder) if path not in catalogue and path.suffix != ".ipynb"]
    return [*own, *assignment.lent.values()]


def _texts(paths: Sequence[Path]) -> list[bytes]:
    return [part for path in paths for part in (path.name.encode(), path.read_bytes())]


def _hash(parts: Sequence[str | bytes]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        # The zero byte keeps text from moving between two parts unnoticed.
        whole.update((part.encode() if isinstance(part, str) else part) + b"\0")
    return whole.hexdigest()
