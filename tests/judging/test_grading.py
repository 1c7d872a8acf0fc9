"""One submission from bytes to result: what counts, what is carried forward, what is recorded."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from notebooks import code
from small_courses import (
    POINTS,
    QUICK,
    RELEASE,
    RIGHT,
    answers_of,
    chain,
    exercise,
    filled,
    hand_in,
    without_trials,
    write_course,
)

from grader.assignments.assignment import Assignment
from grader.config.policy import GradingPolicy
from grader.judging.grade import grade
from grader.results.codec import result_json
from grader.results.records import ExerciseOutcome, Result
from grader.sandbox import Sandbox

WRONG_DOUBLE = "def double(x):\n    return 3 * x"
WRONG_APART = "def apart():\n    return None"
WRONG_QUADRUPLE = "def quadruple(x):\n    return 5 * x"


@pytest.fixture(scope="module")
def assignment_chain(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    """Exercises double, apart, quadruple (by double) and octuple (by quadruple)."""
    return chain(tmp_path_factory.mktemp("chain")).assignment("chain")


@pytest.fixture
def graded(assignment_chain: Assignment, sandbox: Sandbox) -> Any:
    """A function: answers that differ from the right ones -> the result."""

    def run(settings: GradingPolicy = QUICK, before: tuple = (), after: tuple = (), **answers: str) -> Result:
        content = hand_in(assignment_chain.release / "chain.ipynb", RIGHT | answers, before, after)
        return grade(content, assignment_chain, sandbox, settings)

    return run


def scores(result: Result) -> dict[str, float | None]:
    return {exercise.name: exercise.score for exercise in result.exercises}


def carried(result: Result) -> dict[str, tuple[str, ...]]:
    """Exercise -> what it was carried forward over, where it was."""
    return {e.name: e.carried_forward for e in result.exercises if e.carried_forward}


def of(result: Result, name: str) -> ExerciseOutcome:
    return next(exercise for exercise in result.exercises if exercise.name == name)


# ------------------------------------------------------------------ carried forward


def test_right_notebook_gets_all_points(graded: Any) -> None:
    """Does a right notebook get every point by itself?"""
    result = graded()
    assert scores(result) == POINTS
    assert (result.score, result.max_score, carried(result), result.problems, result.tampering) == (11, 11, {}, (), ())


def test_right_exercise_is_carried_over_a_wrong_helper(graded: Any) -> None:
    """Has what is right behind a wrong helper full points, and is the helper named?"""
    result = graded(double=WRONG_DOUBLE)
    assert scores(result) == {**POINTS, "double": 0}
    assert carried(result) == {"quadruple": ("double",), "octuple": ("quadruple",)}


def test_only_a_helper_that_was_used_is_named(graded: Any) -> None:
    """Is an exercise that failed, and that nobody called, not named?"""
    result = graded(double=WRONG_DOUBLE, apart=WRONG_APART)
    assert scores(result) == {**POINTS, "double": 0, "apart": 0}
    assert carried(result)["quadruple"] == ("double",)


def test_wrong_exercise_is_not_carried(graded: Any) -> None:
    """Does a wrong exercise stay wrong behind working helpers?"""
    result = graded(double=WRONG_DOUBLE, quadruple=WRONG_QUADRUPLE)
    assert scores(result) == {**POINTS, "double": 0, "quadruple": 0}
    assert carried(result) == {"octuple": ("quadruple",)}


def test_exercise_never_stands_in_for_itself(graded: Any) -> None:
    """Can an exercise that calls itself not be had from the reference?"""
    result = graded(quadruple="def quadruple(x):\n    return quadruple(x) if x < 0 else 0")
    assert of(result, "quadruple").score == 0


def test_later_exercise_never_stands_in(graded: Any) -> None:
    """Can an exercise not be had from a borrowed later one?"""
    early = code("early", WRONG_QUADRUPLE)
    borrowed = "def double(x):\n    return quadruple(x) // 2"
    result = graded(before=(early,), double=borrowed, quadruple=WRONG_QUADRUPLE)
    assert (of(result, "double").score, of(result, "double").carried_forward) == (0, ())


def test_carrying_forward_can_be_switched_off(graded: Any) -> None:
    """Does the setting leave each student with the own helpers alone?"""
    result = graded(settings=replace(QUICK, carry_forward=False), double=WRONG_DOUBLE)
    assert scores(result) == {"double": 0, "apart": 1, "quadruple": 0, "octuple": 0}
    assert carried(result) == {}


def test_student_keeps_own_functions_after_the_reference_stood_in(graded: Any) -> None:
    """Is the student's own helper back when the next cell runs?"""
    result = graded(double=WRONG_DOUBLE, after=(code("print", "print(double(2), quadruple(2))"),))
    assert result.cells[max(result.cells)].outputs[0]["text"] == "6 18\n"


