"""Find lines of a test cell that the student's code cannot feel, so that the test passes whatever the answer does.

The test runs outside the student's session. A filter for warnings, a setting of NumPy or a function in the place of a
built-in one has no effect there, and a value that comes back in a later call is another copy. A line that fails for this reason is
found when the reference is judged. A line that always passes is not: it forbids something.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from grader.assignments.assignment import Exercise
from grader.assignments.statements import without_magics
from grader.judging.run_inside import RUN_INSIDE

WARNINGS = "warnings of the student's code do not reach the test"
NUMPY = "NumPy's settings in the student's session stay as they are"
REPLACED = "the student's code still finds Python's own function"
COPIES = "values that cross to the judge are copies"
FILTERS = {"simplefilter", "filterwarnings"}
ERROR_STATES = {"errstate", "seterr"}
OF_MEMORY = {"id", "shares_memory", "may_share_memory"}


def blind_lines(exercise: Exercise) -> Iterator[str]:
    """Yield a line with the next step for each such line of the exercise's test cell."""
    if RUN_INSIDE in exercise.tags:
        return
    tree = ast.parse(without_magics(exercise.test.source))
    for node in ast.walk(tree):
        # a method that is called like a built-in function replaces nothing
        if isinstance(node, ast.FunctionDef) and node not in tree.body:
            continue
        if why := _why_blind(node):
            line = ast.unparse(node).splitlines()[0]
            yield (
                f"{exercise.name}: {exercise.test.label}: {line!r} cannot fail from outside the notebook: {why}. "
                f"Tag the test cell {RUN_INSIDE!r}, so that it runs in the student's session, or take the line out."
            )


def _why_blind(node: ast.AST) -> str:
    """Why a part of a test has no effect on the student's code; empty if it has."""
    if isinstance(node, ast.Call):
        return _of_call(node)
    if isinstance(node, ast.FunctionDef):
        return REPLACED if _is_function(node.name) else ""
    if isinstance(node, ast.Assign):
        return REPLACED if any(_replaces(target, node.value) for target in node.targets) else ""
    return ""


def _of_call(node: ast.Call) -> str:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    first = node.args[0] if node.args else None
    given = {word.arg: word.value for word in node.keywords}
    if name in FILTERS:
        action = first or given.get("action")
        return WARNINGS if isinstance(action, ast.Constant) and action.value == "error" else ""
    if name == "catch_warnings":
        record = given.get("record")
        return WARNINGS if isinstance(record, ast.Constant) and record.value else ""
    if name in ERROR_STATES:
        return NUMPY if any(isinstance(v, ast.Constant) and v.value == "raise" for v in given.values()) else ""
    if name in OF_MEMORY:
        return COPIES
    if name == "setattr" and isinstance(first, ast.Name) and first.id == "builtins":
        return REPLACED
    if name == "patch" and isinstance(first, ast.Constant) and str(first.value).startswith("builtins."):
        return REPLACED
    return ""


def _replaces(target: ast.expr, value: ast.expr) -> bool:
    """Whether an assignment puts something in the place of a built-in function. A number called `sum` is none."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return any(map(_replaces, target.elts, value.elts))
    if isinstance(target, ast.Attribute):
        return isinstance(target.value, ast.Name) and target.value.id == "builtins"
    return isinstance(target, ast.Name) and isinstance(value, ast.Lambda) and _is_function(target.id)


def _is_function(name: str) -> bool:
    return callable(getattr(builtins, name, None))
