"""Attacks on the notebook's metadata, and on its graded cells."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from grader.results.codec import result_json
from hostile import ANSWERED, RIGHT, Arena, Attack, code_cell, graded_cell

Notebook = dict[str, Any]

FOREIGN = "not of this edition of the assignment, or lost its marks"


def nbgrader(notebook: Notebook, grade_id: str) -> dict[str, Any]:
    return graded_cell(notebook, grade_id)["metadata"]["nbgrader"]


def set_all(notebook: Notebook, **values: Any) -> None:
    """Set these fields in nbgrader's metadata of every graded cell."""
    for cell in notebook["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"].update(values)


def tag_tests(notebook: Notebook, *tags: str) -> None:
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["metadata"]["tags"] = [*cell["metadata"]["tags"], *tags]


def make_kind(notebook: Notebook, grade_id: str, kind: str) -> None:
    graded_cell(notebook, grade_id)["cell_type"] = kind


def delete(notebook: Notebook, *grade_ids: str) -> None:
    for grade_id in grade_ids:
        notebook["cells"].remove(graded_cell(notebook, grade_id))


def duplicate(notebook: Notebook, grade_id: str, times: int = 1) -> None:
    cell = graded_cell(notebook, grade_id)
    place = notebook["cells"].index(cell)
    notebook["cells"][place:place] = [copy.deepcopy(cell) for _ in range(times)]


def move_to_the_top(notebook: Notebook, grade_id: str) -> None:
    cell = graded_cell(notebook, grade_id)
    notebook["cells"].remove(cell)
    notebook["cells"].insert(0, cell)


def reverse_tests(notebook: Notebook) -> None:
    places = [i for i, c in enumerate(notebook["cells"]) if c["metadata"].get("nbgrader", {}).get("grade")]
    tests = [notebook["cells"][i] for i in reversed(places)]
    for place, test in zip(places, tests, strict=True):
        notebook["cells"][place] = test


def rewrite_tests(notebook: Notebook, source: str) -> None:
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["source"] = source


def swap_ids(notebook: Notebook, one: str, other: str) -> None:
    first, second = nbgrader(notebook, one), nbgrader(notebook, other)
    first["grade_id"], second["grade_id"] = second["grade_id"], first["grade_id"]


def add_test(notebook: Notebook, **fields: Any) -> None:
    claims = {"grade": True, "solution": False, "locked": True, "points": 1000, "schema_version": 3, **fields}
    notebook["cells"].append(code_cell("pass", nbgrader=claims))


def hand_in_results(notebook: Notebook) -> None:
    """Outcomes as the judge writes them, and scores as nbgrader does, in the outputs of every test."""
    outcome = {"application/vnd.grader.outcome+json": {"score": 100, "max_score": 100, "outcome": "passed"}}
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            result = {"output_type": "execute_result", "execution_count": 1, "metadata": {}}
            cell["outputs"] = [{**result, "data": {"text/plain": "100.0", **outcome}}]
            cell["metadata"]["nbgrader"]["score"] = 100


