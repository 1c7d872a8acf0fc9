"""After an edit the edited exercise is proved first, then what uses it; all else is left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from notebooks import cell_of, code, read, write
from small_courses import APART, DOUBLE, QUADRUPLE, QUICK, exercise, write_course

from grader.release.quick_proof import QuickProof
from grader.sandbox import Sandbox

NAMES = ["double", "apart", "quadruple"]
MISCONCEPTION = {"misconceptions/apart.py": 'def wrong():\n    """Says something else."""\n    return "else"\n'}
PROVED = "apart: misconceptions/wrong"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An assignment of which quadruple uses double; it has no release."""
    cells = [
        code("given", "import math"),
        *exercise("double", DOUBLE, "assert double(2) == 4"),
        *exercise("apart", APART, "assert apart() == 'apart'"),
        *exercise("quadruple", QUADRUPLE, "assert quadruple(2) == 8"),
    ]
    return write_course(tmp_path, "small", cells, MISCONCEPTION).assignment("small").folder


@pytest.fixture
def proof(folder: Path, sandbox: Sandbox) -> Iterator[QuickProof]:
    with QuickProof(folder, QUICK, lambda modules: nullcontext(sandbox)) as proof:
        yield proof


def edit(folder: Path, grade_id: str, old: str, new: str) -> None:
    notebook = read(folder / "small.ipynb")
    cell = cell_of(notebook, grade_id)
    assert old in cell["source"]
    cell["source"] = cell["source"].replace(old, new)
    write(notebook, folder / "small.ipynb")


def proved(proof: QuickProof) -> dict[str, str]:
    """What was proved -> its problem."""
    return {
        name.partition("(")[2].partition(")")[0] or name: problem for name, problem in proof.prove()
    }


def test_all_is_proved_at_first_and_nothing_without_an_edit(proof: QuickProof) -> None:
    assert proved(proof) == dict.fromkeys([*NAMES, PROVED], "")
    assert proved(proof) == {}


def test_edited_exercise_and_those_that_use_it_are_proved_again(proof: QuickProof, folder: Path) -> None:
    proved(proof)
    edit(folder, "double_solution", "x + x", "x + x + 1")
    found = proved(proof)
    assert list(found) == ["double", "quadruple"] and all(found.values())
    assert "assert double(2) == 4" in found["double"]
    edit(folder, "quadruple", "assert", "assert 1 and")
    assert list(proved(proof)) == ["double", "quadruple"], "what failed is proved until it passes"
    edit(folder, "double_solution", "x + x + 1", "x + x")
    assert proved(proof) == {"double": "", "quadruple": ""}
    assert proved(proof) == {}


def test_edited_catalogue_is_proved_alone(proof: QuickProof, folder: Path) -> None:
    proved(proof)
    (folder / "private/misconceptions/apart.py").write_text(MISCONCEPTION["misconceptions/apart.py"].replace("else", "apart"))
    assert proved(proof) == {PROVED: "apart: no check rejects wrong: add one that does."}


def test_given_cell_or_another_file_concerns_all(proof: QuickProof, folder: Path) -> None:
    proved(proof)
    (folder / "private/hidden_tests.py").write_text("x = 1\n")
    assert list(proved(proof)) == [*NAMES, PROVED]


def test_proof_that_is_broken_off_is_begun_again(proof: QuickProof, folder: Path) -> None:
    proofs = proof.prove()
    assert next(proofs)[1] == ""
    proofs.close()
    assert list(proved(proof)) == [*NAMES, PROVED]


def test_endless_solution_is_named_and_the_others_are_proved(
    proof: QuickProof, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is a solution cell that never ends told with its label, and what does not need it proved all the same?"""
    monkeypatch.setattr("grader.assignments.reference.STATEMENT_SECONDS", 0.5)
    proved(proof)
    edit(folder, "double_solution", "def double", "while True:\n    pass\ndef double")
    edit(folder, "apart_solution", "'apart'", "'apart' + ''")
    found = proved(proof)
    assert "cell 2 (double_solution)" in found["double"] and found["quadruple"] and found["apart"] == ""
    assert found[PROVED] == "", "a misconception earns nothing behind a master that ends"


@pytest.mark.parametrize(
    ("file", "text", "named"),
    [
        ("small.ipynb", "", "small.ipynb: is not a notebook"),
        ("private/misconceptions/apart.py", "def wrong(:\n", "apart.py"),
        ("private/misconceptions/apart.py", "import no_such_module\n", "no_such_module"),
    ],
)
def test_file_that_is_half_written_is_a_line(proof: QuickProof, folder: Path, file: str, text: str, named: str) -> None:
    proved(proof)
    before = (folder / file).read_text()
    (folder / file).write_text(text)
    problems = "\n".join(problem for _, problem in proof.prove())
    assert named in problems
    (folder / file).write_text(before)
    assert not any(proved(proof).values())