def test_missing_helper_is_carried_too(graded: Any) -> None:
    """Is an exercise right whose helper was never written?"""
    assert carried(graded(double="# nothing"))["quadruple"] == ("double",)


def test_partly_right_exercise_behind_a_wrong_helper(assignment: Assignment, sandbox: Sandbox) -> None:
    """Has it the points of the checks that pass with a working helper, as by itself, and no cell with another input?"""
    backward = answers_of("amara_k")["conv_backward"]
    cropped = backward.replace("pad : pad + n_H_prev", "pad:-pad").replace("pad : pad + n_W_prev", "pad:-pad")
    assert cropped != backward
    ones = "def zero_pad(X, pad):\n    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), constant_values=1)"

    def judged(**answers: str) -> ExerciseOutcome:
        notebook = without_trials(filled(RELEASE, {**answers_of("amara_k"), "conv_backward": cropped, **answers}))
        result = grade(json.dumps(notebook).encode(), assignment, sandbox, GradingPolicy(), seed=7)
        return of(result, "conv_backward")

    alone, behind = judged(), judged(zero_pad=ones)
    assert 0 < behind.score == alone.score < alone.points
    assert (alone.carried_forward, behind.carried_forward) == ((), ("zero_pad",))
    assert behind.test.checks == alone.test.checks and behind.minimal_counterexample == ""


def test_real_assignment_is_carried_forward(assignment: Assignment, sandbox: Sandbox) -> None:
    """Is the right conv_forward behind a conv_single_step that raises worth its 25 points, in the real assignment?"""
    notebook = without_trials(filled(RELEASE, answers_of("ines_f")))
    result = grade(json.dumps(notebook).encode(), assignment, sandbox, GradingPolicy())
    assert carried(result) == {"conv_forward": ("conv_single_step",)}
    assert (of(result, "conv_single_step").score, of(result, "conv_forward").score, result.score) == (0, 25, 90)


def test_untouched_exercise_is_not_carried(assignment: Assignment, sandbox: Sandbox) -> None:
    """Does an untouched notebook earn nothing, with nothing carried forward?"""
    notebook = without_trials(filled(RELEASE, {}))
    result = grade(json.dumps(notebook).encode(), assignment, sandbox, GradingPolicy())
    assert (result.score, carried(result)) == (0, {})
    assert all(e.test.message.startswith(f"{e.name} is not done yet") for e in result.exercises)


# ------------------------------------------------------------------ limits


DISASTERS = {
    "infinite loop": ("while True:\n        pass", r"It did not finish"),
    "sleep": ("time.sleep(60)", r"It did not finish"),
    "os._exit": ("os._exit(0)", r"It ended Python"),
    "memory bomb": ("hoard = []\n    while True:\n        hoard.append(bytearray(10**7))", r"(?i)memory"),
    "segfault": ("import ctypes\n    ctypes.string_at(0)", r"It crashed.*SIGSEGV"),
    "endless output": ("while True:\n        print('x' * 1000)", r"It printed without end|It did not finish"),
}


@pytest.mark.parametrize("disaster", DISASTERS)
def test_disaster_costs_its_own_exercise_only(disaster: str, graded: Any) -> None:
    """Does every other exercise keep its points, and is the culprit told why?"""
    body, message = DISASTERS[disaster]
    result = graded(double=f"def double(x):\n    {body}")
    assert scores(result) == {**POINTS, "double": 0}
    assert pytest.approx(result.score) == 9
    assert not result.broken
    assert re.search(message, of(result, "double").test.message)


@pytest.mark.parametrize("disaster", ["infinite loop", "os._exit", "segfault"])
def test_disaster_in_a_cell_costs_no_exercise(disaster: str, graded: Any) -> None:
    """Is a scratch cell that ends everything named, and every exercise graded?"""
    body, _ = DISASTERS[disaster]
    result = graded(before=(code("scratch", "import os"), code("bomb", f"if True:\n    {body}")))
    assert scores(result) == POINTS
    assert len(result.problems) == 1
    assert "cell 2 (bomb)" in result.problems[0]
    assert result.cells[1].outputs[-1]["output_type"] == "error"


def test_what_was_defined_before_a_disaster_is_there_after_it(graded: Any) -> None:
    """Does a later exercise find what a cell before the disaster had defined?"""
    word = code("word", "WORD = 'apart'")
    result = graded(before=(word,), double="def double(x):\n    os._exit(0)", apart="def apart():\n    return WORD")
    assert scores(result) == {**POINTS, "double": 0}


