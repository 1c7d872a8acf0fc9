"""Write the tables of docs/result-schema.md, and the JSON Schema beside it, from the types in `document.py`.

`python -m grader.results.schema_page docs` does it; a test compares, so that the page cannot lag behind the types.
"""

from __future__ import annotations

import json
import re
import sys
import types
import typing
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from grader.results.document import (
    CheckDocument,
    ExerciseDocument,
    MisconceptionDocument,
    PartDocument,
    ResultDocument,
)
from grader.results.records import Difference, Picture

PAGE, SCHEMA_FILE = "result-schema.md", "result-schema.json"
TABLES = {
    "result": ResultDocument,
    "part": PartDocument,
    "exercise": ExerciseDocument,
    "misconception": MisconceptionDocument,
    "check": CheckDocument,
    "difference": Difference,
    "picture": Picture,
}
"""name of a table in the page -> the type that it shows"""
INLINE = (PartDocument, MisconceptionDocument, CheckDocument)
"""types whose fields stand in the row of the field that holds them, too"""
WORDS = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def json_schema() -> str:
    """The JSON Schema of a result, as text. Fields may be added under the same version, so that more are allowed."""
    return json.dumps(msgspec.json.schema(ResultDocument), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def with_tables(page: str) -> str:
    """The page with each table written anew between its marks. Raises ValueError where a mark is missing."""
    for name, document in TABLES.items():
        start, end = f"<!-- table: {name} -->\n", "<!-- end -->"
        pattern = re.compile(f"({re.escape(start)}).*?({end})", re.DOTALL)
        page, count = pattern.subn(partial(_with_middle, table(document)), page)
        if count != 1:
            raise ValueError(f"the page has {count} tables {name!r}, where it should have one")
    return page


def _with_middle(middle: str, found: re.Match[str]) -> str:
    return f"{found[1]}{middle}{found[2]}"


def table(document: type) -> str:
    """A Markdown table: a row per field, with its type in JSON's words and its description."""
    hints = typing.get_type_hints(document, include_extras=True)
    rows = [f"| `{name}` | {_word(hint)} | {_description(hint)}{_fields(hint)} |" for name, hint in hints.items()]
    return "\n".join(["| field | type | meaning |", "|---|---|---|", *rows, "", ""])


def _description(hint: Any) -> str:
    return next((str(one.description) for one in getattr(hint, "__metadata__", ())), "").replace("|", "\\|")


def _fields(hint: Any) -> str:
    """The names of a small object's fields, so that a reader of this row need not look for its table."""
    if hint in INLINE:
        return f": `{{{', '.join(json.dumps(name) for name in typing.get_type_hints(hint))}}}`"
    return "".join(dict.fromkeys(map(_fields, typing.get_args(hint))))


def _word(hint: Any, plural: bool = False) -> str:
    """A type in JSON's words."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        return _word(arguments[0], plural)
    if origin is Literal:
        return "string"
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_word(one) for one in arguments)
    if origin is tuple:
        return f"list of {_word(arguments[0], plural=True)}"
    word = WORDS.get(hint, "object")
    return f"{word}s" if plural else word


def main(docs: Path) -> None:
    """Write both files."""
    page = docs / PAGE
    page.write_text(with_tables(page.read_text()))
    (docs / SCHEMA_FILE).write_text(json_schema())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
