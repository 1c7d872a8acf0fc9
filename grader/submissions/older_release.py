"""A notebook that was made from an older release: recognise it by hashes, and grade it with today's tests.

Such a notebook does not count as tampered with. Its student is told that there is a newer release.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from checks.messages import say, say_number
from grader.assignments.releases import PastRelease, hash_of, hash_of_cell
from grader.common.text import printable
from grader.notebooks.model import Cell, Notebook
from grader.notebooks.regions import without_hidden_tests

NAMED = 5
"""Cells or files that the remark names. It counts the rest."""


@dataclass(frozen=True)
class AsOfToday:
    """A notebook with today's tests in place of older ones."""

    notebook: Notebook
    lacking: frozenset[str] = frozenset()
    """Grade ids of the master that the notebook's release did not have."""
    remarks: tuple[str, ...] = ()
    """Remarks for the student, a clause each."""


def as_of_today(notebook: Notebook, master: Notebook, releases: Sequence[PastRelease]) -> AsOfToday:
    """Replace each test cell of an older release by the master's.

    releases: all releases, oldest first. Students should have the last one.
    """
    if len(releases) < 2:
        return AsOfToday(notebook)
    *older, newest = releases
    # a cell that is the same in the newest release tells nothing about the notebook's age
    known = {pair for release in older for pair in release.cells.items() if newest.cells.get(pair[0]) != pair[1]}
    old = {
        cell.index for cell in notebook.cells if (cell.grade_id, hash_of_cell(cell)) in known and not cell.is_solution
    }
    ids = {cell.grade_id for cell in notebook.cells if cell.grade_id}
    ours = {cell.grade_id for cell in master.cells if cell.grade_id}
    # exactly the ids of an older release; a student may have deleted cells of the newest one
    is_one_of_them = bool(ids) and ids != set(newest.cells) and any(ids == set(release.cells) for release in older)
    if not old and not is_one_of_them:
        return AsOfToday(notebook)
    tests = {cell.grade_id: cell for cell in master.cells if cell.is_test}
    past = frozenset().union(*(release.cells for release in older))
    gone = past - ours if is_one_of_them else frozenset()
    cells = tuple(_of_today(cell, tests, cell.index in old, gone) for cell in notebook.cells)
    names = [cell.grade_id for cell in notebook.cells if cell.index in old or cell.grade_id in gone]
    return AsOfToday(
        replace(notebook, cells=cells), frozenset(ours - ids) if is_one_of_them else frozenset(), (_told(names),)
    )


def _of_today(cell: Cell, tests: Mapping[str | None, Cell], is_old: bool, gone: frozenset[str]) -> Cell:
    if is_old and cell.grade_id in tests:
        test = tests[cell.grade_id]
        return replace(cell, source=without_hidden_tests(test.source), points=test.points, tags=test.tags)
    if is_old or cell.grade_id in gone:  # the master has no such test any more: the cell becomes an ordinary one
        return replace(cell, grade_id=None, is_grade=False)
    return cell


def older_files(
    files: Mapping[str, bytes], released: Mapping[str, bytes], releases: Sequence[PastRelease]
) -> Iterator[str]:
    """The submitted files that equal a file of an older release. They are out of date, not tampered with."""
    for name, content in files.items():
        if content != released.get(name) and any(one.files.get(name) == hash_of(content) for one in releases[:-1]):
            yield name


def told_of_files(names: Sequence[str]) -> list[str]:
    """The remark on files of an older release; no remark for no names."""
    return [_told(names)] if names else []


def _told(names: Sequence[str | None]) -> str:
    shown: str = ", ".join(printable(name, 60) for name in names[:NAMED] if name)
    if len(names) > NAMED:
        shown = say_number("{names} and {number} more", number=len(names) - NAMED, names=shown)
    if shown:
        return say(
            "it is of an older release of the assignment ({names}): it was judged with the tests of today. Get the "
            "new release",
            names=shown,
        )
    return say(
        "it is of an older release of the assignment: it was judged with the tests of today. Get the new release"
    )
