"""A notebook as typed, read-only records: its cells with nbgrader's metadata.

The JSON is read without nbformat. The import of nbformat costs over a second of CPU time, and its validation checks
nothing that the grader needs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from checks.messages import say
from grader.common.errors import NotebookError
from grader.common.text import printable
from grader.config.limits import NOTEBOOK_CELLS
from grader.notebooks.parse import parse_notebook
from grader.notebooks.regions import rubric

T = TypeVar("T")


@dataclass(frozen=True)
class Cell:
    """One cell."""

    index: int
    """Position in the notebook, from 0."""
    kind: str
    """The cell's type: "code", "markdown" or "raw"."""
    source: str
    id: str | None = None
    """nbformat's id of the cell; None before format 4.5."""
    grade_id: str | None = None
    """nbgrader's id of the cell; None for an ordinary cell."""
    is_grade: bool = False
    """The cell is an autograded test, or an answer that people grade."""
    is_solution: bool = False
    """The student fills in the cell."""
    is_task: bool = False
    """The cell is a task that people grade. The student answers in additional cells."""
    is_locked: bool = False
    """The student has nothing to change in the cell."""
    points: float = 0
    tags: tuple[str, ...] = ()
    has_output: bool = False
    """The file stores an output or an execution count of the cell."""
    seconds: float | None = None
    """Own time that the cell may take, in seconds; None for the limit of the course."""

    @property
    def is_test(self) -> bool:
        """The cell is code, and its run decides about points."""
        return self.kind == "code" and self.is_grade and not self.is_solution

    @property
    def is_graded_by_hand(self) -> bool:
        """The cell is a task, or an answer with points of its own."""
        return bool(self.grade_id) and (self.is_task or (self.is_grade and self.is_solution))

    @property
    def rubric(self) -> str:
        """The rubric of a master's cell that people grade; empty for other cells."""
        return rubric(self.source, self.kind == "code") if self.is_graded_by_hand else ""

    @property
    def label(self) -> str:
        """The cell's name for a person, such as "cell 3 (cell_relu)"."""
        # a student may have removed every id, and the first line still helps to find the cell
        first_line = next((line for line in self.source.splitlines() if line.strip()), "")
        name = printable(self.grade_id or self.id or first_line, 60) or say("empty")
        return say("cell {number} ({name})", number=self.index + 1, name=name)


@dataclass(frozen=True)
class Notebook:
    """The content of a notebook file."""

    name: str
    """The file's name without its ending."""
    cells: tuple[Cell, ...]
    remarks: tuple[str, ...] = ()
    """Faults of the file that did not keep it from being read, a clause each."""
    raw: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """The parsed JSON, each cell a dict. The graded notebook is made of it, so that the bytes are parsed only once."""

    @classmethod
    def read(cls, path: Path) -> Notebook:
        """Read a trusted file, such as a master. Raises NotebookError if it is missing or is not a notebook."""
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
        """Parse the bytes of a notebook. name: the file's name without its ending.

        Raises ValueError unless content is the JSON of a notebook, and TooManyCells if it has more than max_cells.
        """
        data, remarks = parse_notebook(content, max_cells)
        return cls(name, tuple(_cell(index, raw) for index, raw in enumerate(data["cells"])), tuple(remarks), data)

    @classmethod
    def parsed(cls, content: bytes, name: str) -> Notebook | None:
        """Parse a student's notebook. None if it cannot be read; the reason shows when it is graded."""
        try:
            return cls.parse(content, name, NOTEBOOK_CELLS)
        except (ValueError, RecursionError, MemoryError):
            return None

    def code_cells(self) -> list[Cell]:
        """The cells with code, in their order."""
        return [cell for cell in self.cells if cell.kind == "code"]


def source_text(raw: dict[str, Any]) -> str:
    """The cell's source as one text. A file may hold it as a string or as a list of lines."""
    source = raw.get("source", "")
    # `str` of each part: the file is untrusted, and a list may hold anything
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
        # an id of another type could not be a key, and an empty one would match any other empty one
        grade_id=grade_id if isinstance(grade_id, str) and grade_id else None,
        is_grade=bool(nbgrader.get("grade")),
        is_solution=bool(nbgrader.get("solution")),
        is_task=bool(nbgrader.get("task")),
        # nbgrader locks no cell that the student fills in, whatever its metadata says
        is_locked=bool(nbgrader.get("locked")) and not nbgrader.get("solution"),
        points=_number(nbgrader.get("points")),
        tags=tuple(map(str, tags)),
        has_output=bool(raw.get("outputs")) or raw.get("execution_count") is not None,
        seconds=_number(of_type(dict, metadata.get("grader")).get("seconds")) or None,
    )


def of_type(kind: type[T], value: Any) -> T:
    """The value if it is of the type `kind`, else an empty value of that type."""
    return value if isinstance(value, kind) else kind()


def _number(value: Any) -> float:
    """The value as a float: 0 if it is not a number, infinity if it is too large."""
    try:
        return float(value) if isinstance(value, int | float) else 0
    except OverflowError:  # JSON knows integers of any size
        return math.inf
