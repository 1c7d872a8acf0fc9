"""nbgrader's preprocessor that clears solutions, extended to masters with either style of marks."""

from __future__ import annotations

import re
from typing import Any

import grader.common.lean_jsonschema  # noqa: F401

# isort: split
# nbgrader comes second: it imports jsonschema
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import ClearSolutions

from grader.notebooks.regions import BEGIN, FINISH, START, marks_of

PLACEHOLDER = "NotDoneYet"
"""The exception of the course's `checks`, which a notebook has to import."""
PLAIN = "NotImplementedError"
"""Its built-in base class, which needs no import."""
PLAIN_STUB = f"# YOUR CODE HERE\nraise {PLAIN}()"


class ClearAllSolutions(ClearSolutions):
    """Clears the regions between either pair of marks. The stub raises only an exception that the notebook knows."""

    code_stub: dict[str, str]
    begin_solution_delimeter: str
    end_solution_delimeter: str

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        code = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "code")
        # A stub with an unknown name would raise NameError, which says nothing about an exercise that is not begun.
        if not re.search(rf"\b{PLACEHOLDER}\b", code):
            self.code_stub = {
                language: re.sub(rf"\b{PLACEHOLDER}\b", PLAIN, stub) for language, stub in self.code_stub.items()
            }
        if BEGIN in code and START not in code:  # the notebook uses nbgrader's style, also in cells without marks
            self.code_stub = {
                language: PLAIN_STUB if START in stub else stub for language, stub in self.code_stub.items()
            }
        cleared: tuple[NotebookNode, dict[str, Any]] = super().preprocess(nb, resources)
        return cleared

    def _replace_solution_region(self, cell: NotebookNode, language: str) -> bool:
        """Replace the region as nbgrader does, with the marks of this cell."""
        configured = self.begin_solution_delimeter, self.end_solution_delimeter, self.code_stub
        used = marks_of(cell.source)
        if used and used[0][0] not in configured[0]:
            self.begin_solution_delimeter, self.end_solution_delimeter = used[0]
            if used[0] == (BEGIN, FINISH) and START in self.code_stub.get(language, ""):
                self.code_stub = {**self.code_stub, language: PLAIN_STUB}
        # nbgrader reads the marks from these traits, and one notebook may mix cells of both styles.
        try:
            return bool(super()._replace_solution_region(cell, language))
        finally:
            # The next cell may use the other style.
            self.begin_solution_delimeter, self.end_solution_delimeter, self.code_stub = configured


def with_ours(steps: list[Any]) -> list[Any]:
    """Return the preprocessors of a release, with our class in place of nbgrader's."""
    return [ClearAllSolutions if _is_nbgraders(step) else step for step in steps]


def _is_nbgraders(step: Any) -> bool:
    return step is ClearSolutions or (isinstance(step, str) and step.split(".")[-1] == ClearSolutions.__name__)
