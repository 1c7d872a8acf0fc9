"""Attacks with what one attempt told: hidden inputs that were noted, and answers of the reference that stands in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import pytest
from notebooks import code
from small_courses import QUICK, exercise, hand_in, write_course

from grader.assignments.assignment import Assignment
from grader.judging.exercise import reference_stands_in
from grader.judging.grade import grade
from grader.judging.lending import CALLS_FACTOR, lendable
from grader.judging.stopwatch import Interrupted, Stopwatch
from grader.results.codec import result_json
from grader.results.records import Result
from grader.sandbox import Allowance, RemoteError, Sandbox
from grader.submissions.seed import submission_seed

SECRET = bytes(32)
FACTOR, OFFSET = 7919, 104729
"""a number that only the reference knows how to make"""
HIDDEN = f"""
import os, random
from checks_here import Check, run

def drawn():
    draw = random.Random(os.environ["GRADER_SEED"])
    return [draw.randrange(10**6) for _ in range(3)]

def base_test(base):
    return run([Check(f"base {{i}}", lambda x=x: (base(x), x * {FACTOR} + {OFFSET})) for i, x in enumerate(drawn())])

def above_test(above):
    cases = enumerate([*drawn(), 5])
    return run([Check(f"above {{i}}", lambda x=x: (above(x), x * {FACTOR} + {OFFSET} + 1)) for i, x in cases])
"""
CHECKS = """
from dataclasses import dataclass
from typing import Callable

@dataclass
class Check:
    name: str
    both: Callable

class Report:
    def __init__(self, checks): self.checks = checks
    def as_json(self): return {"checks": self.checks}

def run(checks):
    found = []
    for check in checks:
        try:
            got, right = check.both()
            wrong = "" if got == right else f"got {got}"
        except Exception as error:
            wrong = f"raised {error}"
        found.append({"sentence": check.name, "weight": 1, "passed": not wrong, "finding": wrong, "advice": wrong})
    return Report(found)
"""
TESTED = "{0}_test({0})"
NOTING = """
NOTED, LENT = [], []
def base(x):
    NOTED.append(x)
    try:
        import json
        return json.load(open("answers.json"))[str(x)]
    except Exception:
        return None
"""
ASKING = """
def above(x):
    LENT.extend((n, base(n)) for n in [x, *NOTED])
    return base(x) + {}
"""
SHOWING = "import json; print(json.dumps([NOTED, [pair for pair in LENT if pair[1] is not None]]))"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    """Two exercises: `above` builds on `base`, whose answers nobody can guess; and one that needs neither."""
    cells = [
        code("imports", "from hidden_tests import above_test, base_test"),
        *exercise("base", f"def base(x):\n    return x * {FACTOR} + {OFFSET}", TESTED.format("base"), 60),
        *exercise("above", "def above(x):\n    return base(x) + 1", TESTED.format("above"), 30),
        *exercise("apart", "def apart(x):\n    return x + 1", "assert apart(1) == 2", 10),
    ]
    secret = {"hidden_tests.py": HIDDEN, "checks_here.py": CHECKS}
    return write_course(tmp_path_factory.mktemp("told"), "told", cells, secret).assignment("told")


def attempt(
    told: Assignment,
    sandbox: Sandbox,
    answers: Mapping[str, str],
    shows: str = SHOWING,
    files: Mapping[str, bytes] | None = None,
    student: str = "ada",
) -> Result:
    content = hand_in(told.release / "told.ipynb", answers, after=[code("shows", shows)])
    seed = submission_seed(SECRET, told.name, student, content, files or {})
    return grade(content, told, sandbox, QUICK, files, seed)


def shown(result: Result) -> str:
    """All that a student may see of a result: outputs of the cells, and the JSON."""
    return json.dumps([run.outputs for run in result.cells.values()]) + json.dumps(result_json(result))


def test_two_steps_to_full_marks(told: Assignment, sandbox: Sandbox) -> None:
    """Does an attempt with the answers of the one before earn nothing, for the student and for a friend?"""
    answers = {"base": NOTING, "above": ASKING.format(1)}
    first = attempt(told, sandbox, answers)
    noted, lent = json.loads(first.cells[max(first.cells)].outputs[0]["text"])
    assert noted and not lent, "the reference's answers reached a later cell"
    table = json.dumps({str(x): x * FACTOR + OFFSET for x in noted}).encode()  # let us say that they were found out
    for student in ("ada", "ben"):
        again = attempt(told, sandbox, answers, files={"answers.json": table}, student=student)
        assert again.exercises[0].score == 0


def test_the_same_again(told: Assignment, sandbox: Sandbox) -> None:
    """Is a submission that is handed in once more graded alike, and told nothing either?"""
    first, again = (attempt(told, sandbox, {"base": NOTING, "above": ASKING.format(1)}) for _ in range(2))
    assert first.seed == again.seed
    assert [one.score for one in first.exercises] == [one.score for one in again.exercises] == [0, 30, 0]


WAYS = {
    "a later cell prints": (ASKING.format(1), SHOWING),
    "a file": (
        "def above(x):\n    open('kept', 'a').write(f'{base(x)} ')\n    return base(x) + 1",
        "try: print(open('kept').read())\nexcept OSError as error: print(error)",
    ),
    "print inside of the call": ("def above(x):\n    print(base(x), flush=True)\n    return base(x) + 1", "pass"),
    "stderr, displayhook and a figure's text": (
        "def above(x):\n    import sys, os\n    sys.stderr.write(str(base(x)))\n    sys.displayhook(base(x))\n"
        "    from IPython.display import display\n    display(base(x))\n    return base(x) + 1",
        "pass",
    ),
    "a thread that prints later": (
        "def above(x):\n    import threading, time\n    lent = base(x)\n"
        "    threading.Thread(target=lambda: (time.sleep(0.1), print(lent)), daemon=True).start()\n    return lent + 1",
        "import time; time.sleep(0.3)",
    ),
    "the returned value": ("def above(x):\n    return base(x) + (1 if x == 5 else 0)", "pass"),
    "the words of an error": (
        "def above(x):\n    if x == 5: return base(x) + 1\n    raise ValueError(base(x))",
        "pass",
    ),
    "an error's type": (
        "def above(x):\n    if x == 5: return base(x) + 1\n    raise type(str(base(x)), (Exception,), {})()",
        "pass",
    ),
    "the lender kept": ("def above(x):\n    globals()['KEPT'] = base\n    return base(x) + 1", "print(KEPT(5))"),
    "a lender that answers an other exercise": (
        "def above(x):\n    return base(x)\ndef apart(x):\n    return base(x)",
        "pass",
    ),
    "a message of its own on the wire": (
        "def above(x):\n    import gc\n    from grader.sandbox.protocol.channel import Channel\n"
        "    wire = next(o for o in gc.get_objects() if isinstance(o, Channel))\n"
        "    lent = base(x)\n    if lent is not None: wire.send(str(lent))\n    return 0",
        "pass",
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_way_back_for_the_reference(told: Assignment, sandbox: Sandbox, way: str) -> None:
    """Is none of the reference's answers in an output, a finding, a problem, an error or a time?"""
    above, shows = WAYS[way]
    result = attempt(told, sandbox, {"base": NOTING, "above": above}, f"print(NOTED)\n{shows}")
    text = shown(result)
    lent = [5 * FACTOR + OFFSET, *((x * FACTOR + OFFSET) for x in map(int, re.findall(r"\d+", text)) if x < 10**6)]
    assert not [answer for answer in lent for plus in (0, 1) if re.search(rf"\b{answer + plus}\b", text)]


