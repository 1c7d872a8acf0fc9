"""Is `mypy --strict` strict: is no room left out, and does each exception say why?"""

from __future__ import annotations

import re
import tomllib

from courses import COURSE

LIBRARYS_FAULT = {"no-untyped-call", "import-untyped"}
"""The library has no types: the code of the error says it."""
LINES = [
    (path.relative_to(COURSE).as_posix(), number, line)
    for path in sorted((COURSE / "grader").rglob("*.py"))
    for number, line in enumerate(path.read_text().splitlines(), 1)
]


def test_no_room_is_left_out() -> None:
    """Does strict hold everywhere, apart from classes that derive from nbgrader's, which has no types?"""
    settings = tomllib.loads((COURSE / "pyproject.toml").read_text())["tool"]["mypy"]
    assert settings["strict"] and settings["packages"] == ["grader"] and "exclude" not in settings
    for override in settings["overrides"]:
        names = override["module"]
        of_ours = (
            {option for option in override if option != "module"} if any("grader." in n[:7] for n in names) else set()
        )
        assert of_ours <= {"disallow_subclassing_any"}, override


def test_each_exception_has_a_reason() -> None:
    """Does a line that mypy is told to leave alone say why, and which error it means?"""
    without = []
    for path, number, line in LINES:
        if "type: ignore" not in line:
            continue
        found = re.search(r"# type: ignore\[([\w, -]+)\](?:  # (.+))?", line)
        if not found or not (found[2] or {code.strip() for code in found[1].split(",")} <= LIBRARYS_FAULT):
            without.append(f"{path}:{number}: {line.strip()}")
    assert without == []
