"""The gate: an assignment whose tests do not prove themselves is not released."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from courses import NAME, files, run
from notebooks import cell_of, read, text_of, write

from grader.assignments.assignment import Assignment
from grader.release.gate import GateReport, inspect_release
from grader.release.leaks import leaks
from grader.release.one_file import add_one_file
from grader.sandbox import Sandbox

PAD = "np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)))"
Inspect = Callable[[Path], GateReport]
STUB = "raise NotDoneYet  # put your code here, in place of this line"


@pytest.fixture
def small_course(course: Path) -> Path:
    """A copy of the course whose master and release end after the first exercise, zero_pad: quick to inspect."""
    for folder in ("source", "release"):
        path = course / folder / NAME / f"{NAME}.ipynb"
        notebook = read(path)
        notebook["cells"] = notebook["cells"][: notebook["cells"].index(cell_of(notebook, "zero_pad")) + 1]
        write(notebook, path)
    add_one_file(path.parent, path.name)
    return course


@pytest.fixture
def inspect(sandbox: Sandbox) -> Inspect:
    """The gate with the one warm sandbox: the copy has the modules that it has imported."""
    return lambda course: inspect_release(
        Assignment(course / "source" / NAME), course / "release" / NAME, sandbox=sandbox
    )


def replace_in_notebook(path: Path, old: str, new: str) -> None:
    """Replace a text in the solution cell of zero_pad."""
    notebook = read(path)
    cell = cell_of(notebook, "zero_pad_solution")
    assert old in text_of(cell)
    cell["source"] = text_of(cell).replace(old, new)
    write(notebook, path)


def append(path: Path, function: str) -> None:
    path.write_text(f"{path.read_text()}\n\n{function}\n")


def test_small_course_has_no_problem(small_course: Path, inspect: Inspect) -> None:
    """Is nothing found in the copy that the faults are put into?"""
    assert inspect(small_course).problems == []


def test_broken_reference_is_reported(small_course: Path, inspect: Inspect) -> None:
    """Is a master solution that its own tests reject reported with the failed check?"""
    path = small_course / "source" / NAME / f"{NAME}.ipynb"
    replace_in_notebook(path, PAD, "np.pad(X, ((0, 0), (pad, 0), (0, pad), (0, 0)))")
    problem = next(problem for problem in inspect(small_course).problems if "the master's own solution" in problem)
    assert problem.startswith("zero_pad: the master's own solution earns ")
    assert "not 100%: 'puts 2 rings" in problem


def test_misconception_that_passes_is_reported(small_course: Path, inspect: Inspect) -> None:
    """Is a misconception that no check rejects reported by name?"""
    path = small_course / "source" / NAME / "private" / "misconceptions" / "zero_pad.py"
    append(path, f'def is_right_after_all(X, pad):\n    """Right.\n\n    Hint: none."""\n    return {PAD}')
    assert inspect(small_course).problems == ["zero_pad: no check rejects is_right_after_all: add one that does."]


def test_right_answer_that_fails_is_reported(small_course: Path, inspect: Inspect) -> None:
    """Is a right answer that loses points reported with the check that it fails?"""
    path = small_course / "source" / NAME / "private" / "right_answers" / "zero_pad.py"
    append(path, 'def is_wrong_after_all(X, pad):\n    """Wrong."""\n    return np.pad(X, pad)')
    (problem,) = inspect(small_course).problems
    assert problem.startswith("zero_pad: the right answer is_wrong_after_all earns ")
    assert "not 100%: 'puts 2 rings" in problem


def test_leak_shuts_the_gate(small_course: Path, inspect: Inspect) -> None:
    """Is a line of a hidden test among the gate's problems?"""
    (small_course / "release" / NAME / "README.txt").write_text("def padding_twice(zero_pad: Callable) -> None:\n")
    (problem,) = inspect(small_course).problems
    assert problem.startswith("README.txt: holds the line ")


@pytest.mark.parametrize("place", ["README.txt", "figures/zero_padding.svg", "public_tests.py"])
@pytest.mark.parametrize(
    ("line", "source"),
    [
        (f"X_pad = {PAD}", "the master's cell"),
        ("def padding_twice(zero_pad: Callable) -> None:", "hidden_tests.py"),
        ("def pads_every_axis(X, pad):", "misconceptions/zero_pad.py"),
    ],
)
def test_leaked_line_is_reported(line: str, source: str, place: str, small_course: Path) -> None:
    """Is a line of a solution, a hidden test or a misconception reported with both its places?"""
    path = small_course / "release" / NAME / place
    path.write_text(f"{path.read_text() if path.exists() else ''}\n    {line}\n")
    (problem,) = filter(None, leaks(Assignment(small_course / "source" / NAME), small_course / "release" / NAME))
    assert problem.startswith(f"{place}: holds the line {line!r} of {source}")


def test_untouched_exercise_that_earns_points_is_reported(small_course: Path, inspect: Inspect) -> None:
    """Is a release whose exercise is solved already reported?"""
    path = small_course / "release" / NAME / f"{NAME}.ipynb"
    replace_in_notebook(path, STUB, f"return {PAD}")
    assert "zero_pad: the untouched release earns 100%: no check may pass there." in inspect(small_course).problems


def test_stub_that_passes_a_check_is_reported(small_course: Path, inspect: Inspect) -> None:
    """Is a skeleton reported that earns a part of the points by returning its input?"""
    replace_in_notebook(small_course / "release" / NAME / f"{NAME}.ipynb", STUB, "return X")
    (problem,) = inspect(small_course).problems
    assert problem.startswith("zero_pad: the untouched release earns ")


def test_command_leaves_the_release_when_the_gate_is_shut(small_course: Path) -> None:
    """Does `grader release` name the problem, fail, and leave the release as it was?"""
    path = small_course / "source" / NAME / "private" / "right_answers" / "zero_pad.py"
    append(path, 'def is_wrong_after_all(X, pad):\n    """Wrong."""\n    return X')
    before = files(small_course / "release")
    done = run(small_course, "grader", "release", NAME)
    assert done.returncode == 1
    assert "is_wrong_after_all" in done.stderr
    assert f"release/{NAME} was left as it was." in done.stderr
    assert files(small_course / "release") == before
