"""Write the released notebook again as a single file, for Colab, an attachment or a phone, with all its files inside.

Pictures are embedded in the text as data URLs, because JupyterLab shows no SVG from a notebook's attachments. All other
files are packed into a code cell at the top. It writes those that do not exist yet next to the notebook. The rest of
the notebook is unchanged, so that it is graded like the original.
"""

from __future__ import annotations

import base64
import io
import json
import mimetypes
import re
import textwrap
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from grader.assignments.layout import REQUIREMENTS
from grader.common.errors import GraderError

FOLDER = "one_file"
"""Name of its folder in the released folder."""
CELL_ID = "files-inside"
FOR_THE_FOLDER = frozenset({REQUIREMENTS, "README.md"})
"""Files about the folder itself, which are useless inside a notebook."""
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time stamp of every packed file: the same files must give the same bytes."""
SOURCE = re.compile(r"""(<img\b[^>]*?\bsrc=["'])([^"']+)(["'])|(!\[[^\]]*\]\()([^)\s]+)(\))""")
"""The address of a picture in a text cell, with the text before and after it, in HTML or markdown."""

UNPACK = '''\
# @title The files of this notebook are packed in this cell: run it first.
import base64
import io
import os
import zipfile

FILES = """
{packed}
"""
with zipfile.ZipFile(io.BytesIO(base64.b64decode(FILES))) as packed_files:
    for name in packed_files.namelist():
        if not os.path.exists(name):
            packed_files.extract(name)
'''

Raw = dict[str, Any]


def add_one_file(release: Path, notebook: str) -> Path:
    """Write `one_file/<notebook>` into the released folder; return its path.

    Raises GraderError if a text cell shows a picture that the folder does not contain.
    """
    content = json.loads((release / notebook).read_text(encoding="utf-8"))
    target = release / FOLDER / notebook
    target.parent.mkdir(exist_ok=True)
    target.parent.chmod(release.stat().st_mode)
    target.write_text(json.dumps(one_file(content, _files(release)), indent=1, ensure_ascii=False) + "\n", "utf-8")
    target.chmod((release / notebook).stat().st_mode)
    return target


def one_file(notebook: Raw, files: Mapping[str, bytes]) -> Raw:
    """Return the notebook with the files inside. files: path next to the notebook -> content."""
    shown: set[str] = set()
    cells = [_with_pictures(cell, files, shown) for cell in notebook["cells"]]
    packed = {path: content for path, content in files.items() if path not in shown | FOR_THE_FOLDER}
    # In front of the first code cell, which imports the packed modules.
    first_code = next((i for i, cell in enumerate(cells) if cell["cell_type"] == "code"), len(cells))
    return notebook | {"cells": [*cells[:first_code], _packed_cell(packed), *cells[first_code:]]}


def _files(release: Path) -> dict[str, bytes]:
    paths = (path for path in sorted(release.rglob("*")) if path.is_file() and path.suffix != ".ipynb")
    return {path.relative_to(release).as_posix(): path.read_bytes() for path in paths}


def _with_pictures(cell: Raw, files: Mapping[str, bytes], shown: set[str]) -> Raw:
    """Return the cell with the pictures themselves in place of their addresses; add their paths to `shown`."""
    if cell["cell_type"] != "markdown":
        return cell
    source = cell["source"]

    def embedded(match: re.Match[str]) -> str:
        before, address, after = (part for part in match.groups() if part is not None)
        if re.match(r"[a-z]+:", address):  # a web address or a data URL needs no file
            return match[0]
        # JupyterLab writes a space in an address as %20.
        path = unquote(address).removeprefix("./")
        if path not in files:
            raise GraderError(f"the text cell {cell.get('id', '')!r} shows {address}, which the release does not hold.")
        shown.add(path)
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        return f"{before}data:{kind};base64,{base64.b64encode(files[path]).decode()}{after}"

    # nbformat allows a string or a list of lines.
    text = SOURCE.sub(embedded, source if isinstance(source, str) else "".join(source))
    return cell | {"source": text if isinstance(source, str) else text.splitlines(keepends=True)}


def _packed_cell(files: Mapping[str, bytes]) -> Raw:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_BZIP2) as archive:
        for path, content in sorted(files.items()):
            # The output of bzip2 is the same everywhere; the output of zlib depends on its version.
            archive.writestr(zipfile.ZipInfo(path, LONG_AGO), content, zipfile.ZIP_BZIP2, 9)
    packed = "\n".join(textwrap.wrap(base64.b64encode(buffer.getvalue()).decode(), 120))
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": CELL_ID,
        "metadata": {"cellView": "form", "jupyter": {"source_hidden": True}},
        "outputs": [],
        "source": list(_lines(UNPACK.format(packed=packed))),
    }


def _lines(text: str) -> Iterator[str]:
    yield from text.rstrip("\n").splitlines(keepends=True)
