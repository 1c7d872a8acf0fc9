"""Outputs of students in the graded notebook: only known fields, of the type that pages expect."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest
from graded_cells import picture
from hypothesis import given
from hypothesis import strategies as st

from grader.notebooks.outputs import BACKGROUNDS, BITMAPS, MAX_SIDE, TEXTS, plain_count, plain_outputs

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KINDS = st.sampled_from([*TEXTS, *BITMAPS, "application/json", "application/x+json", "application/javascript", "x"])
FIELDS = st.sampled_from(["width", "height", "needs_background", "filenames", "alt", "unconfined", "isolated"])
METADATA = st.dictionaries(FIELDS | KINDS, ANY | st.dictionaries(FIELDS, ANY), max_size=4)
OUTPUTS = st.fixed_dictionaries(
    {"output_type": st.sampled_from(["stream", "error", "display_data", "execute_result", "update", 5])},
    optional={"data": st.dictionaries(KINDS, ANY) | ANY, "metadata": METADATA | ANY, "text": ANY, "name": ANY,
              "ename": ANY, "evalue": ANY, "traceback": ANY, "execution_count": ANY, "svg_filename": ANY},
)  # fmt: skip


@given(st.lists(OUTPUTS | ANY, max_size=3) | ANY)
def test_what_passes_is_a_valid_notebook(outputs: Any) -> None:
    """Whatever stands in any field, is the rest of it valid, and nothing in it that a page would not expect?"""
    found = plain_outputs(outputs)
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": "", "execution_count": None, "outputs": found}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    nbformat.validate(nbformat.from_dict(json.loads(json.dumps(notebook))))
    for output in found:
        assert "svg_filename" not in output
        for kind, content in output.get("data", {}).items():
            assert isinstance(content, str) and kind in TEXTS | BITMAPS
        metadata = output.get("metadata", {})
        for fields in (metadata, *(metadata[kind] for kind in BITMAPS & metadata.keys())):
            for name, value in fields.items():
                assert name in BITMAPS or is_plain(name, value), (name, value)


def is_plain(name: str, value: Any) -> bool:
    if name == "needs_background":
        return value in BACKGROUNDS
    return name in ("width", "height") and type(value) is int and 0 < value <= MAX_SIDE


@pytest.mark.parametrize(
    "odd", ["1 onerror=alert(1)", '1" x="', "1\nx=1", "100%", 1.5, True, 0, -1, 10**9, [1], {}, None]
)
@pytest.mark.parametrize("field", ["width", "height"])
def test_odd_size_is_left_out(field: str, odd: Any) -> None:
    """Is a size that is no whole number of pixels left out, for all of the output and for one kind of picture?"""
    for metadata in ({field: odd}, {"image/png": {field: odd}}):
        assert displayed({"image/png": "eA=="}, metadata)["metadata"] == {}


def test_plain_size_is_kept() -> None:
    """Does a picture keep its size and background?"""
    fields = {"width": 77, "height": 33, "needs_background": "dark"}
    assert displayed({"image/png": picture()}, {"image/png": fields})["metadata"] == {"image/png": fields}
    assert displayed({"image/png": picture()}, fields)["metadata"] == fields


@pytest.mark.parametrize("content", [5, None, True, {}, [5], "not base64!", '" onerror="x'], ids=str)
def test_odd_picture_is_left_out(content: Any) -> None:
    """Does a picture that is none leave the text beside it?"""
    assert displayed({"image/png": content, "text/plain": "a"})["data"] == {"text/plain": "a"}


PROGRAMS = {
    "application/vnd.jupyter.widget-view+json": {"model_id": "a", "version_major": 2, "version_minor": 0},
    "application/vnd.vega.v5+json": {"data": [{"name": "a", "url": "/hub/logout"}]},
    "application/vnd.plotly.v1+json": {"data": [], "layout": {"images": [{"source": "/hub/logout"}]}},
    "application/vnd.bokehjs_exec.v0+json": {"id": "a"},
    "application/geo+json": {"type": "Feature"},
    "application/json": [1],
    "application/javascript": "alert(1)",
    "application/pdf": "JVBERi0=",
    "text/x-anything": "a",
    "IMAGE/SVG+XML": "<svg/>",
    "text/html ": "<p>",
    "image/svg+xml;x": "<svg/>",
}
"""Media types that an extension of JupyterLab may run or load, and forms of known ones that are none."""


@pytest.mark.parametrize("kind", PROGRAMS)
def test_only_listed_media_types_stay(kind: str) -> None:
    """Is a kind of output that JupyterLab would hand to an extension left out, and the text beside it kept?"""
    assert displayed({kind: PROGRAMS[kind], "text/plain": "a"})["data"] == {"text/plain": "a"}
    assert displayed({kind: PROGRAMS[kind]})["data"] == {}


def test_lines_are_joined() -> None:
    """Is a text that is written as a list of lines one text?"""
    data = {"text/plain": ["a\n", "b"], "image/png": ["eA=\n", "="]}
    assert displayed(data)["data"] == {"text/plain": "a\nb", "image/png": "eA=\n="}


@pytest.mark.parametrize(("count", "kept"), [(3, 3), (0, None), (True, None), ("3", None), (None, None), (-1, None)])
def test_execution_count_is_a_number(count: Any, kept: int | None) -> None:
    """Is an execution count a number from 1, or none?"""
    assert plain_count(count) == kept


def displayed(data: Any, metadata: Any = None) -> dict[str, Any]:
    (output,) = plain_outputs([{"output_type": "display_data", "data": data, "metadata": metadata or {}}])
    return output
