"""A notebook as typed, read-only records: its cells, and what nbgrader's metadata says of them.

Reads JSON directly: importing nbformat costs over a second of CPU time, and validates nothing that we need.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from grader.common.errors import NotebookError
from grader.common.text import printable
from grader.notebooks.parse import parse_notebook
from grader.notebooks.regions import rubric

T = TypeVar("T")


@dataclass(frozen=True)
class Cell:
    """One cell."""

    index: int
    """position in the notebook, from 0"""
    kind: str
    """"code", "markdown" or "raw\""""
    source: str
    id: str | None = None
    grade_id: str | None = None
    is_grade: bool = False
    """an autograded test, or an answer graded by hand"""
    is_solution: bool = False
    """a cell that the student fills in"""
    is_task: bool = False
    """a task that people grade: the student answers in cells of their own"""
    is_locked: bool = False
    """the student has nothing to change in it"""
    points: float = 0
    tags: tuple[str, ...] = ()
    has_output: bool = False
    """an output or an execution count is stored"""
    seconds: float | None = None
    """own time that the cell may take, where its metadata asks for more or less than the course allows to a cell"""

    @property
    def is_test(self) -> bool:
        """A code cell whose run decides over points."""
        return self.kind == "code" and self.is_grade and not self.is_solution

    @property
    def is_graded_by_hand(self) -> bool:
        """A task, or an answer that is worth points itself."""
        return bool(self.grade_id) and (self.is_task or (self.is_grade and self.is_solution))

    @property
    def rubric(self) -> str:
        """Of a master's cell that people grade: what the points are given for."""
        return rubric(self.source, self.kind == "code") if self.is_graded_by_hand else ""

    @property
    def label(self) -> str:
        """How to name the cell to a person."""
        first_line = next((line for line in self.source.splitlines() if line.strip()), "empty")
        return f"cell {self.index + 1} ({printable(self.grade_id or self.id or first_line, 60)})"


@dataclass(frozen=True)
class Notebook:
    """A notebook file's content."""

    name: str
    """file name without its ending"""
    cells: tuple[Cell, ...]
    remarks: tuple[str, ...] = ()
    """what was amiss with the file, though it could be read"""
    raw: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """the parsed JSON, each cell a dict: for the graded notebook, so that nobody parses the bytes again"""

    @classmethod
    def read(cls, path: Path) -> Notebook:
        """Raises NotebookError when the file is missing or is no notebook."""
        try:
            return cls.parse(path.read_bytes(), path.stem)
        except OSError as error:
            raise NotebookError(f"{path}: cannot be read ({error.strerror}).") from error
        except ValueError as error:
            raise NotebookError(
                f"{path}: is not a notebook ({error}). Open it in JupyterLab and save it again."
            ) from error

    @classmethod
    def parse(cls, content: bytes, name: str, max_cells: int | None = None) -> Notebook:
        """Raises ValueError unless content is the JSON of a notebook, TooManyCells where it has more than max_cells."""
        data, remarks = parse_notebook(content, max_cells)
        return cls(name, tuple(_cell(index, raw) for index, raw in enumerate(data["cells"])), tuple(remarks), data)

    def code_cells(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.kind == "code"]


def source_text(raw: dict[str, Any]) -> str:
    """The cell's source as one text, from the list of lines that a file may hold."""
    source = raw.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def _cell(index: int, raw: dict[str, Any]) -> Cell:
    metadata = of_type(dict, raw.get("metadata"))
    nbgrader = of_type(dict, metadata.get("nbgrader"))
    tags = of_type(list, metadata.get("tags"))
    grade_id = nbgrader.get("grade_id")
    return Cell(
        index=index,
        kind=str(raw.get("cell_type")),
        source=source_text(raw),
        id=raw.get("id"),
        grade_id=grade_id if isinstance(grade_id, str) and grade_id else None,
        is_grade=bool(nbgrader.get("grade")),
        is_solution=bool(nbgrader.get("solution")),
        is_task=bool(nbgrader.get("task")),
        is_locked=bool(nbgrader.get("locked")) and not nbgrader.get("solution"),
        points=_number(nbgrader.get("points")),
        tags=tuple(map(str, tags)),
        has_output=bool(raw.get("outputs")) or raw.get("execution_count") is not None,
        seconds=_number(of_type(dict, metadata.get("grader")).get("seconds")) or None,
    )


def of_type(kind: type[T], value: Any) -> T:
    """The value if it is of that type, else an empty one."""
    return value if isinstance(value, kind) else kind()


def _number(value: Any) -> float:
    """The value as a float; 0 where it is no number, infinity where it is too large."""
    try:
        return float(value) if isinstance(value, int | float) else 0
    except OverflowError:
        return math.inf
