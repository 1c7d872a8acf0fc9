"""Read an untrusted notebook: the steps that count, and remarks on tampering.

Only the text of the student's own code cells counts. Tests, points, ids and their order come from the master. If the
submission differs from it, the difference is noted and has no effect.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from checks.messages import Message, say, say_number
from grader.assignments.releases import PastRelease
from grader.common.errors import SubmissionError
from grader.common.text import printable
from grader.config.limits import NOTEBOOK_CELLS as MAX_CELLS
from grader.notebooks.disguise import SCRIPT, what_it_is
from grader.notebooks.model import Cell, Notebook
from grader.notebooks.parse import TooManyCells
from grader.notebooks.read import too_large
from grader.notebooks.regions import without_hidden_tests
from grader.submissions.answers import Answers, find_answers, functions, wanted
from grader.submissions.demonstrations import without_demonstrations
from grader.submissions.older_release import as_of_today


@dataclass(frozen=True)
class Step:
    """One step of the grading: run a cell of the student, or judge an exercise."""

    cell: Cell | None = None
    """The cell to run; None for an exercise."""
    exercise: str = ""
    """The grade id of the exercise to judge; empty for a cell."""


@dataclass(frozen=True)
class Submission:
    """The parts of a student's notebook that count."""

    notebook: Notebook
    steps: tuple[Step, ...]
    """The steps, in the order in which they run in one session."""
    tampering: tuple[str, ...]
    """Differences from the release in cells that students must not change, a clause each."""
    remarks: tuple[str, ...] = ()
    """Faults of the file as a whole, and deviations from the notebook as it was handed in, a clause each."""

    asked_for: frozenset[str] = frozenset()
    """The names of the functions that the master's solution cells define."""


def read_submission(
    content: bytes,
    name: str,
    master: Notebook,
    max_bytes: int,
    released: Mapping[str, str] | None = None,
    releases: Sequence[PastRelease] = (),
    parsed: Notebook | None = None,
) -> Submission:
    """Take a submission apart into steps.

    name: the notebook's name, for messages. max_bytes: limit of `content`. released: grade id -> text of the cell in
    the release. releases: all releases so far, oldest first. parsed: the notebook, if the
    caller has parsed `content` already. Raises SubmissionError if nothing in it can be judged.
    """
    if len(content) > max_bytes:
        raise too_large(f"{name}.ipynb", len(content), max_bytes)
    try:
        notebook = replace(parsed, name=name) if parsed else Notebook.parse(content, name, MAX_CELLS)
    except TooManyCells as error:
        told = say("{file}: {problem}. Hand it in with fewer.", file=f"{name}.ipynb", problem=str(error))
        raise SubmissionError(told) from None
    except (ValueError, RecursionError, MemoryError) as error:
        # the parser's message does not help a student with, for example, a zip archive
        reason = str(error)
        problem = what_it_is(content) or say(
            "is not a notebook ({reason}). Open it in JupyterLab, save it and hand it in again.",
            reason=reason if isinstance(reason, Message) else reason[:200] or type(error).__name__,
        )
        raise SubmissionError(say("{file}: {problem}", file=f"{name}.ipynb", problem=problem)) from None
    today = as_of_today(notebook, master, releases)
    notebook = today.notebook
    answers = find_answers(notebook, master, released or {})
    # in a notebook of another edition every cell differs: a list of all of them would only hide the one reason
    is_foreign = _is_of_another_edition(notebook, master)
    tampering = () if is_foreign else tuple(_tampering(notebook, _without(master, today.lacking)))
    if is_foreign:
        remarks = [_on_edition(answers, master)] if SCRIPT not in notebook.remarks else []
    else:
        remarks = list(_on_answer_cells(notebook, master, answers))
    steps = _with_masters_limits(_steps(notebook, master, answers), master)
    notebook = replace(notebook, cells=answers.cells)
    notices = (*notebook.remarks, *today.remarks, *remarks, *answers.notices)
    return Submission(notebook, steps, tampering, notices, frozenset().union(*wanted(master).values()))


def _without(master: Notebook, lacking: Collection[str]) -> Notebook:
    return replace(master, cells=tuple(cell for cell in master.cells if cell.grade_id not in lacking))


