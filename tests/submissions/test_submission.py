"""An untrusted notebook: what of it counts, and what is reported."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from notebooks import cell_of, code, graded, markdown
from small_courses import chain

from grader.common.errors import SubmissionError
from grader.notebooks.model import Notebook
from grader.submissions.files import MAX_FILES, read_beside
from grader.submissions.submission import Submission, placeable, read_submission, shadowing

IN_PLACE = ["packages", "double-solution", "*double", "apart-solution", "*apart", "quadruple-solution", "*quadruple",
            "octuple-solution", "*octuple"]  # fmt: skip
TESTS = ["*double", "*apart", "*quadruple", "*octuple"]


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Notebook:
    return chain(tmp_path_factory.mktemp("chain")).assignment("chain").master


@pytest.fixture
def notebook(master: Notebook, tmp_path: Path) -> dict[str, Any]:
    """The release of the master, as JSON, for a student to change."""
    course = chain(tmp_path / "course")
    return json.loads((course.folder / "release" / "chain" / "chain.ipynb").read_text())


def submission(notebook: dict[str, Any], master: Notebook) -> Submission:
    return read_submission(json.dumps(notebook).encode(), "chain", master, 10**6)


def steps(notebook: dict[str, Any], master: Notebook) -> list[str]:
    """What is done: the id of a cell, or * and an exercise."""
    done = submission(notebook, master).steps
    return [f"*{step.exercise}" if step.cell is None else str(step.cell.id) for step in done]


def cells_only(found: list[str]) -> list[str]:
    return [step for step in found if not step.startswith("*")]


# ------------------------------------------------------------------ the order of things


def test_exercises_are_judged_where_their_tests_stand(notebook: dict[str, Any], master: Notebook) -> None:
    """Do the cells run in order, and is each exercise judged between them?"""
    assert steps(notebook, master) == IN_PLACE
    assert submission(notebook, master).tampering == ()


def test_own_cells_run_and_empty_ones_do_not(notebook: dict[str, Any], master: Notebook) -> None:
    """Do a student's own cells run where they stand, without empty ones, prose and unknown kinds?"""
    notebook["cells"][1:1] = [code("own", "x = 1"), code("empty", " \n"), markdown("prose", "text")]
    notebook["cells"].insert(1, {"cell_type": "raw", "id": "raw", "metadata": {}, "source": "x"})
    assert steps(notebook, master) == [IN_PLACE[0], "own", *IN_PLACE[1:]]
    assert submission(notebook, master).tampering == ()


def _delete(notebook: dict[str, Any]) -> None:
    notebook["cells"].remove(cell_of(notebook, "apart"))


def _duplicate(notebook: dict[str, Any]) -> None:
    notebook["cells"].append(copy.deepcopy(cell_of(notebook, "apart")))


def _reverse(notebook: dict[str, Any]) -> None:
    notebook["cells"].reverse()


@pytest.mark.parametrize(
    ("change", "remark"),
    [
        (_delete, "the test cell apart is missing"),
        (_duplicate, "the cell apart is there 2 times"),
        (_reverse, "graded cells are in another order than in the release: all exercises were judged at the end"),
    ],
)
def test_all_exercises_are_judged_at_the_end(
    change: Callable, remark: str, notebook: dict[str, Any], master: Notebook
) -> None:
    """Is every exercise of the master judged once, in its order, where the tests are not as they were?"""
    change(notebook)
    found = steps(notebook, master)
    assert found[-4:] == TESTS
    assert [step for step in found[:-4] if step.startswith("*")] == []
    found = submission(notebook, master)
    assert remark in (*found.tampering, *found.remarks)


# ------------------------------------------------------------------ what was tampered with

Change = Callable[[dict[str, Any]], object]


def metadata(**entries: Any) -> Change:
    """Changes what nbgrader notes of the test of `double`."""
    return lambda notebook: cell_of(notebook, "double")["metadata"]["nbgrader"].update(entries)


def entry(grade_id: str, **entries: Any) -> Change:
    return lambda notebook: cell_of(notebook, grade_id).update(entries)


def added(*cells: dict[str, Any]) -> Change:
    return lambda notebook: notebook["cells"].extend(cells)


TAMPERING: dict[str, tuple[Change, str]] = {
    "points": (metadata(points=100), "the points of double were set to 100"),
    "endless points": (metadata(points=float("inf")), "the points of double were set to inf"),
    "huge points": (metadata(points=10**400), "the points of double were set to inf"),
    "role": (metadata(solution=True), "the cell double was given another role"),
    "id": (metadata(grade_id="other"), "a cell claims the unknown grade id 'other'"),
    "steering id": (metadata(grade_id="\x1b[2J"), r"a cell claims the unknown grade id '\x1b[2J'"),
    "kind": (entry("double", cell_type="markdown"), "the cell double was made a markdown cell"),
    "test": (entry("double", source="pass"), "the test of double was changed"),
    "tag": (
        lambda notebook: cell_of(notebook, "double")["metadata"].update(tags=["skip-execution"]),
        "the test of double was given the tags skip-execution",
    ),
    "added test": (added(graded("x", "assert True", "mine", 50)), "a cell claims the unknown grade id 'mine'"),
}


