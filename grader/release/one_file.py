"""The released notebook once more as a single file, for Colab, an attachment, a phone: all that it needs is inside.

Pictures stand in the text itself: JupyterLab shows no SVG from a notebook's attachments. Everything else is packed
into a code cell at the top, which writes those files next to the notebook that are not there yet. The rest of the
notebook is untouched, so that it is graded like the other one.
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
"""in the released folder"""
CELL_ID = "files-inside"
FOR_THE_FOLDER = frozenset({REQUIREMENTS, "README.md"})
"""files that speak of the folder, and are of no use inside a notebook"""
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""the time of every packed file: the same files make the same bytes"""
SOURCE = re.compile(r"""(<img\b[^>]*?\bsrc=["'])([^"']+)(["'])|(!\[[^\]]*\]\()([^)\s]+)(\))""")
"""the address of a picture in a text cell, with what stands before and after it: HTML, or markdown"""

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

    Raises GraderError where a text cell shows a picture that the folder does not hold.
    """
    content = json.loads((release / notebook).read_text(encoding="utf-8"))
    target = release / FOLDER / notebook
    target.parent.mkdir(exist_ok=True)
    target.parent.chmod(release.stat().st_mode)
    target.write_text(json.dumps(one_file(content, _files(release)), indent=1, ensure_ascii=False) + "\n", "utf-8")
    target.chmod((release / notebook).stat().st_mode)
    return target


def one_file(notebook: Raw, files: Mapping[str, bytes]) -> Raw:
    """The notebook with the files inside. files: path beside the notebook -> content."""
    shown: set[str] = set()
    cells = [_with_pictures(cell, files, shown) for cell in notebook["cells"]]
    packed = {path: content for path, content in files.items() if path not in shown | FOR_THE_FOLDER}
    first_code = next((i for i, cell in enumerate(cells) if cell["cell_type"] == "code"), len(cells))
    return notebook | {"cells": [*cells[:first_code], _packed_cell(packed), *cells[first_code:]]}


def _files(release: Path) -> dict[str, bytes]:
    paths = (path for path in sorted(release.rglob("*")) if path.is_file() and path.suffix != ".ipynb")
    return {path.relative_to(release).as_posix(): path.read_bytes() for path in paths}


def _with_pictures(cell: Raw, files: Mapping[str, bytes], shown: set[str]) -> Raw:
    """The cell with each picture of the folder in place of its address; these are noted in `shown`."""
    if cell["cell_type"] != "markdown":
        return cell
    source = cell["source"]

    def embedded(match: re.Match[str]) -> str:
        before, address, after = (part for part in match.groups() if part is not None)
        if re.match(r"[a-z]+:", address):
            return match[0]
        path = unquote(address).removeprefix("./")
        if path not in files:
            raise GraderError(f"the text cell {cell.get('id', '')!r} shows {address}, which the release does not hold.")
        shown.add(path)
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        return f"{before}data:{kind};base64,{base64.b64encode(files[path]).decode()}{after}"

    text = SOURCE.sub(embedded, source if isinstance(source, str) else "".join(source))
    return cell | {"source": text if isinstance(source, str) else text.splitlines(keepends=True)}


def _packed_cell(files: Mapping[str, bytes]) -> Raw:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_BZIP2) as archive:
        for path, content in sorted(files.items()):
            # bzip2's output is the same everywhere; zlib's depends on the library's version.
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
