"""What stopped an exercise, in words that a student can act on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from notebooks import code
from small_courses import QUICK, RELEASE, RIGHT, answers_of, chain, filled, hand_in, without_trials

from grader.assignments.assignment import Assignment
from grader.config.policy import GradingPolicy
from grader.judging.diagnosis import ENDS, explain_end
from grader.judging.grade import grade
from grader.results.records import ExerciseOutcome, Result
from grader.sandbox import Sandbox, SessionEnded

Told = Callable[..., str]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    return chain(tmp_path_factory.mktemp("chain")).assignment("chain")


@pytest.fixture
def told(small: Assignment, sandbox: Sandbox) -> Told:
    """A function: the text of the cell of `double` -> what its student reads first."""

    def message(source: str, before: tuple = (), settings: GradingPolicy = QUICK) -> str:
        content = hand_in(small.release / "chain.ipynb", RIGHT | {"double": source}, before)
        result = grade(content, small, sandbox, settings)
        assert result.score == 9, "another exercise suffered"
        return result.exercises[0].test.message

    return message


def test_syntax_error_is_told_with_its_line(told: Told) -> None:
    """Does a missing colon name the cell's exercise, the error and the line?"""
    message = told("def double(x):\n    if x\n        return 2 * x")
    assert message.startswith("The cell of double has a syntax error: expected ':'")
    assert "(line 2 of the cell)" in message and "ipython-input" not in message


def test_indentation_error_is_told_with_its_line(told: Told) -> None:
    """Is a line that stands too far to the left a syntax error too?"""
    message = told("def double(x):\nreturn 2 * x")
    assert message.startswith("The cell of double has a syntax error: expected an indented block")
    assert "line 2" in message


def test_non_breaking_spaces_are_named(told: Told) -> None:
    """Are spaces that only look like spaces named with their lines and the remedy?"""
    message = told("def double(x):\n\xa0   y = x + x\n    return\xa0y")
    assert "There are non-breaking spaces in line 2, 3" in message
    assert message.endswith("type normal spaces.")


def test_non_breaking_space_in_a_text_is_no_matter(told: Told) -> None:
    """Is another syntax error not blamed on a non-breaking space that is not there?"""
    assert "non-breaking" not in told("def double(x)\n    return 2 * x")


def test_missing_function_is_named(told: Told) -> None:
    """Is a deleted function told with what may have happened, and no other exercise taken for it?"""
    message = told("# nothing here")
    assert message == "There is no function double. Was its cell deleted, or the function renamed?"


def test_renamed_function_is_found(told: Told) -> None:
    """Is a function with a similar name pointed at?"""
    assert told("def doubel(x):\n    return 2 * x") == "There is no function double. There is a doubel: was it renamed?"


def test_cell_that_raised_is_named(told: Told) -> None:
    """Is the error told that kept the function from being defined?"""
    message = told("values = [1]\nvalues[3]\n@values[0]\ndef double(x):\n    return 2 * x")
    assert message == "cell 2 (double_solution), which defines double, raised IndexError: list index out of range"


def test_cell_that_was_stopped_is_named(told: Told) -> None:
    """Is the end of the cell told that kept the function from being defined?"""
    source = "import time\n" + "time.sleep(9)\n" * 4 + "def double(x):\n    return 2 * x"
    message = told(source, settings=replace(QUICK, limits=replace(QUICK.limits, cell_seconds=0.2)))
    assert message.startswith("cell 2 (double_solution), which defines double, was stopped: It did not finish: ")
    assert "within 0.2 s" in message


@pytest.mark.parametrize("magic", ["%%timeit", "%%writefile own.py", "%%html", "%%no_such_magic", "%%bash"])
def test_cell_magic_over_an_answer_is_named(magic: str, told: Told) -> None:
    """Is the line told that keeps the function from being defined, wherever it stands?"""
    why = f"keeps the function from being defined: `{magic}`. Delete that line."
    patient = replace(QUICK, limits=replace(QUICK.limits, cell_seconds=10))  # %%timeit takes about two seconds
    assert told(f"{magic}\n{RIGHT['double']}", settings=patient) == f"cell 2 (double_solution): line 1 {why}"
    assert told(f"\n\n{magic}\n{RIGHT['double']}", settings=patient) == f"cell 2 (double_solution): line 3 {why}"


def test_function_in_quotes_is_told(told: Told) -> None:
    """Is a cell told that ran well and defines nothing?"""
    assert "left no double behind" in told(f'"{chr(34) * 2}\n{RIGHT["double"]}\n"{chr(34) * 2}')


@pytest.mark.parametrize(
    ("line", "name"),
    [("breakpoint()", "breakpoint"), ("import pdb; pdb.set_trace()", "set_trace"), ("x = input()", "input")],
)
def test_waiting_for_a_person_is_named(line: str, name: str, told: Told) -> None:
    """Is a debugger, or a question, named that nobody is there to answer?"""
    message = told(f"def double(x):\n    {line}\n    return 2 * x")
    assert message.startswith(f"It calls {name}(), which waits for a person to type.")


