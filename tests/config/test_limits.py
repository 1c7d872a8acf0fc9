"""All limits stand in one place, each with a sentence and the unit that its name says."""

from __future__ import annotations

import ast
import re

import pytest
from courses import COURSE

LIMITS = COURSE / "grader" / "config" / "limits.py"
UNITS = {
    "SECONDS": "Seconds",
    "BYTES": "Bytes",
    "CHARACTERS": "Characters",
    "LINES": "Lines",
    "PIXELS": "Pixels",
    "MILLISECONDS": "Milliseconds",
}
NAMES = re.compile(
    r"(MAX|MOST)_\w+|\w+_(MILLI)?(BYTES|CHARACTERS|SECONDS|LINES|PIXELS)|PATIENCE|TRIES|\w+_(FACTOR|MARGIN)"
)
STANDS_ALONE = {"sandbox", "common"}
"""Rooms that import no other."""
NOT_LIMITS = {"SECRET_BYTES", "SEED_BYTES", "MOST_ROWS", "MOST_NAMED", "MOST_FREQUENT", "MOST_SHOWN"}
"""The sizes of a secret and of a seed, and sizes of a layout."""


def documented() -> dict[str, str]:
    """Name of each constant -> the sentence below it; empty where there is none."""
    body = ast.parse(LIMITS.read_text()).body
    found = {}
    for node, following in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            is_text = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
            found[node.targets[0].id] = str(following.value.value) if is_text else ""
    return found


@pytest.mark.parametrize(("name", "sentence"), documented().items())
def test_limit_has_a_sentence_and_its_unit(name: str, sentence: str) -> None:
    assert sentence.endswith(".")
    unit = UNITS.get(name.rsplit("_", 1)[-1])
    assert unit is None or sentence.startswith(unit)


def test_no_room_keeps_a_limit_of_its_own() -> None:
    """Are numbers that bound something defined in config/limits.py alone, but in rooms that import no other?"""
    found = []
    for path in sorted((COURSE / "grader").rglob("*.py")):
        if path == LIMITS or not STANDS_ALONE.isdisjoint(path.parts):
            continue
        for node in ast.parse(path.read_text()).body:
            if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Constant | ast.BinOp | ast.Tuple):
                continue
            targets = [name for target in node.targets for name in ast.walk(target)]
            names = [name.id for name in targets if isinstance(name, ast.Name)]
            found += [f"{path.name}: {name}" for name in names if NAMES.fullmatch(name) and name not in NOT_LIMITS]
    assert found == []