ATTACKS = [
    Attack("tests tagged skip-execution", change=lambda n: tag_tests(n, "skip-execution"), says="tags skip-execution"),
    Attack("tests tagged raises-exception", change=lambda n: tag_tests(n, "raises-exception")),
    Attack("a tag of 400 KB", change=lambda n: tag_tests(n, "x" * 400_000), says="was given the tags xxx"),
    Attack("tests unlocked", change=lambda n: set_all(n, locked=False)),
    Attack("all cells locked", change=lambda n: set_all(n, locked=True)),
    Attack("points of 1000", change=lambda n: set_all(n, points=1000), says="points of zero_pad were set to 1000"),
    Attack("points below 0", change=lambda n: set_all(n, points=-5), says="points of zero_pad were set to -5"),
    Attack("points that are not a number", change=lambda n: set_all(n, points=float("nan")), says="were set to nan"),
    Attack("endless points", change=lambda n: set_all(n, points=float("inf")), says="were set to inf"),
    Attack("points too large for a float", change=lambda n: set_all(n, points=10**400), says="were set to"),
    Attack("points as text", change=lambda n: set_all(n, points="100")),
    Attack("points as a list", change=lambda n: set_all(n, points=[1])),
    Attack("nothing is graded", change=lambda n: set_all(n, grade=False), says="was given another role"),
    Attack("tests are solutions", change=lambda n: set_all(n, solution=True), says="was given another role"),
    Attack("all are tasks", change=lambda n: set_all(n, task=True, grade=False), says="was given another role"),
    Attack("ids swapped", change=lambda n: swap_ids(n, "zero_pad", "conv_forward"), says="another order"),
    Attack(
        "an easy test claims a hard one's id",
        change=lambda n: nbgrader(n, "zero_pad").update(grade_id="conv_forward"),
        says="conv_forward is there 2 times.*zero_pad is missing",
    ),
    Attack(
        "a solution claims a test's id",
        change=lambda n: nbgrader(n, "zero_pad_solution").update(grade_id="zero_pad"),
        says="zero_pad is there 2 times",
    ),
    Attack("ids of odd types", change=lambda n: set_all(n, grade_id=["zero_pad"]), says=FOREIGN),
    Attack("ids of 40 KB", change=lambda n: set_all(n, grade_id="x" * 40_000), says=FOREIGN),
    Attack("metadata of odd types", change=lambda n: set_all(n, grade="no", solution=[0], points={}, locked=None)),
    Attack("metadata gone", change=lambda n: [c["metadata"].clear() for c in n["cells"]], says=FOREIGN),
    Attack("metadata is a list", change=lambda n: [c.update(metadata=[1]) for c in n["cells"]], says=FOREIGN),
    Attack("a test made text", change=lambda n: make_kind(n, "zero_pad", "markdown"), says="was made a markdown cell"),
    Attack("a test made raw", change=lambda n: make_kind(n, "conv_forward", "raw"), says="was made a raw cell"),
    Attack(
        "a solution made text",
        change=lambda n: make_kind(n, "zero_pad_solution", "markdown"),
        says="is a markdown cell and holds an answer: it was judged as code",
    ),
    Attack("tests emptied", change=lambda n: rewrite_tests(n, "pass"), says="the test of zero_pad was changed"),
    Attack("tests return points", change=lambda n: rewrite_tests(n, "100.0"), says="the test of zero_pad was changed"),
    Attack(
        "tests solve the exercises",
        change=lambda n: rewrite_tests(
            n, "def pool_forward(A_prev, hparameters, mode='max'): ...\nimport os; os._exit(0)"
        ),
        says="the test of pool_forward was changed",
    ),
    Attack("all tests deleted", change=lambda n: delete(n, *ANSWERED, "conv_forward"), says="test cell.*is missing"),
    Attack("one test deleted", change=lambda n: delete(n, "pool_backward"), says="pool_backward is missing"),
    Attack(
        "a solution deleted",
        change=lambda n: delete(n, "zero_pad_solution"),
        earns={"zero_pad": 0},
        says="solution cell zero_pad_solution is missing.*There is no function zero_pad",
    ),
    Attack("a test twice", change=lambda n: duplicate(n, "zero_pad"), says="zero_pad is there 2 times"),
    Attack("a test 1000 times", change=lambda n: duplicate(n, "zero_pad", 999), says="zero_pad is there 1000 times"),
    Attack("a solution twice", change=lambda n: duplicate(n, "zero_pad_solution"), says="is there 2 times"),
    Attack("tests in reverse order", change=reverse_tests, says="another order"),
    Attack("a test before its solution", change=lambda n: move_to_the_top(n, "zero_pad"), says="another order"),
    Attack("a solution at the top", change=lambda n: move_to_the_top(n, "conv_single_step_solution"), says="order"),
    Attack(
        "a copy of a test before the solution",
        change=lambda n: n["cells"].insert(0, copy.deepcopy(graded_cell(n, "zero_pad"))),
        says="zero_pad is there 2 times",
    ),
    Attack("a test of one's own", change=lambda n: add_test(n, grade_id="bonus"), says="unknown grade id 'bonus'"),
    Attack("a test without an id", change=add_test),
    Attack("results handed in as outputs", change=hand_in_results),
    Attack(
        "metadata of the notebook", change=lambda n: n.update(metadata={"kernelspec": {"name": "bash"}, "score": 99})
    ),
    Attack("another language", change=lambda n: n["metadata"].update(language_info={"name": "R"})),
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_metadata_decides_nothing(arena: Arena, attack: Attack) -> None:
    """Does what a notebook says of its own cells change a score?"""
    result = arena.repel(attack)
    assert result.max_score == 100
    assert not result.broken
    assert len(str(result_json(result))) < 200_000


def test_a_notebook_without_graded_cells(arena: Arena) -> None:
    """Is a notebook that only holds the functions judged all the same, and the loss reported?"""
    cells = [code_cell("import numpy as np"), *map(code_cell, RIGHT.values())]
    result = arena.repel(Attack("plain", change=lambda n: n.update(cells=cells), says=FOREIGN))
    assert result.tampering == ()
