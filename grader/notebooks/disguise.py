"""Recognise a file that has a notebook's name but another format.

Such a file gets one sentence with the remedy; a Python script also gets its cells.
"""

from __future__ import annotations

import re
from typing import Any

from checks.messages import say
from grader.config.limits import SCRIPT_BYTES as MAX_SCRIPT

ZIP = b"PK\x03\x04"
STARTS = {
    # a clone without Git LFS holds a few lines of text in place of each large file
    b"version https://git-lfs.github.com/": say(
        "a Git LFS pointer, no notebook: run `git lfs pull`, and hand it in again"
    ),
    ZIP: say("a zip archive: unpack it, and hand in the notebook in it"),
    b"PK\x05\x06": say("an empty zip archive: hand in the notebook itself"),
    b"\x1f\x8b": say("a gzip archive: unpack it, and hand in the notebook in it"),
    b"7z\xbc\xaf\x27\x1c": say("a 7z archive: unpack it, and hand in the notebook in it"),
    b"Rar!": say("a RAR archive: unpack it, and hand in the notebook in it"),
    b"%PDF-": say("a PDF: hand in the notebook itself (.ipynb)"),
    b"\x89PNG": say("a picture: hand in the notebook itself (.ipynb)"),
    b"\xff\xd8\xff": say("a picture: hand in the notebook itself (.ipynb)"),
    b"{\\rtf": say("a document of a word processor: hand in the notebook itself (.ipynb)"),
    # macOS writes such a file next to each real one on other file systems, and into zip archives
    b"\x00\x05\x16\x07": say("a companion file that macOS makes: hand in the file without ._ in its name"),
}
"""The first bytes of a file -> the kind of file, with the next step for the student."""
OFFICE = re.compile(rb"\[Content_Types\]\.xml|mimetypeapplication/vnd\.oasis\.")
"""The names in a zip archive that make it a document of Word or Excel, or of LibreOffice."""
CONFLICT = (b"<<<<<<<", b"=======", b">>>>>>>")
"""The starts of the lines that git writes around an unresolved conflict, in their order."""
SCRIPT = say("is a Python script, not a notebook: its code was judged. Hand in the notebook itself")
HTML = re.compile(rb"\s*<(?:!doctype html|html|head|\?xml)", re.IGNORECASE)
PYTHON = re.compile(r"^(?:(?:async )?def \w+\s*\(|import \w|from [\w.]+ import )", re.MULTILINE)
CELL_MARK = re.compile(r"^# (?:In\s?\[[ \d]*\]:?|%%.*)$", re.MULTILINE)
"""The comment line before each cell in a script that Jupyter or an editor exported."""


def what_it_is(content: bytes) -> str:
    """The kind of the file, as a sentence that begins with a verb; empty if the kind is not known."""
    # editors on Windows put a byte order mark in front
    content = content.removeprefix(b"\xef\xbb\xbf")
    if not content.strip():
        return say("is empty. Save the notebook, and hand it in again.")
    if content.startswith(ZIP) and OFFICE.search(content):
        return say("is a document of an office program, no notebook: hand in the notebook itself (.ipynb).")
    for start, kind in STARTS.items():
        if content.startswith(start):
            return say("is {kind}.", kind=kind)
    if has_conflict(content):
        return say(
            "holds conflict marks of git (<<<<<<<, =======, >>>>>>>): a merge was not finished. Take one version, such "
            "as with `git checkout --ours`, open it in JupyterLab and hand it in."
        )
    if HTML.match(content):
        return say("is a web page (HTML), not the notebook: download the notebook itself (.ipynb), and hand that in.")
    return ""


def has_conflict(content: bytes) -> bool:
    """Whether the content holds both sides of an unresolved git conflict."""
    if CONFLICT[0] not in content:  # spares nearly every notebook the split into lines
        return False
    marks = iter([line[:7] for line in content.splitlines() if line.startswith(CONFLICT)])
    # each `in` moves the iterator on, so this asks for the three marks in their order
    return all(mark in marks for mark in CONFLICT)


def cells_of_script(content: bytes) -> list[dict[str, Any]] | None:
    """The cells of Python code that was exported or written as a script; None if the content is anything else."""
    if len(content) > MAX_SCRIPT or what_it_is(content):
        return None
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None
    # a notebook that was cut short is JSON, and its strings may hold lines of Python
    if text.lstrip().startswith(("{", "[")) or "\0" in text or not PYTHON.search(text):
        return None
    pieces = [piece.strip("\n") for piece in CELL_MARK.split(text)]
    return [{"cell_type": "code", "metadata": {}, "source": piece} for piece in pieces if piece.strip()]
