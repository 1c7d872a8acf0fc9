"""Does a release hold a line of a solution, of a hidden test or of the catalogue?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.assignments.assignment import Assignment
from grader.assignments.layout import MISCONCEPTIONS, RIGHT_ANSWERS, VARIANTS
from grader.notebooks.regions import hidden_regions, regions
from grader.release.lent_files import files_to_add

COMMON = 12
"""characters of a line that says nothing by itself, such as `x = 0`: a helper module may hold it as well"""


def leaks(assignment: Assignment, release: Path) -> Iterator[str]:
    """One item per secret line. A line that the course also shows on purpose is no secret."""
    files = (path for path in sorted(release.rglob("*")) if path.is_file())
    texts = {path.relative_to(release).as_posix(): _text(path) for path in files}
    for line, place in sorted(_secret_lines(assignment).items()):
        holders = [name for name, text in texts.items() if line in text]
        yield f"{', '.join(holders)}: holds the line {line!r} of {place}: reword one of the two." if holders else ""


def _secret_lines(assignment: Assignment) -> dict[str, str]:
    """Every line of solutions, hidden tests and catalogue -> where it stands."""
    secret: dict[str, str] = {}
    public = set()
    for cell in assignment.master.cells:
        hidden = "\n".join(regions(cell.source) + hidden_regions(cell.source)).splitlines()
        secret |= dict.fromkeys(map(str.strip, hidden), f"the master's {cell.label}")
        public |= {line.strip() for line in cell.source.splitlines()} - {line.strip() for line in hidden}
    for pattern in ("*.py", f"{MISCONCEPTIONS}/*.py", f"{RIGHT_ANSWERS}/*.py", f"{VARIANTS}/*.py"):
        for path in sorted(assignment.private.glob(pattern)):
            lines = (line.strip() for line in path.read_text().splitlines())
            secret |= {line: path.relative_to(assignment.private).as_posix() for line in lines if line not in secret}
    for path, content in files_to_add(assignment).items():
        if path.endswith(".py"):
            public |= {line.strip() for line in content.decode().splitlines()}
    return {line: place for line, place in secret.items() if _telling(line) and line not in public}


def _telling(line: str) -> bool:
    """A line that says how to do something: brackets, fragments of a call, docstrings and bare words do not."""
    return any(sign in line for sign in "=([") and any(map(str.isalpha, line)) and not line.endswith(("(", ",", '"'))


def _text(path: Path) -> str:
    """What can be read in the file; of a notebook, every string in it, outputs and metadata too."""
    text = path.read_bytes().decode("utf-8", errors="ignore")
    return "\n".join(_strings(json.loads(text))) if path.suffix == ".ipynb" else text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from (key, *_strings(item))
    elif isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            yield "".join(value)  # a cell's lines
        else:
            for item in value:
                yield from _strings(item)
    elif isinstance(value, str):
        yield value
