"""The places of an assignment's files: its own folder, `private/` in it, and files lent by the top of the course.

<course>/public_tests.py, public_tests.h5, requirements.txt     lent to assignments that have none of their own
<course>/source/<name>/                                         released, except `private/`
<course>/source/<name>/private/                                 never leaves the instructor
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

PRIVATE = "private"
MISCONCEPTIONS = "misconceptions"
RIGHT_ANSWERS = "right_answers"
VARIANTS = "variants"
SAMPLE_ANSWERS = "sample_answers"
DRAW_FIGURES = "draw_figures"

PUBLIC_TESTS = "public_tests"
"""The module of the public tests. Its data file has the same stem."""
REQUIREMENTS = "requirements.txt"
LENDABLE = (f"{PUBLIC_TESTS}.py", f"{PUBLIC_TESTS}.h5", REQUIREMENTS)
"""Files at the course's top that may belong to an assignment."""
NOT_OURS = frozenset({"__pycache__", ".ipynb_checkpoints"})
"""Folders that Python and Jupyter make."""


def lent_files(folder: Path) -> dict[str, Path]:
    """Name -> path, for the files at the course's top that belong to the assignment in `folder`.

    An assignment gets the public tests if it uses them and has none of its own.
    """
    # without the look for a use, an assignment with plain asserts would hand out the tests of another assignment
    top = folder.resolve().parents[1]
    names = [] if (folder / REQUIREMENTS).exists() else [REQUIREMENTS]
    if not (folder / f"{PUBLIC_TESTS}.py").exists() and _uses_public_tests(folder):
        names += LENDABLE[:2]
    return {name: top / name for name in names if (top / name).is_file()}


def source_files(folder: Path) -> Iterator[Path]:
    """Every file of the folder in a fixed order, without hidden files and caches."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part in NOT_OURS or part.startswith(".") for part in parts):
            yield path


def python_files(files: Mapping[str, bytes]) -> dict[str, str]:
    """The Python files among the files: path -> source."""
    return {path: content.decode() for path, content in files.items() if path.endswith(".py")}


def _uses_public_tests(folder: Path) -> bool:
    # a search in the text: to import the modules would run them, and an assignment may still be half written
    texts = (path for pattern in ("*.ipynb", "*.py", f"{PRIVATE}/**/*.py") for path in folder.glob(pattern))
    return any(re.search(rf"\b{PUBLIC_TESTS}\b", path.read_text(errors="ignore")) for path in texts)


def kernel_path(folder: Path) -> list[Path]:
    """The import path for a Jupyter kernel that runs the master in `folder` with its hidden tests."""
    return [folder.resolve() / PRIVATE, folder.resolve().parents[1], Path(__file__).with_name("kernel_path")]


if __name__ == "__main__":  # for `make edit`
    print(os.pathsep.join(map(str, kernel_path(Path(sys.argv[1])))))
