"""Write a new assignment: a small complete one that passes the gate, or one from an existing nbgrader notebook."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from grader.assignments.assignment import Assignment
from grader.assignments.layout import NOT_OURS, PRIVATE
from grader.common.errors import AssignmentError, NotebookError
from grader.release.example import example_files
from grader.release.expected_values import write_expected_values
from grader.release.upgrade import Upgraded, upgraded

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
"""nbgrader allows more, but `+` and spaces cause problems in paths and URLs."""


def new_assignment(course: Path, name: str) -> Path:
    """Write source/<name> with the data of its public tests; return the folder. Raises AssignmentError."""
    folder = _free_folder(course, name)
    try:
        _write(folder, example_files(name))
        write_expected_values([Assignment(folder)])
    except BaseException:  # also Ctrl-C: half an assignment would block the name
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def new_from_notebook(course: Path, name: str, notebook: Path) -> tuple[Path, Upgraded]:
    """Make source/<name> from an nbgrader notebook and the files next to it, which its cells may read.

    Return the folder and the changes to the notebook. Raises AssignmentError or NotebookError.
    """
    folder = _free_folder(course, name)
    try:
        found = upgraded(notebook.read_bytes())
    except OSError as error:
        raise NotebookError(f"{notebook}: cannot be read ({error.strerror}).") from error
    # Deeply nested JSON exceeds Python's recursion limit.
    except (ValueError, RecursionError) as error:
        raise NotebookError(f"{notebook}: is not a notebook ({error}). Open it in JupyterLab and save it.") from error
    try:
        _write(folder, {f"{name}.ipynb": json.dumps(found.notebook, indent=1, ensure_ascii=False) + "\n"})
        left_out = _copy_beside(notebook.parent, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder, Upgraded(found.notebook, (*found.changes, *left_out))


def _free_folder(course: Path, name: str) -> Path:
    if not NAME.fullmatch(name):
        raise AssignmentError(
            f"{name!r} cannot name an assignment: use letters, digits, '_' and '-', beginning with a letter."
        )
    folder = course / "source" / name
    if folder.exists():
        raise AssignmentError(f"source/{name} exists: choose another name, or edit it with `make edit`.")
    return folder


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def _copy_beside(origin: Path, folder: Path) -> list[str]:
    """Copy the files next to the notebook, except other notebooks, links and hidden files."""
    others = []
    for path in sorted(origin.rglob("*")):
        short = path.relative_to(origin)
        if any(part in NOT_OURS or part.startswith(".") for part in short.parts) or not path.is_file():
            continue
        # The notebook may lie in the course: the new folder must not be copied into itself. A link may lead anywhere.
        if folder.resolve() in path.resolve().parents or path.is_symlink():
            continue
        if path.suffix == ".ipynb":
            others.append(short.as_posix())
            continue
        place = folder / short
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, place)
    named = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")
    secret = f"; files that students must not get belong into {PRIVATE}/" if len(list(folder.rglob("*"))) > 1 else ""
    copied = [f"the files next to the notebook were copied{secret}"] if secret else []
    return copied + ([f"other notebooks were not copied: {named}"] if len(others) > 1 else [])
