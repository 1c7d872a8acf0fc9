"""Outputs do not count: a notebook that is large by them alone is read without them, in bounded memory."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.common.errors import SubmissionError
from grader.notebooks import parse
from grader.notebooks.parse import parse_notebook, without_outputs
from grader.notebooks.read import read_notebook

KEYS = st.sampled_from(["outputs", "source", "cells", '"outputs": [', "a\\"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | KEYS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
)


def emptied(value: Any) -> Any:
    """The value with an empty list for each list under the key "outputs"."""
    if isinstance(value, list):
        return list(map(emptied, value))
    if isinstance(value, dict):
        return {k: [] if k == "outputs" and isinstance(v, list) else emptied(v) for k, v in value.items()}
    return value


@given(VALUES, st.sampled_from([None, 1]), st.booleans())
def test_only_outputs_are_dropped(value: Any, indent: int | None, ascii_only: bool) -> None:
    """Is all but the outputs left as it was, whatever stands in texts?"""
    content = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()
    assert json.loads(without_outputs(content)) == emptied(value)


@pytest.mark.parametrize("output", [b'{"text": "%s"}' % (b"word\\n" * 10**7), b"[]," * 10**6 + b"1"])
def test_memory_is_bounded(output: bytes, tmp_path: Path) -> None:
    """Does reading take little more than the file's own size, and leave what is not output?"""
    path = tmp_path / "large.ipynb"
    path.write_bytes(b'{"cells": [{"source": "x = 1", "outputs": [%s]}]}' % output)
    tracemalloc.start()
    try:
        content = read_notebook(path, 1000)
        assert tracemalloc.get_traced_memory()[1] < 1.2 * path.stat().st_size + 10**6
    finally:
        tracemalloc.stop()
    assert json.loads(content) == {"cells": [{"source": "x = 1", "outputs": []}]}


ENDLESS = {
    "a list": b'{"outputs": [',
    "a text in a list": b'{"outputs": ["',
    "lists in lists": b'"outputs": [[[{',
    "a text": b'"',
    "escaped quotes": b'{"source": "' + b'\\"' * 10**7,
    "escaped quotes in a list": b'{"outputs": ["' + b'\\"' * 10**7,
    "backslashes": b'{"source": "' + b"\\" * 10**7,
    "blanks behind keys": (b'"outputs"' + b" " * 10**5) * 100,
    "lists in lists in lists": b'{"outputs": [' + b"[" * 10**6,
    "keys in keys": b'{"outputs": [' * 10**6,
}
"""what was cut off -> the file; a scan that starts anew at each quote or bracket would take hours"""


@pytest.mark.parametrize("content", ENDLESS.values(), ids=ENDLESS)
def test_what_does_not_end_is_no_notebook(content: bytes) -> None:
    """Does a file that was cut off come to an end here, however much of it there is?"""
    with pytest.raises((ValueError, RecursionError), match=r"."):
        json.loads(without_outputs(content))


def test_size_without_outputs_counts(tmp_path: Path) -> None:
    """Is a notebook that is within the limit left byte for byte as it is, so that its seed stays the same?"""
    path = tmp_path / "small.ipynb"
    path.write_bytes(b'{"outputs": [1, 2]}')
    assert read_notebook(path, 100) == b'{"outputs": [1, 2]}'
    with pytest.raises(SubmissionError, match=r"missing\.ipynb: was not handed in"):
        read_notebook(tmp_path / "missing.ipynb", 100)


def test_more_values_than_memory_holds_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Is a small file of a great many empty objects never parsed, and none of its outputs counted?"""
    parsed: list[bytes] = []
    loads = json.loads
    monkeypatch.setattr(parse.json, "loads", lambda content: parsed.append(content) or loads(content))
    many = b"{}," * (parse.MAX_VALUES + 1) + b"{}"
    with pytest.raises(ValueError, match=r"it holds more than 500,000 values"):
        parse_notebook(b'{"cells": [%s]}' % many)
    assert parsed == []
    data, _ = parse_notebook(b'{"cells": [{"source": "x = 1", "outputs": [%s]}]}' % many)
    assert data["cells"] == [{"source": "x = 1", "outputs": []}]
    assert len(parsed[0]) < 100


@pytest.mark.parametrize(
    "piece", [b'{"outputs":[]},', b'{"outputs":[[[{}]]]},', b"{},"], ids=["lists", "nested", "flat"]
)
def test_outputs_without_end_are_not_stepped_over(piece: bytes, tmp_path: Path) -> None:
    """Is a file refused, rather than looked through for minutes, that is nothing but brackets?"""
    path = tmp_path / "brackets.ipynb"
    path.write_bytes(b'{"cells": [{"outputs": [%s1]}]}' % (piece * (60_000_000 // len(piece))))
    with pytest.raises(SubmissionError, match=r"brackets\.ipynb: is 60 MB large, where 5 MB are read\. Clear"):
        read_notebook(path, 5_000_000)


def test_deep_outputs_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Are the bytes left as they are where more brackets, or lists, are met than are stepped over?"""
    monkeypatch.setattr(parse, "MAX_STEPS", 100)
    monkeypatch.setattr(parse, "MAX_LISTS", 100)
    for content in (b'{"outputs": [%s]}' % (b"[[[]]]," * 60 + b"1"), b"[%s1]" % (b'{"outputs": [1]},' * 101)):
        assert without_outputs(content) == content