@pytest.mark.parametrize(
    ("line", "name"),
    [("breakpoint()", "breakpoint"), ("import pdb; pdb.set_trace()", "set_trace"), ("debug = input()", "input")],
)
def test_waiting_below_an_answer_is_named_and_costs_nothing(
    line: str, name: str, small: Assignment, sandbox: Sandbox
) -> None:
    """Is a line named that waits for a person, below a function that is right, and where is it?"""
    answers = RIGHT | {"double": f"{RIGHT['double']}\n{line}\nprint(double(2))"}
    result = grade(hand_in(small.release / "chain.ipynb", answers), small, sandbox, QUICK)
    number = len(RIGHT["double"].splitlines()) + 1
    assert result.score == sum(exercise.points for exercise in result.exercises)
    assert f"line {number} (`{line}`) calls {name}(), which waits for a person to type." in result.problems[0]


def test_conflict_marks_in_a_cell_are_named(told: Told) -> None:
    """Are git's marks named, which a merge of notebooks leaves in a cell?"""
    both = f"<<<<<<< local\n{RIGHT['double']}\n=======\ndef double(x): pass\n>>>>>>> remote"
    assert "conflict marks of git" in told(both)


def test_time_limit_says_how_long(told: Told) -> None:
    """Is an endless function told with the seconds that it had?"""
    message = told("def double(x):\n    while True:\n        pass")
    assert message == "It did not finish: no answer within 1 s. Is there a loop that never ends?"


def test_crash_names_the_signal(told: Told) -> None:
    """Is a crash told with the signal?"""
    message = told("import ctypes\ndef double(x):\n    return ctypes.string_at(0)")
    assert message.startswith("It crashed: ")
    assert "SIGSEGV" in message


def test_exit_names_the_code(told: Told) -> None:
    """Is a function that ends Python told so?"""
    message = told("def double(x):\n    os._exit(7)")
    assert message.startswith("It ended Python: ")
    assert "exit code 7" in message


MEMORY_BOMBS = {
    "one large array": "import numpy as np\ndef double(x):\n    return np.ones(10**12)",
    "a list that grows": "def double(x):\n    hoard = []\n    while True:\n        hoard.append(bytearray(10**7))",
}


@pytest.mark.parametrize("bomb", MEMORY_BOMBS)
def test_memory_limit_is_told(bomb: str, told: Told) -> None:
    """Is a function that wants too much memory told so in words?"""
    assert told(MEMORY_BOMBS[bomb]).startswith("It ran out of memory: ")


@pytest.mark.parametrize("reason", SessionEnded.REASONS)
def test_every_end_has_a_sentence(reason: str) -> None:
    """Is there a sentence for every reason for which a session may end?"""
    assert reason in ENDS
    assert explain_end(SessionEnded(reason, "the detail")).count("the detail") == 1


# ------------------------------------------------------------------ with the course's own checks


def real(assignment: Assignment, sandbox: Sandbox, **answers: str) -> Result:
    """The result of the real assignment with these answers, and the rest untouched."""
    notebook = without_trials(filled(RELEASE, answers))
    return grade(json.dumps(notebook).encode(), assignment, sandbox, GradingPolicy())


def of(result: Result, name: str) -> ExerciseOutcome:
    return next(exercise for exercise in result.exercises if exercise.name == name)


def test_untouched_exercise_has_its_own_message(assignment: Assignment, sandbox: Sandbox) -> None:
    """Is an untouched skeleton told apart from a wrong answer?"""
    untouched = of(real(assignment, sandbox), "pool_forward").test
    sentence = "pool_forward is not done yet: put your code in place of `raise NotDoneYet`."
    assert (untouched.message, untouched.not_done, untouched.error) == (sentence, sentence, "")


def test_removed_numpy_name_is_told(assignment: Assignment, sandbox: Sandbox) -> None:
    """Does the finding say which name replaces the one that NumPy has removed, through the sandbox too?"""
    result = real(assignment, sandbox, distribute_value="def distribute_value(dz, shape):\n    return np.float(dz)")
    check = of(result, "distribute_value").test.checks[0]
    assert "NumPy has removed np.float." in check.finding
    assert "(line 2 of the cell, in distribute_value)" in check.finding
    assert check.advice.startswith("write float in place of np.float. Where it gets an array, choose the entry first")


def test_known_mistake_is_named(assignment: Assignment, sandbox: Sandbox) -> None:
    """Is a misconception of the catalogue recognised through the sandbox?"""
    answer = "def zero_pad(X, pad):\n    return np.pad(X, pad)"
    assert of(real(assignment, sandbox, zero_pad=answer), "zero_pad").test.mistake.name == "pads_every_axis"


