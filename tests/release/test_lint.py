"""A faulty master stops the build, with the file, the cell and the remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from courses import NAME, files, run
from notebooks import END, START, code, graded, markdown, read, small_master, solution, write

from grader.common.errors import MasterError
from grader.release.lint import check_master

Notebook = dict[str, Any]
SOLUTION, TEST = "cell 2 (double_solution)", "cell 3 (double)"


def _solution_source(source: str) -> Callable[[Notebook], None]:
    def change(master: Notebook) -> None:
        master["cells"][1]["source"] = source

    return change


def _metadata(index: int, **entries: Any) -> Callable[[Notebook], None]:
    def change(master: Notebook) -> None:
        master["cells"][index]["metadata"]["nbgrader"].update(entries)

    return change


def _entry(index: int, **entries: Any) -> Callable[[Notebook], None]:
    def change(master: Notebook) -> None:
        master["cells"][index].update(entries)

    return change


def _added(*cells: dict[str, Any]) -> Callable[[Notebook], None]:
    def change(master: Notebook) -> None:
        master["cells"] += cells

    return change


OUTPUT = {"output_type": "stream", "name": "stdout", "text": "4\n"}
HIDDEN = "### BEGIN HIDDEN TESTS"
RUBRIC = "=== BEGIN MARK SCHEME ===\n    # two points\n    # === END MARK SCHEME ==="
TASK = {"task": True, "locked": True, "grade": False, "solution": False, "grade_id": "task", "points": 4}

FAULTS: dict[str, tuple[Callable[[Notebook], Any], str, str]] = {
    "unclosed START": (_solution_source(f"def double(x):\n    {START}\n    return 2 * x"), SOLUTION, "add a line with"),
    "END without START": (
        _solution_source(f"def double(x):\n    return 2 * x\n    {END}"),
        f"{SOLUTION}, line 3",
        "without a start: add",
    ),
    "nested START": (
        _solution_source(f"def double(x):\n    {START}\n    {START}\n    return 2 * x\n    {END}"),
        f"{SOLUTION}, line 3",
        "close the first",
    ),
    "both on one line": (
        _solution_source(f"def double(x):\n    {START} {END}\n    return 2 * x"),
        f"{SOLUTION}, line 2",
        "a line of its own",
    ),
    "unclosed hidden test": (_entry(2, source=f"double(2)\n{HIDDEN}\ndouble(3)"), TEST, "add a line with"),
    "line for a test": (_entry(2, source="double(2)\n### AUTOTEST double(3)"), f"{TEST}, line 2", "write the assert"),
    "hashed line for a test": (
        _entry(2, source="for x in (1, 2):\n    ## HASHED AUTOTEST double(x)"),
        f"{TEST}, line 2",
        "generate_assignment",
    ),
    "duplicate grade id": (_metadata(2, grade_id="double_solution"), SOLUTION, "change one of the two"),
    "missing grade id of a test": (_metadata(2, grade_id=None), "cell 3 (double-test)", "set one in"),
    "empty grade id of a solution": (_metadata(1, grade_id=""), "cell 2 (double-solution)", "set one in"),
    "stored output": (_entry(2, outputs=[OUTPUT]), TEST, "clear all outputs"),
    "stored execution count": (_entry(1, execution_count=4), SOLUTION, "clear all outputs"),
    "missing cell id": (lambda master: master["cells"][0].pop("id"), "cell 1 (Write `double`.)", "has no id"),
    "duplicate cell id": (_entry(0, id="double-test"), "cell 1 (double-test)", "change one of the two"),
    "two styles of marks in a cell": (
        _solution_source(f"def double(x):\n    {START}\n    return 2 * x\n    ### END SOLUTION"),
        SOLUTION,
        "mixes two styles of marks, '### START CODE HERE ###' and 'BEGIN SOLUTION': use one",
    ),
    "unclosed BEGIN SOLUTION": (
        _solution_source("def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x"),
        SOLUTION,
        "'BEGIN SOLUTION' is never closed",
    ),
    "BEGIN SOLUTION in a plain code cell": (
        _added(code("plain", "### BEGIN SOLUTION\nx = 1\n### END SOLUTION")),
        "cell 4 (plain)",
        "mark it as one",
    ),
    "syntax error in a solution": (
        _solution_source(f"{START}\ndef double(x)\n    return 2 * x\n{END}"),
        f"{SOLUTION}, line 2",
        "is not valid Python",
    ),
    "syntax error in a test": (_entry(2, source="assert double(2) = 4"), f"{TEST}, line 1", "is not valid Python"),
    "old notebook format": (lambda master: master.update(nbformat_minor=4), "master.ipynb", "4.5"),
    "START in markdown": (
        _added(markdown("hint", f"Write below {START}\nand above\n{END}")),
        "cell 4 (hint)",
        "reword",
    ),
    "START in a plain code cell": (_added(code("plain", f"{START}\n{END}")), "cell 4 (plain)", "mark it as one"),
    "hidden test in a plain code cell": (
        _added(code("plain", f"{HIDDEN}\n### END HIDDEN TESTS")),
        "cell 4 (plain)",
        "not a test cell",
    ),
    "rubric in a test cell": (_entry(2, source=f"double(2)\n# {RUBRIC}"), TEST, "nobody grades it"),
    "rubric in an autograded answer": (_solution_source(f"def double(x):\n    # {RUBRIC}"), SOLUTION, "nobody grades it"),
    "unclosed rubric": (
        _added({**markdown("task", "=== BEGIN MARK SCHEME ==="), "metadata": {"nbgrader": TASK}}),
        "cell 4 (task)",
        "add a line with",
    ),
    "task without a grade id": (
        _added({**markdown("task", "Draw."), "metadata": {"nbgrader": {"task": True}}}),
        "cell 4 (task)",
        "set one in",
    ),
}


REMARKS: dict[str, tuple[Callable[[Notebook], Any], str, str]] = {
    "exercise without a test": (lambda master: master["cells"].pop(), SOLUTION, "no test cell after it uses double"),
    "test before its exercise": (
        lambda master: master["cells"].insert(0, master["cells"].pop()),
        "cell 3 (double_solution)",
        "no test cell after it uses double",
    ),
    "test that uses something else": (_entry(2, source="assert True"), SOLUTION, "add one"),
    "zero points": (_metadata(2, points=0), TEST, "worth no points: set them"),
    "kernel of one machine": (
        lambda master: master["metadata"].update(kernelspec={"name": "conda-root-py"}),
        "master.ipynb",
        "asks for the kernel 'conda-root-py'",
    ),
}
"""what may be on purpose"""


@pytest.mark.parametrize("remark", REMARKS)
def test_remark_shuts_no_gate(remark: str, tmp_path: Path) -> None:
    """Is what may be on purpose told on a line, and the master accepted?"""
    change, cell, text = REMARKS[remark]
    master = small_master()
    change(master)
    remarks = check_master(write(master, tmp_path / "master.ipynb"))
    assert any(line.startswith("master.ipynb: ") and cell in line and text in line for line in remarks), remarks


@pytest.mark.parametrize("fault", ["old notebook format", "missing cell id", "stored output"])
def test_fault_of_a_file_names_the_command_that_repairs_it(fault: str, tmp_path: Path) -> None:
    """Is an instructor with an existing notebook told that `grader new --from` repairs it?"""
    master = small_master()
    FAULTS[fault][0](master)
    with pytest.raises(MasterError, match="`grader new NAME --from NOTEBOOK`"):
        check_master(write(master, tmp_path / "master.ipynb"))


@pytest.mark.parametrize("source", ["%matplotlib inline\nx = 1", "!ls\nx = 1", "files = !ls", "%%time\nx = 1"])
def test_magics_are_no_syntax_error(source: str, tmp_path: Path) -> None:
    """May a graded cell hold what IPython understands?"""
    master = small_master()
    master["cells"] += [solution("s", source, "x_solution"), graded("t", f"{source}\nassert x", "x")]
    check_master(write(master, tmp_path / "master.ipynb"))


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_named_with_file_cell_and_remedy(fault: str, tmp_path: Path) -> None:
    """Is this fault named with its file, its cell and its remedy, on one line?"""
    change, cell, remedy = FAULTS[fault]
    master = small_master()
    change(master)
    with pytest.raises(MasterError) as raised:
        check_master(write(master, tmp_path / "master.ipynb"))
    assert any(
        line.startswith("master.ipynb: ") and cell in line and remedy in line for line in str(raised.value).splitlines()
    ), str(raised.value)


def test_faultless_master_passes(tmp_path: Path) -> None:
    """Is nothing found in the small master that the faults are put into?"""
    assert check_master(write(small_master(), tmp_path / "master.ipynb")) == []


def test_several_regions_and_several_exercises_pass(tmp_path: Path) -> None:
    """May a cell have several regions, a solution define a variable, and a master several exercises?"""
    master = small_master()
    master["cells"][1]["source"] += f"\n{START}\ntwo = 2\n{END}"
    master["cells"] += [solution("s", f"{START}\nten = 10\n{END}", "ten_solution"), graded("t", "assert ten", "ten")]
    check_master(write(master, tmp_path / "master.ipynb"))


def test_every_fault_is_listed(tmp_path: Path) -> None:
    """Are two faults two lines of one error?"""
    master = small_master()
    FAULTS["unclosed START"][0](master)
    FAULTS["stored output"][0](master)
    with pytest.raises(MasterError) as raised:
        check_master(write(master, tmp_path / "master.ipynb"))
    assert len(str(raised.value).splitlines()) == 2


def _unclosed(master: Notebook) -> None:
    cell = next(cell for cell in master["cells"] if cell.get("id") == "zero-pad-solution")
    cell["source"] = "".join(cell["source"]).replace(END, "")


def _without_id(master: Notebook) -> None:
    next(cell for cell in master["cells"] if cell.get("id") == "zero-pad-test").pop("id")


@pytest.mark.parametrize(
    ("change", "cell", "remedy"),
    [
        (_unclosed, "(zero_pad_solution)", "is never closed: add a line"),
        (_without_id, "(zero_pad)", "has no id: give it one"),
    ],
)
def test_nbgrader_stops_at_a_faulty_master(change: Callable, cell: str, remedy: str, course: Path) -> None:
    """Does `nbgrader generate_assignment` stop, say file, cell and remedy, and leave the release?"""
    path = course / "source" / NAME / f"{NAME}.ipynb"
    master = read(path)
    change(master)
    write(master, path)
    before = files(course / "release")
    done = run(course, "nbgrader", "generate_assignment", NAME, "--force", "--no-db")
    assert done.returncode != 0
    assert any(f"{NAME}.ipynb" in line and cell in line and remedy in line for line in done.stderr.splitlines())
    assert files(course / "release") == before


def test_grader_release_stops_with_the_same_words_and_no_traceback(course: Path) -> None:
    """Does `grader release` name the fault in a line, without a traceback, and leave the release as it was?"""
    path = course / "source" / NAME / f"{NAME}.ipynb"
    master = read(path)
    _unclosed(master)
    write(master, path)
    before = files(course / "release")
    done = run(course, "grader", "release", NAME)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: {NAME}.ipynb: cell ")
    assert "Traceback" not in done.stderr
    assert files(course / "release") == before