def _is_of_another_edition(notebook: Notebook, master: Notebook) -> bool:
    """Whether most of the notebook's grade ids differ from the master's."""
    graded = {cell.grade_id for cell in master.cells if cell.grade_id}
    found = {cell.grade_id for cell in notebook.cells if cell.grade_id}
    return bool(graded) and (not graded & found or 2 * min(len(graded - found), len(found - graded)) > len(graded))


def _on_edition(answers: Answers, master: Notebook) -> str:
    """The remark on a notebook that was not made from this release."""
    asked = frozenset().union(*wanted(master).values())
    defined = asked & frozenset().union(*(functions(cell.source) for cell in answers.cells if cell.kind == "code"))
    if not defined:
        return say(
            "no cell is marked as one of this assignment: ask whether it is the right notebook; all its code was run"
        )
    return say_number(
        "the notebook is not of this edition of the assignment, or lost its marks: all its code was run, and the "
        "functions with the right names were judged ({number} of {of}). Copy the answers into the "
        "notebook that was handed out, and hand that in",
        number=len(defined),
        of=len(asked),
    )


def _on_answer_cells(notebook: Notebook, master: Notebook, answers: Answers) -> Iterator[str]:
    """Remarks on faults of the solution cells that may cost points."""
    found = Counter(cell.grade_id for cell in notebook.cells)
    defined = frozenset().union(*(functions(cell.source) for cell in answers.cells if cell.kind == "code"))
    kinds = {cell.grade_id: cell.kind for cell in answers.cells}
    for grade_id, names in wanted(master).items():
        if found[grade_id] == 0 and not (names and names <= defined):
            yield say("the solution cell {cell} is missing", cell=grade_id)
        elif sum(cell.grade_id == grade_id and names <= functions(cell.source) for cell in answers.cells) > 1:
            yield say_number(
                "the cell {cell} is there {number} times: each was run, in their order",
                number=found[grade_id],
                cell=grade_id,
            )
        elif found[grade_id] and kinds[grade_id] != "code" and not (names and names <= defined):
            yield say(
                "the cell {cell} was made a {kind} cell, and holds no code",
                cell=grade_id,
                kind=printable(kinds[grade_id], 20),
            )
    if not _in_order(notebook, master):
        yield say("graded cells are in another order than in the release: all exercises were judged at the end")


def _tests(notebook: Notebook, master: Notebook) -> list[Cell]:
    """The cells that claim to be one of the master's tests."""
    ids = {cell.grade_id for cell in master.cells if cell.is_test}
    return [cell for cell in notebook.cells if cell.grade_id in ids and not cell.is_solution]


def _steps(notebook: Notebook, master: Notebook, answers: Answers) -> tuple[Step, ...]:
    """The steps. Each exercise is judged at its test, or all at the end if a test is missing or out of order."""
    in_master = [cell.grade_id for cell in master.cells if cell.is_test and cell.grade_id]
    originals = {cell.grade_id: without_hidden_tests(cell.source).strip() for cell in master.cells if cell.is_test}
    tests = _tests(notebook, master)
    in_place = [cell.grade_id for cell in tests] == in_master and _in_order(notebook, master)
    in_place = in_place and not answers.is_below_its_test
    steps = []
    for cell in answers.cells:
        if cell.index in answers.superseded:
            continue
        if cell in tests and cell.grade_id:
            # the text of the submitted test never runs; the judge takes the master's
            steps += [Step(exercise=cell.grade_id)] if in_place else []
            steps += _merged(cell, originals[cell.grade_id])
        elif cell.kind == "code" and cell.source.strip():
            steps.append(Step(cell=cell))
    if not in_place:
        return (*steps, *(Step(exercise=grade_id) for grade_id in in_master))
    return without_demonstrations(steps, master)


def _with_masters_limits(steps: tuple[Step, ...], master: Notebook) -> tuple[Step, ...]:
    """The steps with the time limits of the master's cells of the same ids. A submission cannot set a limit."""
    seconds = {cell.id: cell.seconds for cell in master.cells if cell.id}

    def limited(cell: Cell) -> Cell:
        return replace(cell, seconds=seconds.get(cell.id) if isinstance(cell.id, str) else None)

    return tuple(replace(step, cell=limited(step.cell)) if step.cell else step for step in steps)


