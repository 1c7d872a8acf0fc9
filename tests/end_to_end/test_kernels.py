"""The master and the release in a real kernel, top to bottom."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest
from courses import COURSE, NAME
from nbclient import NotebookClient
from notebooks import text_of

from grader.assignments.layout import kernel_path
from public_tests import CASES

SOURCE, RELEASE = COURSE / "source" / NAME, COURSE / "release" / NAME

OPEN = "    raise NotDoneYet  # put your three lines here, in place of this one"
SLOPE = """\
    up, down = W.copy(), W.copy()
    up[entry], down[entry] = up[entry] + epsilon, down[entry] - epsilon
    return (loss(up) - loss(down)) / (2 * epsilon)
"""


def executed(folder: Path, forgiving: bool, path: Sequence[Path] = ()) -> dict[str, nbformat.NotebookNode]:
    """Run the folder's notebook; id -> cell. forgiving: keep to its raises-exception tags. path: the kernel's."""
    notebook = nbformat.read(folder / f"{NAME}.ipynb", as_version=4)
    for cell in notebook.cells:  # the exercise that nobody grades has no solution in the master
        cell.source = cell.source.replace(OPEN, SLOPE)
    if not forgiving:
        for cell in notebook.cells:
            tags = cell.metadata.get("tags", [])
            cell.metadata["tags"] = [tag for tag in tags if tag != "raises-exception"]
    client = NotebookClient(notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    client.execute(env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, path))})
    return {cell.id: cell for cell in notebook.cells}


@pytest.fixture(scope="module")
def master() -> dict[str, nbformat.NotebookNode]:
    """The master's cells after a run in which no cell may raise."""
    return executed(SOURCE, forgiving=False, path=kernel_path(SOURCE))


@pytest.fixture(scope="module")
def release() -> dict[str, nbformat.NotebookNode]:
    """The release's cells after a run as a student's "run all"."""
    return executed(RELEASE, forgiving=True)


def outputs(cell: nbformat.NotebookNode, kind: str) -> list[nbformat.NotebookNode]:
    return [output for output in cell.get("outputs", []) if output.output_type == kind]


def printed(cell: nbformat.NotebookNode) -> str:
    return "".join(output.text for output in outputs(cell, "stream") if output.name == "stdout")


def test_master_runs_without_error_or_warning(master: dict[str, nbformat.NotebookNode]) -> None:
    """Does every cell of the master run, with nothing on stderr?"""
    streams = {name: outputs(cell, "stream") for name, cell in master.items()}
    assert [name for name, found in streams.items() if any(output.name == "stderr" for output in found)] == []
    assert [name for name, cell in master.items() if outputs(cell, "error")] == []


@pytest.mark.parametrize("exercise", CASES)
def test_expected_output_is_what_the_cell_prints(exercise: str, master: dict[str, nbformat.NotebookNode]) -> None:
    """Is the expected output, to the letter, what the try-it cell of the master prints?"""
    stem = exercise.replace("_", "-")
    expected = re.search(r"```text\n(.*?)```", text_of(master[f"{stem}-expected"]), re.DOTALL)[1]
    assert printed(master[f"{stem}-try"]) == expected


@pytest.mark.parametrize("exercise", CASES)
def test_master_passes_its_tests_in_the_notebook(exercise: str, master: dict[str, nbformat.NotebookNode]) -> None:
    """Does the test cell show two reports, public and hidden, without a cross?"""
    shown = outputs(master[f"{exercise.replace('_', '-')}-test"], "display_data")
    assert len(shown) == 2
    assert all(re.search(r": (\d+) of \1 checks passed", output.data["text/plain"]) for output in shown)


def test_figures_are_drawn(master: dict[str, nbformat.NotebookNode]) -> None:
    """Do the cells that draw show a picture?"""
    for name in ("zero-pad-try", "see-it-work-code"):
        assert any("image/png" in output.data for output in outputs(master[name], "display_data"))


@pytest.mark.parametrize("exercise", CASES)
def test_unfilled_exercise_shows_one_friendly_line(exercise: str, release: dict[str, nbformat.NotebookNode]) -> None:
    """Does the test of an unfilled exercise show one line that names it, and nothing else?"""
    (output,) = release[f"{exercise.replace('_', '-')}-test"].outputs
    assert output.output_type == "error"
    assert output.ename == "NotDoneYet"
    assert len("\n".join(output.traceback).splitlines()) == 1
    assert f"{exercise} is not done yet" in output.traceback[0]


def test_release_shows_no_traceback(release: dict[str, nbformat.NotebookNode]) -> None:
    """Is every error of the untouched release one friendly line?"""
    errors = {name: error for name, cell in release.items() for error in outputs(cell, "error")}
    assert len(errors) >= 2 * len(CASES)
    assert {name: e.ename for name, e in errors.items() if e.ename != "NotDoneYet"} == {}
    assert {name: e.traceback for name, e in errors.items() if len("\n".join(e.traceback).splitlines()) != 1} == {}


def test_release_prints_nothing_on_stderr(release: dict[str, nbformat.NotebookNode]) -> None:
    """Is a student's first run free of warnings?"""
    streams = [output for cell in release.values() for output in outputs(cell, "stream")]
    assert [output.text for output in streams if output.name == "stderr"] == []


def test_notebook_without_its_files_stops_at_the_cell_that_says_so(tmp_path: Path) -> None:
    """Does the error also stop cells that "Run All" of a page sends only once the first one runs?"""
    companions = next(
        cell for cell in nbformat.read(RELEASE / f"{NAME}.ipynb", as_version=4).cells if cell.id == "companions"
    )

    async def run() -> list[dict[str, Any]]:
        """The replies to this cell, and to one that is sent while it runs."""
        notebook = NotebookClient(nbformat.v4.new_notebook(), kernel_name="python3")
        notebook.create_kernel_manager()
        await notebook.async_start_new_kernel(cwd=str(tmp_path))
        kernel = await notebook.async_start_new_kernel_client()
        try:
            asked = [kernel.execute(companions.source)]
            while (await kernel.get_iopub_msg(timeout=60))["msg_type"] != "execute_input":
                pass
            await asyncio.sleep(0.3)  # without the cell's own wait, its error is over by then
            asked.append(kernel.execute("conv_forward_test(conv_forward)"))
            replies: dict[str, dict[str, Any]] = {}
            while not set(asked) <= replies.keys():
                reply = await kernel.get_shell_msg(timeout=60)
                replies[reply["parent_header"]["msg_id"]] = reply["content"]
        finally:
            kernel.stop_channels()
            await notebook.km.shutdown_kernel(now=True)
        return [replies[message] for message in asked]

    first, later = asyncio.run(run())
    assert first["ename"] == "FilesMissing"
    assert later["status"] == "aborted"
