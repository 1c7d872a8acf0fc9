"""The reference implementation: what the master's own solution cells define, with all that they depend on.

The master runs from the top, as in a notebook: given cells, data files, helper modules, earlier test cells. Of cells
other than solutions only those statements run on which a solution depends: a figure takes time, and no test needs it.
(The gate runs every cell of the master, in the sandbox.) What a cell prints is dropped. A statement that fails costs
what depends on it.
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
from grader.notebooks.model import Notebook


def solutions(master: Notebook, stubs: bool = False) -> dict[str, Any]:
    """Run the master's solution cells, and what they depend on; return the names that the solutions define.

    stubs: it is a release, whose solution cells may raise. Else raises MasterError where a solution does.
    """
    namespace, failures = run_solutions(master)
    if failures and not stubs:
        raise MasterError(failures[0])
    return without_system_names(namespace)


def without_system_names(namespace: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in namespace.items() if not name.startswith("__")}


def run_solutions(master: Notebook) -> tuple[dict[str, Any], list[str]]:
    """The dict that the solutions' functions look their helpers up in: what is changed there, they see. And a line for
    each statement of a solution that failed."""
    namespace: dict[str, Any] = {"__name__": f"reference of {master.name}"}
    own = {cell.label for cell in master.code_cells() if cell.is_solution}
    failures = []
    for cell in master.code_cells():  # where inspect.getsource looks
        linecache.cache[cell.label] = (len(cell.source), None, cell.source.splitlines(keepends=True), cell.label)
    with _random_state_kept():
        for statement in _with_dependencies(master):
            error = run_silently([statement], namespace)
            if error is not None and statement.cell in own:
                failures.append(
                    f"{master.name}.ipynb: {statement.cell}: raised {type(error).__name__}: {error}. "
                    "Mend the master's cell."
                )
    return namespace, failures


@contextlib.contextmanager
def _random_state_kept() -> Iterator[None]:
    """A master may seed the global generators, which are those of the tests as well."""
    before = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(before[0])
        np.random.set_state(before[1])


def run_silently(some: Iterable[Statement], namespace: dict[str, Any]) -> Exception | None:
    """Run them in the namespace, without what they print; the first error. One that fails does not stop the next."""
    first = None
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for statement in some:
            try:
                exec(statement.code, namespace)
            except (Exception, SystemExit) as error:
                first = first or (error if isinstance(error, Exception) else RuntimeError("it ended Python"))
    return first


def _with_dependencies(master: Notebook) -> list[Statement]:
    """The statements of all solution cells, and those of other cells that they depend on, in the notebook's order."""
    own, some = set(), []
    cells = master.code_cells()
    last = max((place for place, cell in enumerate(cells) if cell.is_test or cell.is_solution), default=0)
    for cell in cells[: last + 1]:  # no test asks for what comes after the last one
        of_cell = statements(cell.source, cell.label)
        own |= {id(statement) for statement in of_cell if cell.is_solution}
        # a test's star import may be of the hidden tests, which import the reference
        some += [one for one in of_cell if not (cell.is_test and one.is_star_import)]
    return needed((), some, fixed_names(some), lambda statement: id(statement) in own)


def helpers(master: Notebook) -> dict[str, frozenset[str]]:
    """Exercise -> the names that its own solution and its grade cell use, directly or through other solutions.

    An exercise's own solution is what stands in the solution cells between the test before and its test.
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
    """The top-level imports of a cell whose names occur in `text`: matplotlib takes time, and no test needs it.

    Magics and all else are left out.
    """
    words = {"*", *re.findall(r"\w+", text)}
    found = []
    for statement in statements(source, "imports"):
        if isinstance(statement.node, ast.Import | ast.ImportFrom):
            node = copy.copy(statement.node)
            node.names = [alias for alias in node.names if (alias.asname or alias.name.split(".")[0]) in words]
            found += [replace(statement, node=node)] if node.names else []
    return found
