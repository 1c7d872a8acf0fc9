"""Parse the JSON of a notebook file: one form for all versions of the format, and a list of faults.

The input is untrusted: every value may be of any type.
"""

from __future__ import annotations

import json
import re
from typing import Any

from checks.messages import say, say_number
from grader.common.text import printable
from grader.config.limits import NOTEBOOK_LISTS as MAX_LISTS
from grader.config.limits import NOTEBOOK_STEPS as MAX_STEPS
from grader.config.limits import NOTEBOOK_VALUES as MAX_VALUES
from grader.notebooks.disguise import SCRIPT, cells_of_script

Raw = dict[str, Any]
NEWEST = (4, 5)
"""The newest version of the notebook format that the grader knows."""

# Possessive quantifiers (`++`, `*+`) never go back, so these patterns take linear time on any bytes.
_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_OUTPUTS = rb'"outputs"\s*+:\s*+\['
_TO_OUTPUTS = re.compile(rb'(?:[^"]++|(?!' + _OUTPUTS + rb")" + _STRING + rb")*+" + _OUTPUTS, re.DOTALL)
_FLAT = rb'(?:[^\[\]{}"]++|' + _STRING + rb")*+"
_BRACKET = re.compile(rb'(?:[^\[\]{}"]++|' + _STRING + rb"|[\[{]" + _FLAT + rb"[\]}])*+[\[\]{}]", re.DOTALL)
"""Everything up to the next bracket. Lists and objects without an inner bracket are skipped whole."""


class TooManyCells(ValueError):
    """A notebook has too many cells to be read."""


def parse_notebook(content: bytes, max_cells: int | None = None) -> tuple[Raw, list[str]]:
    """Return the notebook in the form of format 4, each cell a dict, and its faults, a clause each.

    Outputs are left out if the file holds too many values with them. Raises ValueError unless content is the JSON of
    a notebook, TooManyCells if it has more than max_cells, and RecursionError if it is nested too deeply.
    """
    remarks: list[str] = []
    # a file of fewer bytes cannot hold so many values, and then nobody needs to count them
    if len(content) > MAX_VALUES and values(content) > MAX_VALUES:
        content = without_outputs(content)
        if values(content) > MAX_VALUES:
            raise ValueError(say("it holds more than {values} values", values=f"{MAX_VALUES:,}"))
    try:
        data = _loaded(content, remarks)
    except UnicodeDecodeError:  # most often Latin-1: a few letters are lost, the code is not
        data = json.loads(content.decode(json.detect_encoding(content), "replace"))
        remarks.append(
            say("holds bytes that are not UTF-8: save it as UTF-8; it was judged with a \ufffd for each of them")
        )
    is_old = isinstance(data, dict) and "cells" not in data and bool(_cells_of_sheets(data))
    if is_old:
        data = {"cells": _cells_of_sheets(data), "metadata": data.get("metadata"), "nbformat": 4}
        remarks.append(say("is of notebook format 3: it was read; save it in JupyterLab to convert it"))
    if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
        raise ValueError(say("it has no list of cells"))
    cells = [cell for cell in data["cells"] if isinstance(cell, dict)]
    if data["cells"] and not cells:
        raise ValueError(say("cell 1 is not an object, nor is any other"))
    if len(cells) < len(data["cells"]):
        others = len(data["cells"]) - len(cells)
        remarks.append(say_number("holds {number} entries that are no cells: they were left out", number=others))
    if max_cells is not None and len(cells) > max_cells:
        raise TooManyCells(
            say_number("has {number} cells, more than the {limit} that are read", number=len(cells), limit=max_cells)
        )
    remarks += _foreign(data)
    return {**data, "cells": list(map(_upgraded_cell, cells)) if is_old else cells}, remarks


def _loaded(content: bytes, remarks: list[str]) -> Any:
    """The file's JSON. A Python script becomes a notebook of its cells."""
    try:
        return json.loads(content)
    except json.JSONDecodeError:
        cells = cells_of_script(content)
        if cells is None:
            raise
    remarks.append(SCRIPT)
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def values(content: bytes) -> int:
    """An upper bound for the number of values in the JSON, counted without parsing it."""
    # the limit has to hold before the parsing: 46 MB of `{}` took 1.3 GB of memory
    return sum(map(content.count, (b",", b"[", b"{", b":")))


def without_outputs(content: bytes) -> bytes:
    """Empty every list under the key "outputs", without parsing the rest, and return the file's bytes.

    The search ends at a string without an end; a new search behind each of its quotes would take days. The bytes are
    returned unchanged if there are more lists than MAX_LISTS, or more brackets in them than MAX_STEPS.
    """
    kept = bytearray()
    start, lists, steps = 0, 0, MAX_STEPS
    while found := _TO_OUTPUTS.match(content, start):
        kept += content[start : found.end()] + b"]"
        start, steps = _end_of_list(content, found.end(), steps)
        lists += 1
        if lists > MAX_LISTS or steps == 0:
            return content
    return bytes(kept + content[start:])


def _end_of_list(content: bytes, place: int, steps: int) -> tuple[int, int]:
    """The position after the list's closing bracket, and the remaining steps. place: position after the opening one."""
    depth = 1
    while depth and steps:
        found = _BRACKET.match(content, place)
        if found is None:  # the file was cut off inside the list
            return len(content), steps
        place = found.end()
        depth += 1 if content[place - 1] in b"[{" else -1
        steps -= 1
    return place, steps


def _cells_of_sheets(data: Raw) -> list[Any]:
    """The cells of a notebook of format 3 or 2. These formats keep them in worksheets."""
    found = data.get("worksheets")
    sheets = found if isinstance(found, list) else []
    lists = [sheet["cells"] for sheet in sheets if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list)]
    return [cell for cells in lists for cell in cells]


def _upgraded_cell(cell: Raw) -> Raw:
    """A cell of format 3 or 2 in the form of format 4. The older formats keep code under "input"."""
    kind = "markdown" if cell.get("cell_type") == "heading" else cell.get("cell_type")
    source = cell.get("input", cell.get("source", ""))
    return {"cell_type": kind, "metadata": cell.get("metadata"), "source": source}


def _foreign(data: Raw) -> list[str]:
    """Remarks on a notebook with a newer format or another language, a clause each."""
    remarks: list[str] = []
    version = data.get("nbformat", 4), data.get("nbformat_minor", 0)
    if all(isinstance(number, int) for number in version) and version > NEWEST:
        shown = printable(".".join(map(str, version)), 20)
        remarks.append(
            say("is of notebook format {version}, newer than this grader knows: it was read as 4.5", version=shown)
        )
    language = _language(data.get("metadata"))
    if language and not language.lower().startswith(("python", "ipython")):
        named = printable(language, 30)
        remarks.append(say("says that its language is {language}: it was judged as Python", language=named))
    return remarks


def _language(metadata: Any) -> str:
    """The language that the notebook names; empty if it names none."""
    metadata = metadata if isinstance(metadata, dict) else {}
    for entry, key in (("kernelspec", "language"), ("language_info", "name")):
        found = metadata.get(entry)
        language = found.get(key) if isinstance(found, dict) else None
        if isinstance(language, str):
            return language
    return ""
