"""The pictures that a student pasted into text cells, for the graded notebook. nbformat calls them attachments.

The input is untrusted: every value may be of any type.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.config.limits import ATTACHMENTS, ATTACHMENTS_CHARACTERS
from grader.sandbox import text_size

Raw = dict[str, Any]
LEFT_OUT = {"image/png": ""}
"""An empty picture in place of one that is left out. nbconvert refuses a notebook with a missing attachment."""


def keep_attachments(submitted: Sequence[Raw], written: Sequence[Raw]) -> None:
    """Give each text cell of the graded notebook the attachments of the submitted cell at its place."""
    left, places = ATTACHMENTS_CHARACTERS, ATTACHMENTS
    for raw, cell in zip(submitted, written, strict=True):
        found = raw.get("attachments")
        if cell["cell_type"] == "code" or not isinstance(found, dict):
            continue
        kept: Raw = {}
        for name, data in list(found.items())[:places]:
            # the first that still fits: the picture, else the empty one. Neither fits where the name itself is huge.
            fitting = (one for one in (_well_formed(data), LEFT_OUT) if one and text_size({name: one}) <= left)
            picture = next(fitting, None)
            if picture is not None:
                kept[name] = picture
                left -= text_size({name: picture})
        places -= len(kept)
        cell |= {"attachments": kept} if kept else {}


def _well_formed(data: Any) -> dict[str, str]:
    """Media type -> content, for contents that are text. nbformat writes a text as a string or as a list of lines."""
    contents = data.items() if isinstance(data, dict) else ()
    return {kind: "".join(text) for kind, text in contents if isinstance(text, str) or _is_lines(text)}


def _is_lines(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(line, str) for line in value)
