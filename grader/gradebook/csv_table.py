"""Tables as people save them from spreadsheets and learning systems: CSV of any usual separator and encoding."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cached_property

from grader.common.errors import TableError

SEPARATORS = ",;\t"
"""Excel writes a semicolon where the comma divides decimals."""
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
"""Byte-order mark -> encoding."""


@dataclass(frozen=True)
class Row:
    """A line below the head that holds anything. Cells are without spaces at their ends, one for each column."""

    line: int
    cells: tuple[str, ...]
    misfit: str = ""
    """Why the cells cannot be told apart. Empty if they fit the head."""


@dataclass(frozen=True)
class Table:
    """The head and the rows of a file."""

    names: tuple[str, ...]
    """Names of the columns as the file has them. None in an empty file."""
    rows: tuple[Row, ...]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns in lower case, with _ for a space."""
        return tuple(name.lower().replace(" ", "_") for name in self.names)

    def place(self, *columns: str) -> int | None:
        """The place of the first column with one of these names, or None. Raises TableError if a name stands twice."""
        for place, name in enumerate(self.columns):
            if name in columns:
                if self.columns.count(name) > 1:
                    raise TableError(f"has two columns {name!r}. Rename the one that does not count.")
                return place
        return None


def read_table(content: bytes) -> Table:
    """The table in a file's bytes.

    Raises TableError for what is no text and for quotes without an end. The caller names the file.
    """
    text = _decoded(content)
    head = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=max(SEPARATORS, key=head.count), strict=True)
    try:
        lines = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error as error:
        raise TableError(
            f"line {reader.line_num}: is not valid CSV ({error}). Fix it, or save the table again."
        ) from error
    names, *rows = [(line, cells) for line, cells in lines if any(cells)] or [(0, [])]
    return Table(tuple(names[1]), tuple(_row(line, cells, len(names[1])) for line, cells in rows))


def _row(line: int, cells: list[str], width: int) -> Row:
    misfit = ""
    if any(cells[width:]):
        misfit = f"has {len(cells)} fields, where the head has {width}. Quote fields that hold the separator"
    # Spreadsheets drop empty cells at the end of a line.
    return Row(line, tuple([*cells, *[""] * width][:width]), misfit)


def _decoded(content: bytes) -> str:
    encoding = next((name for mark, name in MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise TableError("is no text. Save the table as CSV (UTF-8).") from None
        text = content.decode("cp1252", "replace")  # how Excel saves "CSV" in the West
    if "\0" in text:
        raise TableError("is no text. Save the table as CSV (UTF-8).")
    return text
