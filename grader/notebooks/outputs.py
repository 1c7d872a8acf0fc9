"""Outputs of a student's cells for the graded notebook: known fields only, each of the type that pages expect.

The templates of nbgrader and nbconvert make pages of these outputs. They write some fields without quotes, use others
as addresses, and fail at a value of another type. So only fields named in this module pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from grader.common.text import printable
from grader.config.limits import ERROR_NAME_CHARACTERS as MAX_NAME
from grader.config.limits import PICTURE_SIDE as MAX_SIDE

Raw = dict[str, Any]
# JSON is not among them: JupyterLab hands it to extensions (widgets, Vega, Plotly), some of which run what it says.
TEXTS = frozenset(("text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml"))
BITMAPS = frozenset(("image/png", "image/jpeg", "image/gif", "image/webp"))
BACKGROUNDS = ("light", "dark")
# possessive, so that the search takes linear time on any text
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*+")


def plain_outputs(outputs: object) -> list[Raw]:
    """The outputs of a cell in nbformat's form. Outputs of an unknown type are left out."""
    found = outputs if isinstance(outputs, (list, tuple)) else ()
    known = (one for one in found if isinstance(one, Mapping) and isinstance(one.get("output_type"), str))
    made = (_KINDS[one["output_type"]](one) for one in known if one["output_type"] in _KINDS)
    return [one for one in made if one]


def plain_count(count: object) -> int | None:
    """An execution count; None unless it is a whole number from 1."""
    # bool is a subclass of int in Python, but not a number in nbformat's schema
    return count if isinstance(count, int) and not isinstance(count, bool) and count > 0 else None


def _stream(output: Mapping[str, Any]) -> Raw:
    # templates write the name into a CSS class without quotes
    name = output.get("name") if output.get("name") in ("stdout", "stderr") else "stdout"
    return {"output_type": "stream", "name": name, "text": _text(output.get("text")) or ""}


def _error(output: Mapping[str, Any]) -> Raw:
    lines = output.get("traceback")
    return {
        "output_type": "error",
        "ename": printable(_text(output.get("ename")) or "", MAX_NAME),
        "evalue": _text(output.get("evalue")) or "",
        "traceback": [line for line in lines if isinstance(line, str)] if isinstance(lines, list) else [],
    }


def _display(output: Mapping[str, Any]) -> Raw:
    data = _data(output.get("data"))
    return {"output_type": "display_data", "data": data, "metadata": _metadata(output.get("metadata"), data)}


def _result(output: Mapping[str, Any]) -> Raw:
    count = plain_count(output.get("execution_count"))
    return {**_display(output), "output_type": "execute_result", "execution_count": count}


_KINDS: Mapping[str, Callable[[Mapping[str, Any]], Raw]] = {
    "stream": _stream,
    "error": _error,
    "display_data": _display,
    "execute_result": _result,
}


def _data(data: object) -> Raw:
    """Media type -> content, for the media types in the list."""
    contents = data.items() if isinstance(data, Mapping) else ()
    checked = ((kind, _content(kind, content)) for kind, content in contents if isinstance(kind, str))
    return {kind: content for kind, content in checked if content is not None}


def _content(kind: str, content: object) -> str | None:
    """The content as text; None for another type of content, and for a media type that is not in the list."""
    if kind in TEXTS:
        return _text(content)
    if kind in BITMAPS:
        # pages write the content into a `data:` address, so it must not hold a quote
        text = _text(content)
        return text if text is not None and BASE64.fullmatch(text) else None
    return None


def _text(content: object) -> str | None:
    """The content as one text; None if it is no text. nbformat writes a text as a string or as a list of lines."""
    if isinstance(content, list) and all(isinstance(line, str) for line in content):
        return "".join(content)
    return content if isinstance(content, str) else None


def _metadata(metadata: object, data: Raw) -> Raw:
    """The size and the background of pictures, for the whole output or per media type."""
    found = metadata if isinstance(metadata, Mapping) else {}
    by_kind = {kind: _picture_metadata(found.get(kind)) for kind in data if kind in BITMAPS}
    return _picture_metadata(found) | {kind: fields for kind, fields in by_kind.items() if fields}


def _picture_metadata(metadata: object) -> Raw:
    found = metadata if isinstance(metadata, Mapping) else {}
    kept: Raw = {side: found[side] for side in ("width", "height") if _is_side(found.get(side))}
    background = found.get("needs_background")
    return kept | ({"needs_background": background} if background in BACKGROUNDS else {})


def _is_side(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_SIDE
