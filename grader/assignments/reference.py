"""The reference implementation: the names that the master's solution cells define, and their dependencies.

The master runs from the top, as in a notebook: given cells, data files, helper modules, earlier test cells. In cells
other than solutions, only the statements run that a solution depends on; figures take time, and no test needs them.
(The gate runs every cell of the master, in the sandbox.) Prints are dropped. After a failed statement the others still
run.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import io
import linecache
import random
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from grader.assignments.statements import Statement, fixed_names, needed, statements
from grader.common.errors import MasterError
from grader.common.time_limit import TimeLimit
from grader.config.limits import REFERENCE_STATEMENT_SECONDS as STATEMENT_SECONDS
from grader.notebooks.model import Notebook


def solutions(master: Notebook, stubs: bool = False) -> dict[str, Any]:
    """Run the master's solution cells and their dependencies; return name -> object.

    stubs: the notebook is a release, so its solution cells may raise. Otherwise a failed solution raises MasterError.
    """
    namespace, failures = run_solutions(master)
    if failures and not stubs:
        raise MasterError(failures[0])
    return without_system_names(namespace)


def without_system_names(namespace: Mapping[str, Any]) -> dict[str, Any]:
    """The namespace without names such as `__builtins__`."""
    return {name: value for name, value in namespace.items() if not name.startswith("__")}


def run_solutions(master: Notebook) -> tuple[dict[str, Any], list[str]]:
    """The namespace of the solutions, and a line for each failed statement of a solution.

    The solutions' functions look their helpers up in this dict, so a change of it takes effect in them.
    """
    namespace: dict[str, Any] = {"__name__": f"reference of {master.name}"}
    own = {cell.label for cell in master.code_cells() if cell.is_solution}
    failures = []
    for cell in master.code_cells():  # inspect.getsource looks there, and a cell is no file
        linecache.cache[cell.label] = (len(cell.source), None, cell.source.splitlines(keepends=True), cell.label)
    with _random_state_kept(), TimeLimit(STATEMENT_SECONDS) as limit:
        for statement in _with_dependencies(master):
            try:
                with limit.limited("the statement"):  # an endless loop would hang every command
                    error = run_silently([statement], namespace)
            except TimeoutError as late:
                error = late
            if error is not None and statement.cell in own:
                failures.append(
                    f"{master.name}.ipynb: {statement.cell}: raised {type(error).__name__}: {error}. "
                    "Fix the master's cell."
                )
    return namespace, failures


@contextlib.contextmanager
def _random_state_kept() -> Iterator[None]:
    """Restore the global random generators after the block. A master may seed them, and the tests use the same ones."""
    before = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(before[0])
        np.random.set_state(before[1])


def run_silently(some: Iterable[Statement], namespace: dict[str, Any]) -> Exception | None:
    """Run the statements in the namespace, without their prints. Returns the first error; the others still run."""
    first = None
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for statement in some:
            try:
                exec(statement.code, namespace)
            except (Exception, SystemExit) as error:  # a cell that calls exit() must not end the judge
                first = first or (error if isinstance(error, Exception) else RuntimeError("it ended Python"))
    return first


def _with_dependencies(master: Notebook) -> list[Statement]:
    """The statements of all solution cells and their dependencies in other cells, in the notebook's order."""
    own, some = set(), []
    cells = master.code_cells()
    last = max((place for place, cell in enumerate(cells) if cell.is_test or cell.is_solution), default=0)
    for cell in cells[: last + 1]:  # no test needs a cell below the last test
        of_cell = statements(cell.source, cell.label)
        own |= {id(statement) for statement in of_cell if cell.is_solution}
        # a star import in a test may import the hidden tests, and these import the reference that is being made
        some += [one for one in of_cell if not (cell.is_test and one.is_star_import)]
    return needed((), some, fixed_names(some), lambda statement: id(statement) in own)


def helpers(master: Notebook) -> dict[str, frozenset[str]]:
    """Exercise -> the names that its solution and its grade cell use, directly or through other solutions.

    The solution of an exercise is the code of the solution cells between the previous test and its own test.
    """
    uses: dict[str, set[str]] = {}
    own: set[str] = set()
    start: dict[str, set[str]] = {}
    for cell in master.code_cells():
        if cell.is_solution:
            for statement in statements(cell.source, cell.label):
                own |= statement.reads
                for name in statement.makes:
                    uses.setdefault(name, set()).update(statement.reads)
        elif cell.is_test and cell.grade_id:
            # a test that calls an earlier function, for example to make its input, fails without it too
            tested = set().union(*(statement.reads for statement in statements(cell.source, cell.label)))
            start[cell.grade_id] = own | (tested - {cell.grade_id}) | uses.get(cell.grade_id, set())
            own = set()
    return {exercise: _reached(names, uses) for exercise, names in start.items()}


def _reached(names: set[str], uses: Mapping[str, set[str]]) -> frozenset[str]:
    reached: set[str] = set()
    left = set(names)
    while left:
        name = left.pop()
        reached.add(name)
        left |= uses.get(name, set()) - reached
    return frozenset(reached)


def imports(source: str, text: str) -> list[Statement]:
    """The top-level imports of a cell, without names that do not occur in `text`. All other statements are left out."""
    # matplotlib takes long to import, and hardly any test needs it
    words = {"*", *re.findall(r"\w+", text)}
    found = []
    for statement in statements(source, "imports"):
        if isinstance(statement.node, ast.Import | ast.ImportFrom):
            node = copy.copy(statement.node)
            node.names = [alias for alias in node.names if (alias.asname or alias.name.split(".")[0]) in words]
            found += [replace(statement, node=node)] if node.names else []
    return found
