"""Pictures that were pasted into text cells: kept within limits, and a page for whatever else stands there."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest
from courses import COURSE
from graded_cells import picture
from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader import handlers
from notebooks import markdown
from small_courses import chain
from traitlets.config import Config, PyFileConfigLoader

from grader.assignments.assignment import Assignment
from grader.judging.graded_notebook import graded_notebook
from grader.notebooks import attachments
from grader.notebooks.model import Notebook
from grader.results.records import Result

PICTURE = picture()
DATA = f"data:image/png;base64,{PICTURE}"
BESIDE = {"submission_id": "s", "notebook_id": "chain", "assignment_id": "chain", "index": 0, "total": 1,
          "base_url": "", "student": "ada", "last_name": "", "first_name": "", "notebook_path": ""}  # fmt: skip


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    return chain(tmp_path_factory.mktemp("attachments") / "course").assignment("chain")


def graded(assignment: Assignment, *cells: dict[str, Any]) -> str:
    """The graded notebook of a submission that has only these cells."""
    content = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    return graded_notebook(assignment, Result("chain", 0, (), submitted=Notebook.parse(content, "chain"))).decode()


def kept(text: str) -> list[Any]:
    """The attachments of each text cell."""
    return [cell.get("attachments") for cell in json.loads(text)["cells"] if cell["cell_type"] != "code"]


def formgraders_page(text: str) -> str:
    """As the Formgrader shows it under the course's own settings."""
    config = PyFileConfigLoader("nbgrader_config.py", path=str(COURSE)).load_config()
    config.merge(Config({"HTMLExporter": {"template_name": "formgrade"}}))
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    return HTMLExporter(config=config).from_notebook_node(nbformat.reads(text, 4), resources=dict(BESIDE))[0]


def plain_page(text: str) -> str:
    """As nbconvert shows it by itself."""
    return HTMLExporter().from_notebook_node(nbformat.reads(text, 4))[0]


def showing(name: str, found: Any, address: str | None = None) -> dict[str, Any]:
    """A text cell that shows a picture of that name. found: its attachments."""
    return {**markdown("shows", f"![what I see](attachment:{address or name})"), "attachments": found}


def test_pasted_picture_is_shown(assignment: Assignment) -> None:
    """Does a picture come through, so that the notebook can be opened?"""
    text = graded(assignment, showing("image.png", {"image.png": {"image/png": PICTURE}}))
    nbformat.validate(nbformat.reads(text, 4))
    assert DATA in plain_page(text)
    assert DATA in formgraders_page(text)


@pytest.mark.parametrize(
    ("name", "address"), [("Übung.png", "Übung.png"), ("my own.png", "my%20own.png"), ("100%.png", "100%.png")]
)
def test_name_is_found_as_an_address(name: str, address: str, assignment: Assignment) -> None:
    """Is a picture found whose name stands otherwise in an address than among the attachments?"""
    text = graded(assignment, showing(name, {name: {"image/png": PICTURE}}, address))
    assert DATA in formgraders_page(text)


ODD = [3, None, [], {}, "text", {"image/png": 3}, {"image/png": None}, {"image/png": [PICTURE, 3]}, {"image/png": {}}]


@pytest.mark.parametrize("data", ODD, ids=str)
def test_malformed_picture_is_empty(data: Any, assignment: Assignment) -> None:
    """Can a notebook be opened all the same whose picture is none?"""
    text = graded(assignment, showing("image.png", {"image.png": data}))
    assert kept(text) == [{"image.png": attachments.LEFT_OUT}]
    assert "what I see" in plain_page(text)
    assert "what I see" in formgraders_page(text)


@pytest.mark.parametrize("found", [None, 3, [], "image.png", {}, {"other.png": {"image/png": PICTURE}}], ids=str)
@pytest.mark.parametrize("address", ["image.png", "", "%", r"a\.png", '"><script>alert(1)</script>'])
def test_missing_picture_is_empty(found: Any, address: str, assignment: Assignment) -> None:
    """Can a notebook be opened whose text was copied without its picture?"""
    page = formgraders_page(graded(assignment, showing("image.png", found, address)))
    assert "what I see" in page
    assert "<script>alert" not in page


def test_text_as_lines_is_joined(assignment: Assignment) -> None:
    """Is an SVG, which nbformat writes as a list of lines, kept as one text?"""
    lines = {"image/svg+xml": ["PHN2Zz4\n", "PC9zdmc+"], "text/plain": "a", "image/png": 3}
    (found,) = kept(graded(assignment, showing("a.svg", {"a.svg": lines})))
    assert found == {"a.svg": {"image/svg+xml": "PHN2Zz4\nPC9zdmc+", "text/plain": "a"}}


def test_only_text_cells_have_pictures(assignment: Assignment) -> None:
    """Do raw cells keep their attachments, and code cells, which can have none, not?"""
    found = {"image.png": {"image/png": PICTURE}}
    cells = [{**markdown(kind, "x"), "cell_type": kind, "attachments": found} for kind in ("raw", "markdown", "code")]
    text = graded(assignment, *cells)
    nbformat.validate(nbformat.reads(text, 4))
    assert kept(text) == [found, found]
    assert text.count(PICTURE) == 2


def test_pictures_are_limited_together(assignment: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is what goes beyond the limit empty, in whichever cell, and can the notebook be opened?"""
    monkeypatch.setattr(attachments, "ATTACHMENTS_CHARACTERS", 2000)
    large, small = {"image/png": "A" * 1500}, {"image/png": "A" * 300}
    cells = [showing("a", {"a": large}), showing("b", {"b": large, "c": small}), showing("d", {"d": large})]
    text = graded(assignment, *cells)
    assert kept(text) == [{"a": large}, {"b": attachments.LEFT_OUT, "c": small}, {"d": attachments.LEFT_OUT}]
    assert plain_page(text).count("what I see") == 3


def test_count_is_limited(assignment: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do no more names go into the graded notebook than anybody gives, and can it be opened?"""
    monkeypatch.setattr(attachments, "ATTACHMENTS", 3)
    many = {str(number): {"image/png": ""} for number in range(5)}
    text = graded(assignment, showing("4", many), showing("0", many))
    assert kept(text) == [{name: many[name] for name in "012"}, None]
    assert formgraders_page(text).count("what I see") == 2