@pytest.mark.parametrize(
    ("student", "exercise", "words"),
    [
        ("mateo_g", "conv_backward", "non-breaking spaces in line"),
        ("leila_h", "pool_forward", "has a syntax error: expected ':'"),
        ("sanjay_i", "conv_forward", "There is a conv_forwards: was it renamed?"),
    ],
)
def test_sample_class_reads_what_happened(
    student: str, exercise: str, words: str, assignment: Assignment, sandbox: Sandbox
) -> None:
    """Do the students of the sample class with a special fault read what it is?"""
    assert words in of(real(assignment, sandbox, **answers_of(student)), exercise).test.message


def test_memory_limit_is_told_where_checks_found_it(assignment: Assignment, sandbox: Sandbox) -> None:
    """Does the memory limit come first where the course's own checks met it, too?"""
    answer = "def zero_pad(X, pad):\n    return np.ones((10**6, 10**7))"
    outcome = of(real(assignment, sandbox, zero_pad=answer), "zero_pad").test
    assert outcome.message.startswith("It ran out of memory: Unable to allocate")
    assert outcome.checks[0].finding.startswith("raised MemoryError")


def test_steering_text_stays_text(small: Assignment, sandbox: Sandbox) -> None:
    """Can a student's cell name not steer the terminal?"""
    notebook = filled(small.release / "chain.ipynb", RIGHT, before=(code("\x1b[2J", "while True: pass"),))
    result = grade(json.dumps(notebook).encode(), small, sandbox, QUICK)
    assert "\x1b" not in "".join(result.problems)
    assert r"cell 1 (\x1b[2J)" in result.problems[0]


FIRST_BLOCK = """\
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    (stride, pad) = (hparameters["stride"], hparameters["pad"])
"""
SECOND_BLOCK = """\
    n_H = (n_H_prev - f + 2 * pad) // stride + 1
    n_W = (n_H_prev - f + {pads} * pad) // stride + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A_prev_pad = zero_pad(A_prev, pad)
"""
LOOPS = """\
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                vert_start, vert_end = h * stride, h * stride + f
                horiz_start, horiz_end = w * stride, w + f
                if h + w == 2:
                    raise NotDoneYet
"""
HEAD = "def conv_forward(A_prev, W, b, hparameters):\n"
TAIL = "    raise NotDoneYet\n"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            FIRST_BLOCK + TAIL,
            " So far: m, f, n_C_prev, n_C, n_H_prev, n_W_prev, stride, pad are right in the first check.",
        ),
        (
            FIRST_BLOCK + SECOND_BLOCK.format(pads=1) + TAIL,
            " So far: m, f, n_C_prev, n_C, n_H_prev, n_W_prev, stride, pad, n_H, the shape of A_prev_pad are right in "
            "the first check. n_W should be 4 there and is 3. the shape of Z should be (10, 4, 4, 8) there and is "
            "(10, 4, 3, 8).",
        ),
        (
            FIRST_BLOCK + SECOND_BLOCK.format(pads=2) + LOOPS + TAIL,
            " So far: m, f, n_C_prev, n_C, n_H_prev, n_W_prev, stride, pad, n_H, n_W, the shape of A_prev_pad, "
            "vert_start, vert_end, horiz_start, the shape of Z are right in the first check. horiz_end should be 6 "
            "there and is 4.",
        ),
        (TAIL, ""),
    ],
    ids=["one block", "two blocks, a wrong size", "in the loops, a wrong corner", "untouched"],
)
def test_partly_filled_blocks_hear_what_is_right_so_far(
    source: str, words: str, assignment: Assignment, sandbox: Sandbox
) -> None:
    """Does the judge, as the notebook does, say which sizes and corners are right where the placeholder stands?"""
    helper = {"zero_pad": answers_of("amara_k")["zero_pad"]}
    test = of(real(assignment, sandbox, conv_forward=HEAD + source, **helper), "conv_forward").test
    sentence = "conv_forward is not done yet: put your code in place of `raise NotDoneYet`."
    assert (test.not_done, test.message, test.fraction) == (sentence + words, sentence + words, 0)


def test_what_spoils_the_names_so_far_costs_nothing(assignment: Assignment, sandbox: Sandbox) -> None:
    """Is nothing said, and nothing reported as our fault, where the notebook's own code is in the way?"""
    spoilers = (
        "import checks.notices\nchecks.notices.names_at = None",
        "n_C = type('<b>' * 100, (), {})()",
        "m = 10 ** 5000",
    )
    for spoiler in spoilers:
        body = "".join(f"    {line}\n" for line in spoiler.splitlines())
        result = real(assignment, sandbox, conv_forward=HEAD + FIRST_BLOCK + body + TAIL)
        assert not result.problems
        assert "should be" not in of(result, "conv_forward").test.not_done
