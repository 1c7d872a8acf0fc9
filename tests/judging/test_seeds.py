"""The seeds of the hidden tests and of the student's session."""

from __future__ import annotations

import zlib
from pathlib import Path

from notebooks import code
from small_courses import QUICK, RIGHT, chain, hand_in

from grader.judging.grade import grade
from grader.results.records import Result
from grader.sandbox import Sandbox


def graded(folder: Path, sandbox: Sandbox, seed: int | None = None) -> tuple[bytes, Result, str]:
    """What was handed in, its result, and the seed that NumPy shows inside."""
    assignment = chain(folder).assignment("chain")
    look = code("look", "import numpy\nprint(numpy.random.get_state()[1][0])")
    content = hand_in(assignment.release / "chain.ipynb", RIGHT, (look,))
    result = grade(content, assignment, sandbox, QUICK, seed=seed)
    return content, result, result.cells[0].outputs[0]["text"].strip()


def test_session_does_not_show_the_seed_of_the_tests(tmp_path: Path, sandbox: Sandbox) -> None:
    """Is the session seeded with another number than the hidden tests, and neither with a plain checksum?"""
    content, result, inside = graded(tmp_path, sandbox)
    assert len({str(result.seed), str(result.seed % 2**32), inside, str(zlib.crc32(content))}) == 4
    assert result.seed < 2**53, "JSON's numbers are exact up to here"


def test_seed_of_the_result_gives_the_same_session(tmp_path: Path, sandbox: Sandbox) -> None:
    """Is everything that is random repeated with the seed that the result names?"""
    _, result, inside = graded(tmp_path / "1", sandbox)
    _, again, inside_again = graded(tmp_path / "2", sandbox, result.seed)
    assert (again.seed, inside_again) == (result.seed, inside)
