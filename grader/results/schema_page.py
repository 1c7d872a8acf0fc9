"""Write the tables of docs/result-schema.md, and the JSON Schema next to it, from the types in `document.py`.

Run `python -m grader.results.schema_page docs`. A test compares page and types, so that the page cannot become stale.
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
"""Name of a table in the page -> the type that it shows."""
INLINE = (PartDocument, MisconceptionDocument, CheckDocument)
"""Small types. The row of a field that holds one also lists its fields."""
# the words of JSON's specification, for readers who write in another language than Python
WORDS = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def json_schema() -> str:
    """The JSON Schema of a result, as text. It allows additional fields, which may come under the same version."""
    # sorted, so that a change of the types gives a small difference of the file
    return json.dumps(msgspec.json.schema(ResultDocument), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def with_tables(page: str) -> str:
    """The page with each table written again between its marks. Raises ValueError if a mark is missing or doubled."""
    for name, document in TABLES.items():
        start, end = f"<!-- table: {name} -->\n", "<!-- end -->"
        pattern = re.compile(f"({re.escape(start)}).*?({end})", re.DOTALL)
        # a function and not a text, because `subn` would read the backslashes of a text as references
        page, count = pattern.subn(partial(_with_middle, table(document)), page)
        if count != 1:
            raise ValueError(f"the page has {count} tables {name!r}, where it should have one")
    return page


def _with_middle(middle: str, found: re.Match[str]) -> str:
    return f"{found[1]}{middle}{found[2]}"


def table(document: type) -> str:
    """A Markdown table with a row per field: its name, its type in JSON's terms, and its description."""
    hints = typing.get_type_hints(document, include_extras=True)
    rows = [f"| `{name}` | {_word(hint)} | {_description(hint)}{_fields(hint)} |" for name, hint in hints.items()]
    return "\n".join(["| field | type | meaning |", "|---|---|---|", *rows, "", ""])


def _description(hint: Any) -> str:
    # a bar ends a cell of a Markdown table, even inside code
    return next((str(one.description) for one in getattr(hint, "__metadata__", ())), "").replace("|", "\\|")


def _fields(hint: Any) -> str:
    """The names of a small object's fields, so that readers of this row need not search for its table."""
    if hint in INLINE:
        return f": `{{{', '.join(json.dumps(name) for name in typing.get_type_hints(hint))}}}`"
    return "".join(dict.fromkeys(map(_fields, typing.get_args(hint))))


def _word(hint: Any, plural: bool = False) -> str:
    """A type in JSON's terms, such as "list of strings"."""
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
    """Write the page and the JSON Schema in the folder `docs`."""
    page = docs / PAGE
    page.write_text(with_tables(page.read_text()))
    (docs / SCHEMA_FILE).write_text(json_schema())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
