"""Find notebooks in `submitted/` that lie at the wrong depth. Nobody would notice that they are not graded."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from grader.common.text import printable
from grader.submissions.files import is_notebook_name


def misplaced(submitted: Path, assignment: str, others: Collection[str] = ()) -> list[str]:
    """A line for each notebook that may answer the assignment and does not lie in submitted/<student>/<assignment>/.

    The search covers submitted/, a student's folder, the two folders in the other order, and a folder around students'
    folders. others: the course's other assignments; a notebook with the name of one of them answers that one.
    """
    return [
        f"submitted/{_shown(path)}: was not graded: it lies in the wrong place. "
        f"If it answers {assignment}, move it to submitted/{_shown(place)}."
        for path, place in _found(submitted, assignment)
        if _named_after(path, [assignment, *others]) in (assignment, "")
    ]


def _named_after(path: str, assignments: Collection[str]) -> str:
    """The assignment whose name a notebook's name begins with, the longest if there are several. Empty without one."""
    notebook = path.rpartition("/")[2]
    return max((name for name in assignments if notebook.startswith(name)), key=len, default="")


def _found(submitted: Path, assignment: str) -> Iterator[tuple[str, str]]:
    """Pairs of a path below submitted/ and its right place."""
    for name in _names(submitted):
        if is_notebook_name(name) and not (submitted / name).is_dir():
            yield name, f"{_student(name, assignment)}/{assignment}/{assignment}.ipynb"
            continue
        inner = _names(submitted / name)
        if name == assignment:
            yield from _in_other_order(submitted, assignment, inner)
        elif assignment not in inner:
            yield from _in_students_folder(submitted, name, assignment, inner)


def _in_other_order(submitted: Path, assignment: str, students: list[str]) -> Iterator[tuple[str, str]]:
    for student in students:
        if is_notebook_name(student):
            yield f"{assignment}/{student}", f"{_student(student, assignment)}/{assignment}/{assignment}.ipynb"
        elif any(is_notebook_name(leaf) for leaf in _names(submitted / assignment / student)):
            yield f"{assignment}/{student}/", f"{student}/{assignment}/"


def _in_students_folder(submitted: Path, student: str, assignment: str, inner: list[str]) -> Iterator[tuple[str, str]]:
    """For a student's folder without the assignment's folder: a notebook in it, or the folder of another student."""
    # an archive of a whole class, unpacked once too often, has a folder around the students' folders
    for name in inner:
        if is_notebook_name(name) and name.removesuffix(".ipynb").startswith(assignment):
            yield f"{student}/{name}", f"{student}/{assignment}/{name}"
        elif assignment in _names(submitted / student / name):
            yield f"{student}/{name}/{assignment}/", f"{name}/{assignment}/"


def _student(notebook: str, assignment: str) -> str:
    """The student in a notebook's name, or a placeholder if the name is that of the assignment."""
    stem = notebook.rpartition(".")[0]
    return "<student>" if stem.startswith(assignment) else stem


def _names(folder: Path) -> list[str]:
    """The names in the folder, without hidden ones; none if it is no folder or cannot be read."""
    try:
        return sorted(name for name in os.listdir(folder) if not name.startswith(".")) if folder.is_dir() else []
    except OSError:
        return []


def _shown(path: str) -> str:
    return printable(path, 200)