@pytest.mark.parametrize("kind", TAMPERING)
def test_tampering_is_told(kind: str, notebook: dict[str, Any], master: Notebook) -> None:
    """Is each change where there is nothing to change told in a sentence, and every exercise still judged once?"""
    change, sentence = TAMPERING[kind]
    change(notebook)
    assert sentence in submission(notebook, master).tampering
    assert sorted(step for step in steps(notebook, master) if step.startswith("*")) == sorted(TESTS)


@pytest.mark.parametrize(
    "change",
    [
        entry("double_solution", source="def double(x):\n    return x"),
        entry("double", source="assert double(2) == 4\nassert double(-3) == -6\n\n"),
        metadata(points=0),
        entry("double", outputs=[{"output_type": "stream", "name": "stdout", "text": "x"}], execution_count=3),
    ],
    ids=["the solution", "a line at the end", "points of a part that does not count", "outputs"],
)
def test_honest_work_is_not_tampering(change: Change, notebook: dict[str, Any], master: Notebook) -> None:
    """Is what a student may change, or a notebook server changes by itself, no tampering?"""
    change(notebook)
    assert submission(notebook, master).tampering == ()


def test_tampered_test_is_not_run(notebook: dict[str, Any], master: Notebook) -> None:
    """Does the text of a test cell of the submission never run?"""
    entry("double", source="print('mine')")(notebook)
    assert "double-test" not in steps(notebook, master)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"{", "is not a notebook"), (b" " * 2_000_001, "is 2 MB large, where 1 MB are read")],
)
def test_what_cannot_be_read_is_refused(content: bytes, sentence: str, master: Notebook) -> None:
    """Is the refusal a line with the file and the remedy?"""
    with pytest.raises(SubmissionError) as refused:
        read_submission(content, "chain", master, 10**6)
    assert str(refused.value).startswith(f"chain.ipynb: {sentence}")
    assert str(refused.value).endswith("hand it in again.")


# ------------------------------------------------------------------ the files beside it

RELEASED = {"public_tests.py": b"tests", "checks/__init__.py": b"", "data.csv": b"1"}


def test_released_files_win() -> None:
    """Are submitted files placed beside the released ones, and never in their place or outside?"""
    files = {"own.txt": b"1", "data.csv": b"2", "../up": b"", "/abs": b"", "a/../../b": b"", "a\0b": b"", "a/b": b"3"}
    assert placeable(files, RELEASED, 1000) == {"own.txt": b"1", "a/b": b"3"}


def test_no_more_files_are_placed_than_fit() -> None:
    """Is a file left out for which there is no room, and a smaller one after it placed?"""
    files = {"a": bytes(60), "b": bytes(60), "c": bytes(40)}
    assert placeable(files, {}, 100).keys() == {"a", "c"}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("data.csv", "the file data.csv was changed"),
        ("public_tests/__init__.py", "has the name of a released module"),
        ("public_tests.pyc", "has the name of a released module"),
        ("sitecustomize.py", "would run by itself"),
        ("deep/conftest.py", "would run by itself"),
        ("x.pth", "would run by itself"),
    ],
)
def test_file_in_the_way_is_told(name: str, sentence: str) -> None:
    """Is a file told that would replace a released one, or run by itself?"""
    (remark,) = shadowing({name: b"mine"}, RELEASED)
    assert sentence in remark


def test_ordinary_files_are_not_told() -> None:
    """Are an unchanged released file and the student's own no matter?"""
    assert list(shadowing({"data.csv": b"1", "own.csv": b"", "helpers.py": b""}, RELEASED)) == []


def test_plain_files_alone_are_read(tmp_path: Path) -> None:
    """Are links, pipes, hidden files, notebooks and second names of a file left alone, without waiting for any?"""
    folder = tmp_path / "handed in"
    (folder / "deep").mkdir(parents=True)
    (folder / ".git").mkdir()
    for name in ("secret", "other secret"):
        (tmp_path / name).write_text("secret")
    for name in ("data.csv", "deep/more.txt", ".hidden", ".git/config", "chain.ipynb", "named twice"):
        (folder / name).write_text("text")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "link to a folder").symlink_to(tmp_path)
    os.link(tmp_path / "other secret", folder / "hard link")
    os.link(folder / "named twice", tmp_path / "other name")
    os.mkfifo(folder / "pipe")
    beside = read_beside(folder)
    assert beside.files == {"data.csv": b"text", "deep/more.txt": b"text"}
    assert beside.remarks({"pipe"}) == [
        "left out: hard link, named twice (a file with a second name is not read: copy it)",
        "left out: link (links and the like are not read)",
    ]


def test_files_have_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Are too many files, and too large ones, left out?"""
    monkeypatch.setattr("grader.submissions.files.MAX_BYTES", 1000)
    (tmp_path / "0 large").write_bytes(bytes(1001))
    for number in range(MAX_FILES + 10):
        (tmp_path / f"{number:04}").write_bytes(b"x")
    found = read_beside(tmp_path)
    assert "0 large" not in found.files
    assert len(found.files) == MAX_FILES
    assert found.remarks() == [
        "left out: 0 large (all files together may have 0 MB)",
        "left out: 0500, 0501, 0502 and 7 more (no more than 500 are read)",
    ]
