"""Render cells of submissions for a page: code with line numbers, printed output and pictures, but never their HTML."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from checks.messages import Message, current, say_number, shown, shown_as_code
from grader.common.text import printable
from grader.config.limits import CELL_PICTURES as MAX_PICTURES
from grader.config.limits import CODE_CHARACTERS as MAX_CODE
from grader.config.limits import COLOURED_CHARACTERS as MAX_COLOURED
from grader.config.limits import FINDING_SEARCH_CHARACTERS as MAX_FINDING
from grader.config.limits import LINE_CHARACTERS as MAX_LINE
from grader.config.limits import OUTPUT_CHARACTERS as MAX_OUTPUT
from grader.config.limits import OUTPUT_LINES as MAX_LINES
from grader.config.limits import TRACEBACK_LINES as MAX_TRACEBACK
from grader.pages.exercise_cells import Raw
from grader.pages.pictures import data_url

FORMATTER = HtmlFormatter(nowrap=True, classprefix="py-")
NAMED = re.compile(r"\(line (\d{1,9}) of the cell, in (\w{1,500}+)\)")
"""Form of a student's line in a finding."""
FRAME = re.compile(r"\s*+Cell In\[(\d{1,9})\], line (\d{1,9})")
"""Beginning of a traceback line with a cell's number."""
SYNTAX = re.compile(r", line (\d{1,9})\)$")
DEFINES = re.compile(r"\s*+(?:async )?def (\w+)")


@dataclass(frozen=True)
class Output:
    """One output of a cell: a text or a picture."""

    kind: str
    """"text", "warning", "error" or "picture\""""
    text: str = ""
    picture: str = ""
    """The picture as a data URL."""


@dataclass(frozen=True)
class ShownCell:
    """One cell of a submission, ready for the template."""

    number: int
    is_solution: bool
    is_code: bool
    lines: tuple[Markup, ...]
    named: frozenset[int]
    """Lines, from 1, that an error names."""
    outputs: tuple[Output, ...]


def shown_cell(number: int, cell: Raw, findings: Collection[str] = ()) -> ShownCell:
    """Return the cell for the template. findings: those of the exercise's checks, which may name lines of this cell."""
    is_code = cell["cell_type"] == "code"
    source = _text(cell.get("source", ""))
    return ShownCell(
        number=number,
        is_solution=bool(cell.get("metadata", {}).get("nbgrader", {}).get("solution")),
        is_code=is_code,
        lines=code_lines(source) if is_code else tuple(map(escape, plain(source, MAX_CODE, MAX_CODE).split("\n"))),
        named=frozenset(_named_lines(cell, source, findings)) if is_code else frozenset(),
        outputs=tuple(_outputs(cell.get("outputs", ()))),
    )


def code_lines(source: str) -> tuple[Markup, ...]:
    """Return Python source line by line as HTML, with colours if that is cheap."""
    text = shown_as_code(plain(source, MAX_CODE, MAX_CODE))  # values first: our own sentences stay as they are
    lines = text.split("\n")
    # Pygments takes too long for very long lines, which no person writes.
    if max(map(len, lines)) > MAX_COLOURED:
        return tuple(map(escape, lines))
    coloured = highlight(text, PythonLexer(stripnl=False, ensurenl=False), FORMATTER).split("\n")
    return tuple(map(Markup, coloured[: len(lines)]))


def plain(text: object, length: int = MAX_OUTPUT, lines: int = MAX_LINES) -> str:
    """Return the text with invisible characters as escapes, shortened with a note."""
    if isinstance(text, Message) and not current().is_source:
        return text.with_values(lambda value: plain(value, length, lines))
    whole = str(text).replace("\r\n", "\n")
    kept = [line[:MAX_LINE] for line in whole[:length].split("\n")[:lines]]
    left_out = len(whole) - len("\n".join(kept))
    lines_kept = [printable(line.expandtabs(4), 4 * MAX_LINE) for line in kept]
    note = say_number("[{count} more characters are not shown]", number=left_out, count=f"{left_out:,}")
    return "\n".join([*lines_kept, shown(note)] if left_out else lines_kept)


def _outputs(outputs: Iterable[Raw]) -> Iterator[Output]:
    pictures = 0
    for output in outputs:
        data: dict[str, Any] = output.get("data", {})
        picture = data_url(data["image/png"]) if "image/png" in data and pictures < MAX_PICTURES else ""
        if output["output_type"] == "stream":
            yield Output("warning" if output.get("name") == "stderr" else "text", plain(_text(output.get("text", ""))))
        elif output["output_type"] == "error":
            yield Output("error", plain("\n".join(map(str, output.get("traceback", ()))) or output.get("evalue", "")))
        # A picture that is not shown falls through to its text form.
        elif picture:
            pictures += 1
            yield Output("picture", plain(_text(data.get("text/plain", "")), 200, 1), picture)
        elif "text/plain" in data:
            yield Output("text", plain(_text(data["text/plain"])))


def _named_lines(cell: Raw, source: str, findings: Collection[str]) -> Iterator[int]:
    """Yield the lines that findings or errors name.

    The search goes line by line: a pattern that runs over blank lines takes quadratic time on hostile text.
    """
    defined = {found.group(1) for found in map(DEFINES.match, source[:MAX_CODE].split("\n")) if found}
    for finding in findings:
        for line, function in NAMED.findall(finding[:MAX_FINDING]):
            if function in defined:
                yield int(line)
    for output in cell.get("outputs", ()):
        if output["output_type"] == "error":
            for found in filter(None, map(FRAME.match, _traceback(output))):
                # A frame of another cell, which called this one's function, names a line of that cell.
                if found.group(1) == str(cell.get("execution_count")):
                    yield int(found.group(2))
            if output.get("ename") in ("SyntaxError", "IndentationError", "TabError"):
                yield from map(int, SYNTAX.findall(str(output.get("evalue", ""))[-MAX_LINE:]))


def _traceback(output: Raw) -> Iterator[str]:
    """Yield the first lines of the traceback, each shortened. An entry of the list may hold several lines."""
    entries = (str(entry)[: MAX_FINDING * 10].split("\n") for entry in output.get("traceback", ())[:MAX_TRACEBACK])
    return (line[:MAX_FINDING] for line in islice(chain.from_iterable(entries), MAX_TRACEBACK))


def _text(text: object) -> str:
    return "".join(map(str, text)) if isinstance(text, list) else str(text)
