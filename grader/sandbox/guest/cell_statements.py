"""Run the statements of a cell one by one.

The session reports the current statement, skips statements that ended an earlier session, and runs the rest of a failed
cell. IPython stops a cell at its first error, because a person sees the error and runs the cell again. Nobody does so
during grading, and an import that exists only on another machine would fail every function that needs a later import.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Sequence
from typing import Any

from IPython.core.error import UsageError
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell

IMPORTS = (ast.Import, ast.ImportFrom)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
QUICK = (*IMPORTS, *FUNCTIONS)
"""Statements that do not take long."""
MAX_FAILED = 50
"""Failed lines of one cell that are reported."""


class Statements(InteractiveShell):
    """A shell that runs a cell's statements one by one. Its public attributes belong to the current cell."""

    left_out: Collection[int] = ()
    """The first lines of statements to skip."""
    at: Callable[[int], object] = staticmethod(lambda line: None)
    """Called with the line of a statement that may end the session, before the statement runs."""
    failed_lines: Sequence[int] = ()
    """The first lines of the statements that failed."""
    went_on = False
    """The rest of the cell was run after the first failed statement."""
    _nodes: Sequence[ast.stmt] | None = None
    """The statements of the current run; None outside of a run."""
    _begun = 0
    """The number of statements that have begun."""

    def start_statements(self, left_out: Collection[int]) -> None:
        """Begin a new cell. left_out: the first lines of statements to skip."""
        self.left_out, self.failed_lines, self.went_on, self._nodes = left_out, [], False, None

    async def run_ast_nodes(
        self,
        nodelist: list[ast.stmt],
        cell_name: str,
        interactivity: str = "last_expr",
        compiler: Callable[..., Any] = compile,
        result: ExecutionResult | None = None,
    ) -> bool:
        """Run the statements; see IPython's method. Returns whether an exception occurred."""
        if self._nodes is not None:  # a cell magic such as %%capture runs a cell inside this one
            nodes, begun, self._nodes = self._nodes, self._begun, []
            try:
                return bool(await super().run_ast_nodes(nodelist, cell_name, interactivity, compiler, result))
            finally:
                self._nodes, self._begun = nodes, begun
        nodes = [node for node in nodelist if node.lineno not in self.left_out]
        has_failed = False
        try:
            while nodes:
                self._nodes, self._begun = nodes, 0
                if not await super().run_ast_nodes(list(nodes), cell_name, interactivity, compiler, result):
                    break
                has_failed = True
                error = result.error_in_exec if result is not None else None
                nodes = self._rest(nodes[max(self._begun, 1) - 1 :], error)
                result = ExecutionResult(None)  # the cell's result keeps the first error, as in a notebook
        finally:
            self._nodes = None
        return has_failed

    def _rest(self, nodes: Sequence[ast.stmt], error: BaseException | None) -> list[ast.stmt]:
        """The statements to run after a failed one. nodes: the failed statement and those after it."""
        failed, *rest = nodes
        if not isinstance(error, Exception) or len(self.failed_lines) >= MAX_FAILED:
            return []  # the cell ended itself with SystemExit, or holds something other than code
        is_first = not self.failed_lines
        self.failed_lines = list(dict.fromkeys([*self.failed_lines, failed.lineno]))
        # one missing module of `import a, b` must not cost the others
        if isinstance(failed, ast.Import) and len(failed.names) > 1:
            rest = [*(ast.copy_location(ast.Import([name]), failed) for name in failed.names), *rest]
        if is_first:
            self.went_on = bool(rest) and (isinstance(error, ImportError | UsageError) or isinstance(failed, IMPORTS))
        if self.went_on:
            return rest
        # A kernel stops here. A definition above may be the answer, so nothing may replace it.
        return [node for node in rest if self._brings_news(node)]

    def _brings_news(self, node: ast.stmt) -> bool:
        """Whether the statement only defines names that do not exist yet."""
        if isinstance(node, IMPORTS):
            return True
        if isinstance(node, FUNCTIONS):
            return node.name not in self.user_ns
        if isinstance(node, ast.Assign) and not any(isinstance(part, ast.Call) for part in ast.walk(node.value)):
            return all(isinstance(target, ast.Name) and target.id not in self.user_ns for target in node.targets)
        return False

    async def run_code(self, code_obj: Any, result: Any = None, *, async_: bool = False) -> bool:
        """Run one statement; see IPython's method."""
        if self._nodes and self._begun < len(self._nodes):
            node = self._nodes[self._begun]
            self._begun += 1
            if not isinstance(node, QUICK) and len(self._nodes) > 1 and self._is_worth_keeping():
                self.at(node.lineno)
        return bool(await super().run_code(code_obj, result, async_=async_))  # type: ignore[no-untyped-call]

    def _is_worth_keeping(self) -> bool:
        """Whether the cell defines functions or imports. Only for such cells the current line is worth a message."""
        return any(isinstance(node, QUICK) for node in self._nodes or ())