def _merged(test: Cell, original: str) -> list[Step]:
    """A step for the student's code that Jupyter's "merge cells" has put below a test; no step without such code."""
    rest = test.source.strip().removeprefix(original).strip()
    merged = original and rest and rest != test.source.strip()
    return [Step(cell=replace(test, source=rest))] if merged else []


def _in_order(notebook: Notebook, master: Notebook) -> bool:
    """Whether the notebook's graded cells stand in the master's order. Missing and doubled cells do not matter."""
    found = dict.fromkeys(cell.grade_id for cell in notebook.cells)
    in_master = dict.fromkeys(cell.grade_id for cell in master.cells if cell.grade_id)
    return [name for name in found if name in in_master] == [name for name in in_master if name in found]


def _tampering(notebook: Notebook, master: Notebook) -> Iterator[str]:
    graded = {cell.grade_id: cell for cell in master.cells if cell.grade_id}
    found = [cell.grade_id for cell in notebook.cells if cell.grade_id]
    for grade_id, count in Counter(found).items():
        if grade_id not in graded:
            # printable: the id is the student's text, and a terminal would obey its control characters
            yield f"a cell claims the unknown grade id '{printable(grade_id)}'"
        elif count > 1 and graded[grade_id].is_test:
            yield f"the cell {grade_id} is there {count} times"
    for grade_id, cell in graded.items():
        if grade_id not in found and cell.is_test:
            yield f"the test cell {grade_id} is missing"
    for cell in notebook.cells:
        if cell.is_grade and cell.grade_id is None:
            yield f"{cell.label} claims to be graded, without a grade id"
        if cell.grade_id in graded:
            yield from _changes(cell, graded[cell.grade_id])


def _changes(cell: Cell, original: Cell) -> Iterator[str]:
    """The differences of a graded cell from the master's, apart from a solution's text."""
    if cell.is_grade != original.is_grade or cell.is_solution != original.is_solution:
        yield f"the cell {cell.grade_id} was given another role"
    if cell.kind != original.kind and original.is_test:
        yield f"the cell {cell.grade_id} was made a {printable(cell.kind)} cell"
    if original.is_test:
        if cell.points not in (original.points, 0):  # 0: the metadata names no points
            yield f"the points of {cell.grade_id} were set to {cell.points:g}"
        # an instructor's own copy may still have its hidden tests
        if cell.source.strip() not in (without_hidden_tests(original.source).strip(), original.source.strip()):
            yield f"the test of {cell.grade_id} was changed"
        added = ", ".join(sorted(set(cell.tags) - set(original.tags)))
        if added:
            yield f"the test of {cell.grade_id} was given the tags {printable(added)}"


def placeable(files: Mapping[str, bytes], released: Mapping[str, bytes], max_bytes: int) -> dict[str, bytes]:
    """The submitted files that can lie beside the released ones: their paths stay in the folder, and all together fit
    into max_bytes."""
    placed: dict[str, bytes] = {}
    for name, content in files.items():
        if name not in released and _is_plain(name) and len(content) <= max_bytes:
            placed[name] = content
            max_bytes -= len(content)
    return placed


def _is_plain(name: str) -> bool:
    # a path such as "../x" or "a//b" would reach beyond the folder, or name a released file in another way
    path = PurePosixPath(name)
    return path.as_posix() == name and not path.is_absolute() and ".." not in path.parts and "\0" not in name


def shadowing(files: Mapping[str, bytes], released: Mapping[str, bytes]) -> Iterator[str]:
    """Remarks on submitted files that conflict with released ones, or that Python would run. The released ones win."""
    # a package of the same name would come before the released module on the import path
    modules = {name.split("/")[0].removesuffix(".py") for name in released if name.endswith(".py")}
    for name, content in files.items():
        path = PurePosixPath(name)
        if name in released:
            # A release in another language has another README, which nothing runs.
            if content != released[name] and path.suffix != ".md":
                yield f"the file {name} was changed"
        elif name.split("/")[0].split(".")[0] in modules:
            yield f"the file {printable(name)} has the name of a released module"
        elif path.name in ("sitecustomize.py", "usercustomize.py", "conftest.py") or path.suffix == ".pth":
            yield f"the file {printable(name)} would run by itself"
