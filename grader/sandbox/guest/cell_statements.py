"""The statements of a cell, one by one.

The statement at hand is told, those to blame are left out, and the rest of a failed cell runs. IPython stops a cell at
its first error: in a kernel the person sees it and runs the cell again. While grading nobody does, and an import that
only exists on another machine would cost every function that needs the imports below it.
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
"""statements that do not take long"""
MAX_FAILED = 50
"""lines that are told of one cell"""


class Statements(InteractiveShell):
    """How a cell's statements are run. `left_out`, `at` and `failed_lines` belong to the cell that is being run."""

    left_out: Collection[int] = ()
    """first lines of statements not to be run"""
    at: Callable[[int], object] = staticmethod(lambda line: None)
    """told the line of a statement that may be the session's last, before it runs"""
    failed_lines: Sequence[int] = ()
    """first lines of the statements that failed"""
    went_on = False
    """the rest of the cell was run behind the first of them"""
    _nodes: Sequence[ast.stmt] | None = None
    """of the run at hand"""
    _begun = 0
    """how many of them"""

    def start_statements(self, left_out: Collection[int]) -> None:
        self.left_out, self.failed_lines, self.went_on, self._nodes = left_out, [], False, None

    async def run_ast_nodes(
        self,
        nodelist: list[ast.stmt],
        cell_name: str,
        interactivity: str = "last_expr",
        compiler: Callable[..., Any] = compile,
        result: ExecutionResult | None = None,
    ) -> bool:
        """As IPython's. True: an exception occurred."""
        if self._nodes is not None:  # a cell that runs a cell, such as %%capture
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
                result = ExecutionResult(None)  # the cell's is its first error
        finally:
            self._nodes = None
        return has_failed

    def _rest(self, nodes: Sequence[ast.stmt], error: BaseException | None) -> list[ast.stmt]:
        """What to run behind the statement that failed, the first of the nodes."""
        failed, *rest = nodes
        if not isinstance(error, Exception) or len(self.failed_lines) >= MAX_FAILED:
            return []  # the student ended the cell, or its code is no code
        is_first = not self.failed_lines
        self.failed_lines = list(dict.fromkeys([*self.failed_lines, failed.lineno]))
        if isinstance(failed, ast.Import) and len(failed.names) > 1:
            rest = [*(ast.copy_location(ast.Import([name]), failed) for name in failed.names), *rest]
        if is_first:
            self.went_on = bool(rest) and (isinstance(error, ImportError | UsageError) or isinstance(failed, IMPORTS))
        if self.went_on:
            return rest
        # A kernel stops here. What it has defined before may be the answer, and must not be replaced.
        return [node for node in rest if self._brings_news(node)]

    def _brings_news(self, node: ast.stmt) -> bool:
        """Does the statement do no more than define what is not there yet?"""
        if isinstance(node, IMPORTS):
            return True
        if isinstance(node, FUNCTIONS):
            return node.name not in self.user_ns
        if isinstance(node, ast.Assign) and not any(isinstance(part, ast.Call) for part in ast.walk(node.value)):
            return all(isinstance(target, ast.Name) and target.id not in self.user_ns for target in node.targets)
        return False

    async def run_code(self, code_obj: Any, result: Any = None, *, async_: bool = False) -> bool:
        """As IPython's, for one statement."""
        if self._nodes and self._begun < len(self._nodes):
            node = self._nodes[self._begun]
            self._begun += 1
            if not isinstance(node, QUICK) and len(self._nodes) > 1 and self._is_worth_keeping():
                self.at(node.lineno)
        return bool(await super().run_code(code_obj, result, async_=async_))  # type: ignore[no-untyped-call]

    def _is_worth_keeping(self) -> bool:
        """Would the cell's imports or functions be missed? For others nothing has to be told, which takes time."""
        return any(isinstance(node, QUICK) for node in self._nodes or ())
