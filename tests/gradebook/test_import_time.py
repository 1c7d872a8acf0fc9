"""What the gradebook brings in, and what it must not."""

from __future__ import annotations

import subprocess
import sys

import pytest


def loaded(module: str) -> set[str]:
    """The modules that a fresh Python has after importing this one."""
    code = f"import sys, {module}; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.parametrize("module", ["grader.gradebook.write", "grader.gradebook.read"])
def test_no_grammars_of_addresses(module: str) -> None:
    """Is jsonschema loaded without the grammars that take longer than all of nbgrader?"""
    modules = loaded(module)
    assert "jsonschema" in modules
    assert not [name for name in modules if name.startswith(("rfc3987_syntax.", "lark."))]


def test_worker_loads_no_nbgrader() -> None:
    """Does the code that runs in a worker load neither nbgrader nor the gradebook's database?"""
    modules = loaded("grader.batch.executors.local")
    assert not {"nbgrader", "sqlalchemy", "jsonschema"} & modules


def test_command_line_loads_no_nbgrader() -> None:
    """Does `grader check` start without nbgrader, which takes as long to load as a notebook to judge?"""
    assert not {"nbgrader", "sqlalchemy", "jsonschema", "matplotlib", "nbformat"} & loaded("grader.cli.main")