def test_what_a_cell_had_printed_before_its_end_is_kept(graded: Any) -> None:
    """Does the graded notebook show what a cell had printed when it was stopped?"""
    result = graded(before=(code("bomb", "print('so far')\nimport time\ntime.sleep(0.1)\nprint('on')\nos._exit(1)"),))
    assert scores(result) == POINTS
    endless = graded(before=(code("loop", "print('so far', flush=True)\nwhile True:\n    pass"),))
    assert endless.cells[0].outputs[0]["text"].startswith("so far")


# ------------------------------------------------------------------ the record


def test_outputs_are_recorded(graded: Any) -> None:
    """Are printed text, a value, a figure as PNG and an error kept with their cells?"""
    plot = "import matplotlib.pyplot as plt\n%matplotlib inline\nplt.plot([1, 2])\nplt.show()"
    cells = (code("p", "print('hello')\n6 * 7"), code("f", plot), code("e", "1 / 0"))
    runs = graded(before=cells).cells
    assert runs[0].outputs[0] == {"output_type": "stream", "name": "stdout", "text": "hello\n"}
    assert runs[0].outputs[1]["data"]["text/plain"] == "42"
    assert any(output.get("data", {}).get("image/png", "").startswith("iVBOR") for output in runs[1].outputs)
    assert (runs[2].outputs[0]["output_type"], runs[2].outputs[0]["ename"]) == ("error", "ZeroDivisionError")
    assert runs[2].error.type_name == "ZeroDivisionError"


def test_same_seed_is_the_same_result(assignment: Assignment, sandbox: Sandbox) -> None:
    """Are two gradings with one seed alike to the letter, and does the content decide where none is given?"""
    notebook = json.dumps(without_trials(filled(RELEASE, answers_of("viktor_j")))).encode()

    def result(seed: int | None) -> dict[str, Any]:
        graded = result_json(grade(notebook, assignment, sandbox, GradingPolicy(), seed=seed))
        assert 0 < sum(graded.pop("exercise_seconds").values()) < graded.pop("seconds")
        return graded

    assert result(5) == result(5)
    assert result(None) == result(None)
    assert result(5)["seed"] == 5
    assert {exercise["seed"] for exercise in result(5)["exercises"]} == {5}
    assert result(None) != result(5)


def test_students_files_can_be_read(assignment_chain: Assignment, sandbox: Sandbox) -> None:
    """Does the student's code find the file that was handed in beside the notebook?"""
    reading = "def apart():\n    return open('data/word.txt').read()"
    content = hand_in(assignment_chain.release / "chain.ipynb", RIGHT | {"apart": reading})
    assert grade(content, assignment_chain, sandbox, QUICK, {"data/word.txt": b"apart"}).score == 11
    assert grade(content, assignment_chain, sandbox, QUICK).score == 10


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"{", "is not a notebook"),
        (b"", "is empty"),
        (b"\xff\xfe", "is not a notebook"),
        (b"[]", "has no list of cells"),
        (b'{"cells": [3]}', "cell 1 is not an object"),
        (b"[" * 100_000, "is not a notebook"),
        (json.dumps({"cells": [{}] * 3000}).encode(), "has 3000 cells"),
        (b" " * 2000, "is 0 MB large"),
    ],
)
def test_what_is_no_notebook_is_graded_nought(
    content: bytes, problem: str, assignment_chain: Assignment, sandbox: Sandbox
) -> None:
    """Is a file that cannot be judged a score of 0 with a problem that says what to do, not an error of ours?"""
    settings = replace(QUICK, max_notebook_bytes=1000) if content.startswith(b" ") else QUICK
    result = grade(content, assignment_chain, sandbox, settings)
    assert (result.score, result.max_score, result.broken) == (0, 11, False)
    assert problem in result.problems[0]
    assert result.problems[0].startswith("chain.ipynb: ")


def test_parts_follow_the_settings(assignment_chain: Assignment, sandbox: Sandbox, tmp_path: Path) -> None:
    """Does a part that does not count stay out of the total, and in the result?"""
    cells = [
        *exercise("one", "def one():\n    return 1", "assert one() == 1", 2, "extra"),
        *exercise("two", "two = 2", "assert two == 2", 3),
    ]
    small = write_course(tmp_path, "small", cells).assignment("small")
    content = hand_in(small.release / "small.ipynb", {"one": "def one():\n    return 1", "two": "two = 2"})
    result = grade(content, small, sandbox, replace(QUICK, parts={"extra": False}))
    assert (result.score, result.max_score, result.parts()) == (3, 3, {"extra": (2, 2)})
    assert [e.counts for e in result.exercises] == [False, True]
