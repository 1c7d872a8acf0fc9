"""Find notebooks in `submitted/` that lie at the wrong depth. Nobody would notice that they are not graded."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from grader.common.text import printable
from grader.submissions.files import is_notebook_name


def misplaced(
    submitted: Path, assignment: str, others: Collection[str] = (), notebooks: Sequence[str] = ()
) -> list[str]:
    """A line for each notebook that may answer the assignment and does not lie in submitted/<student>/<assignment>/.

    The search covers submitted/, a student's folder, the two folders in the other order, and a folder around students'
    folders. others: names of the course's other assignments and of their notebooks; a notebook with one of these names
    answers that assignment. notebooks: names of this assignment's; by default one with the assignment's name.
    """
    wanted = tuple(notebooks or [assignment])
    return [
        f"submitted/{_shown(path)}: was not graded: it lies in the wrong place. "
        f"If it answers {assignment}, move it to submitted/{_shown(place)}."
        for path, place in _found(submitted, assignment, wanted)
        if _named_after(path, [assignment, *wanted, *others]) in ("", assignment, *wanted)
    ]


def _named_after(path: str, names: Collection[str]) -> str:
    """The name that a notebook's name begins with, the longest if there are several. Empty without one."""
    notebook = path.rpartition("/")[2]
    return max((name for name in names if notebook.startswith(name)), key=len, default="")


def _found(submitted: Path, assignment: str, wanted: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Pairs of a path below submitted/ and its right place."""
    for name in _names(submitted):
        if is_notebook_name(name) and not (submitted / name).is_dir():
            yield name, f"{_student(name, wanted)}/{assignment}/{_right_name(name, wanted)}"
            continue
        inner = _names(submitted / name)
        if name == assignment:
            yield from _in_other_order(submitted, assignment, inner, wanted)
        elif assignment not in inner:
            yield from _in_students_folder(submitted, name, assignment, inner, wanted)


def _in_other_order(
    submitted: Path, assignment: str, students: list[str], wanted: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    for student in students:
        if is_notebook_name(student):
            yield f"{assignment}/{student}", f"{_student(student, wanted)}/{assignment}/{_right_name(student, wanted)}"
        elif any(is_notebook_name(leaf) for leaf in _names(submitted / assignment / student)):
            yield f"{assignment}/{student}/", f"{student}/{assignment}/"


def _in_students_folder(
    submitted: Path, student: str, assignment: str, inner: list[str], wanted: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """For a student's folder without the assignment's folder: a notebook in it, or the folder of another student."""
    # an archive of a whole class, unpacked once too often, has a folder around the students' folders
    for name in inner:
        if is_notebook_name(name) and name.removesuffix(".ipynb").startswith(wanted):
            yield f"{student}/{name}", f"{student}/{assignment}/{name}"
        elif assignment in _names(submitted / student / name):
            yield f"{student}/{name}/{assignment}/", f"{name}/{assignment}/"


def _student(notebook: str, wanted: tuple[str, ...]) -> str:
    """The student in a notebook's name, or a placeholder if the name is that of a wanted notebook."""
    stem = notebook.rpartition(".")[0]
    return "<student>" if stem.startswith(wanted) else stem


def _right_name(notebook: str, wanted: tuple[str, ...]) -> str:
    """The file name that a notebook should have: of several wanted ones the one that its name begins with, if any."""
    longest = sorted(wanted, key=len, reverse=True)  # `part 10` before `part 1`
    called = next((name for name in longest if notebook.startswith(name)), "")
    return f"{wanted[0] if len(wanted) == 1 else called or '<notebook>'}.ipynb"


def _names(folder: Path) -> list[str]:
    """The names in the folder, without hidden ones; none if it is no folder or cannot be read."""
    try:
        return sorted(name for name in os.listdir(folder) if not name.startswith(".")) if folder.is_dir() else []
    except OSError:
        return []


def _shown(path: str) -> str:
    return printable(path, 200)