def test_part_of_the_points_is_carried_forward_without_its_findings(told: Assignment, sandbox: Sandbox) -> None:
    """Does an exercise that is better with working helpers get those points, and say what is wrong with its own?"""
    above = "def above(x):\n    return base(x) + (1 if x == 5 else 0)"
    result = attempt(told, sandbox, {"base": "def base(x): return 1", "above": above}, "pass")
    outcome = result.exercises[1]
    assert (outcome.score, outcome.carried_forward) == (7.5, ("base",))
    assert [check.finding for check in outcome.test.checks] == ["got 1", "got 1", "got 1", ""]


def test_time_of_the_attempt_is_not_told(told: Assignment, sandbox: Sandbox) -> None:
    """Do neither a recorded time nor the clock of a later cell show how long a helped call took?"""
    above = "import time\ndef above(x):\n    if base(x) is not None: time.sleep(0.3)\n    return base(x) + 1"
    before = "import time; BEGUN = time.time()\n"
    result = attempt(
        told,
        sandbox,
        {"base": before + "def base(x): return None", "above": above},
        "print('waited' if time.time() - BEGUN > 0.9 else 'at once')",
    )
    assert result.exercises[1].carried_forward == ("base",)
    assert "waited" not in shown(result)
    assert result.seconds < 1.2 and result.exercise_seconds["above"] < 0.9


def test_questions_beyond_the_exercise_are_not_answered(told: Assignment, sandbox: Sandbox) -> None:
    """Is the reference asked no more often than a few times what it asks itself?"""
    asked: list[int] = []
    right = told.reference["base"]
    greedy = "def above(x):\n    for n in range(5000): base(n)\n    return base(x) + 1"
    try:
        told.reference["base"] = lambda x: asked.append(x) or right(x)
        result = attempt(told, sandbox, {"base": "def base(x): return None", "above": greedy})
    finally:
        told.reference["base"] = right
    assert result.exercises[1].score == 0
    assert 0 < len({n for n in asked if n < 5000}) <= 4 * CALLS_FACTOR


def test_large_questions_are_not_answered(told: Assignment, sandbox: Sandbox) -> None:
    """Is the reference given no arguments that are much larger than those of the tests?"""
    large = "def above(x):\n    base([x] * 1000)\n    return base(x) + 1"
    result = attempt(told, sandbox, {"base": "def base(x): return None", "above": large}, "pass")
    assert result.exercises[1].score == 0


def test_same_question_again_costs_nothing(told: Assignment, sandbox: Sandbox) -> None:
    """Does a slow but right answer, which asks the same over and over, keep its points?"""
    slow = "def above(x):\n    return [base(x) + 1 for _ in range(300)][-1]"
    result = attempt(told, sandbox, {"base": "def base(x): return None", "above": slow}, "pass")
    assert result.exercises[1].score == 30


def test_only_what_the_exercise_needs_is_lent(told: Assignment) -> None:
    """Is an exercise whose reference uses no earlier one judged without them?"""
    assert list(lendable(told, "above", ("base",))) == ["base"]
    assert lendable(told, "apart", ("base", "above")) == {}


def test_no_answer_outside_of_a_test(sandbox: Sandbox) -> None:
    """Does the stand-in keep silent while no test waits for the student's function?"""
    with sandbox.open(limits=QUICK.limits) as session:
        session.run_cell("def f(x): return g(x)")
        allowed, stopwatch = {"g": Allowance(10, 1000)}, Stopwatch("f", 10)
        with reference_stands_in(session, {"g": abs}, allowed, stopwatch) as called:
            with pytest.raises(RemoteError, match="no test was running"):
                session.function("f")(-1)
            with stopwatch.calling():
                assert session.function("f")(-2) == 2
        assert called == {"g"} and not issubclass(RemoteError, Interrupted)
