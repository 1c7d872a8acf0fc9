"""What the gradebook brings in, and what it must not."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from courses import COURSE

LEAN = "grader.common.lean_jsonschema"
FRAME = {"nbgrader", "nbformat", "nbconvert"}
"""packages that import jsonschema"""


def loaded(module: str) -> set[str]:
    """The modules that a fresh Python has after importing this one."""
    code = f"import sys, {module}; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def imported(scope: ast.AST) -> Iterator[str]:
    """The names of modules that a file or function imports, in the order of its lines."""
    for node in sorted(ast.walk(scope), key=lambda node: getattr(node, "lineno", 0)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


OF_THE_FRAME = [
    path.relative_to(COURSE)
    for path in sorted((COURSE / "grader").rglob("*.py"))
    if path.parent.name != "nbgrader_hooks"  # whose __init__.py comes before all of them
    and FRAME & {name.partition(".")[0] for name in imported(ast.parse(path.read_text()))}
]


@pytest.mark.parametrize("path", OF_THE_FRAME, ids=str)
def test_grammars_are_left_out_first(path: Path) -> None:
    """Does each file that imports nbgrader, nbformat or nbconvert import jsonschema without its grammars before?"""
    names = list(imported(ast.parse((COURSE / path).read_text())))
    first = next(place for place, name in enumerate(names) if name.partition(".")[0] in FRAME)
    assert LEAN in names[:first]


def test_hooks_leave_the_grammars_out() -> None:
    """Is this true of all modules that nbgrader calls?"""
    assert LEAN in imported(ast.parse((COURSE / "grader" / "nbgrader_hooks" / "__init__.py").read_text()))


def test_no_grammars_of_addresses() -> None:
    """Is jsonschema loaded without the grammars that take longer than all of nbgrader?"""
    modules = loaded("grader.release.build")
    assert "jsonschema" in modules
    assert not [name for name in modules if name.startswith(("rfc3987_syntax.", "lark."))]


def test_worker_loads_no_nbgrader() -> None:
    """Does the code that runs in a worker load neither nbgrader nor the gradebook's database?"""
    modules = loaded("grader.batch.executors.local")
    assert not {"nbgrader", "sqlalchemy", "jsonschema"} & modules


def test_command_line_loads_no_nbgrader() -> None:
    """Does `grader check` start without nbgrader, which takes as long to load as a notebook to judge?"""
    assert not {"nbgrader", "sqlalchemy", "jsonschema", "matplotlib", "nbformat"} & loaded("grader.cli.main")
