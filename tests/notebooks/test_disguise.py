"""A file that only has a notebook's name is told apart by its content."""

from __future__ import annotations

import io
import zipfile

import pytest

from grader.notebooks.disguise import what_it_is


def archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name in names:
            file.writestr(name, "application/vnd.oasis.opendocument.text" if name == "mimetype" else "text " * 40)
    return buffer.getvalue()


def open_document() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:  # its first entry is stored as it is
        file.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        file.writestr("content.xml", "<x/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (archive("[Content_Types].xml", "word/document.xml"), "is a document of an office program"),
        (open_document(), "is a document of an office program"),
        (archive("lab/lab.ipynb", "__MACOSX/lab/._lab.ipynb"), "is a zip archive: unpack it"),
    ],
    ids=["Word", "LibreOffice", "zip"],
)
def test_office_documents_are_no_archives_with_a_notebook(content: bytes, words: str) -> None:
    """Is nobody sent to look for a notebook in a document, which is a zip archive inside?"""
    assert what_it_is(content).startswith(words)
