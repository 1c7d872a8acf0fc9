"""Attacks that look for answers, in our files, in memory and in the public tests, or wait for a better time."""

from __future__ import annotations

import pytest

from hostile import Arena, Attack, scores_of

SEARCHES = {
    "by path": """
import glob
for pattern in ("<course>/**/*.py", "<course>/*", "<outside>/*", "/**/source/*/private/hidden_tests.py", "/root/*",
                "/home/*/*", "../**/*.py",
                "/proc/*/environ", "/proc/*/cwd/*", "/proc/1/root/*", "/tmp/*", "/var/tmp/*", "/dev/shm/*"):
    for path in glob.glob(pattern, recursive=True):
        try: print(path, open(path, errors="replace").read())
        except Exception as error: pass
""",
    "by name on the import path": """
names = "hidden_tests", "reference", "grader", "grader.judging.grade", "misconceptions", "source", "nbgrader_config"
for name in names:
    try: print(vars(__import__(name)))
    except BaseException as error: print(name, error)
""",
    "in source of modules": """
import inspect, sys
for module in list(sys.modules.values()):
    name = getattr(module, "__name__", "")
    if name.split(".")[0] in ("grader", "checks", "public_tests", "__main__", "reference", "hidden_tests"):
        try: print(name, inspect.getsource(module)[:20_000])
        except Exception as error: print(name, error)
""",
    "in the frames of the caller": """
import sys
frame = sys._getframe()
while frame:
    print(frame.f_code.co_filename, repr(frame.f_locals)[:2000], list(frame.f_globals))
    frame = frame.f_back
""",
    "in all objects": """
import gc
words = ["hidden" + "_test", "misconc" + "eption", "can" + "ary", "GRADER" + "_SEED", "drawn" + " anew"]
seen = set()
for holder in gc.get_objects():
    for text in gc.get_referents(holder):
        if type(text) is str and id(text) not in seen and any(word in text for word in words):
            seen.add(id(text)); print(text[:500])
""",
    "in the process's memory": """
import re
word = ("can" + "ary-").encode() + b"[0-9a-f]{32}"
for line in open("/proc/self/maps"):
    low, high = (int(part, 16) for part in line.split()[0].split("-"))
    if "r" in line.split()[1] and high - low < 1 << 26:
        with open("/proc/self/mem", "rb") as memory:
            memory.seek(low)
            print(re.findall(word, memory.read(high - low)))
""",
    "in open files": """
import os
for descriptor in range(256):
    for read in (lambda d: os.pread(d, 10_000, 0), lambda d: os.readlink(f"/proc/self/fd/{d}"), os.fstat):
        try: print(descriptor, read(descriptor))
        except OSError: pass
""",
    "in the environment": "import os, sys; print(dict(os.environ), sys.argv, sys.path, sys.orig_argv)",
    "in IPython's history": "%history -g\nget_ipython().history_manager.input_hist_raw",
    "by magics": "%pycat <course>/source/*/private/hidden_tests.py\n%run <outside>/canary.txt\n%load <outside>/x",
}


@pytest.mark.parametrize("search", SEARCHES.values(), ids=SEARCHES)
def test_searching_the_machine(arena: Arena, search: str) -> None:
    """Is anything that students may not see in reach of their code, while it runs as a cell or within a call?"""
    body = "\n".join(f"    {line}" for line in search.splitlines() if not line.startswith("%"))
    late = f"def pool_forward(A_prev, hparameters, mode='max'):\n{body}\n    return None"
    result = arena.repel(Attack("search", before=search, answers={"pool_forward": late}))
    assert not result.broken


def test_notes_for_the_next_submission(arena: Arena) -> None:
    """Does anything that one submission wrote lie there for the next one?"""
    leave = """
import os, pathlib, tempfile, sys
places = [".", "/tmp", "/var/tmp", "/dev/shm", "/run", "/mnt", "/", os.path.expanduser("~"), tempfile.gettempdir()]
places += [p for p in sys.path if p]
for place in places:
    try: pathlib.Path(place, "note.txt").write_text("left by " + "another")
    except OSError: pass
np.left_behind = "left by " + "another"
"""
    find = """
print(getattr(np, "left_behind", "nothing"))
for place in places:
    try: print(pathlib.Path(place, "note.txt").read_text())
    except OSError: pass
"""
    first = arena.repel(Attack("leave", before=leave, after=find))
    assert "left by another" in str([run.outputs for run in first.cells.values()])
    second = arena.repel(Attack("find", before=leave.split("for place")[0], after=find))
    assert "left by another" not in str([run.outputs for run in second.cells.values()])


PUBLIC_ANSWERS = """
import public_tests
KNOWN = [(case.args, public_tests.EXPECTED.returned("pool_forward", case.sentence))
         for case in public_tests.pool_forward_cases()]
def pool_forward(*args, mode="max"):
    for known, answer in KNOWN:
        if np.array_equal(known[0], args[0]) and known[1:] == args[1:]:
            return answer
"""


def test_public_answers_learnt_by_heart(arena: Arena) -> None:
    """Do the expected values of the public tests earn the public checks and no hidden one?"""
    notebook = arena.notebook(Attack("by heart", answers={"pool_forward": PUBLIC_ANSWERS}))
    result = arena.grade(notebook)
    exercise = next(exercise for exercise in result.exercises if exercise.name == "pool_forward")
    with arena.assignment.importable():
        import public_tests

        public = {case.sentence for case in public_tests.pool_forward_cases()}
    assert {check.sentence for check in exercise.test.checks if check.passed} == public
    assert exercise.score < exercise.points * 0.6
    assert all(
        exercise.score == 0 for exercise in result.exercises if exercise.name in ("conv_forward", "conv_backward")
    )


OTHER_TRICKS = {
    "counts its calls": """
CALLS = []
def pool_forward(A_prev, hparameters, mode="max"):
    CALLS.append((A_prev, hparameters))
    return CALLS[len(CALLS) // 2]
""",
    "returns what it has seen before": """
SEEN = []
def pool_forward(*args, **named):
    SEEN.append(args)
    return SEEN[0]
""",
    "knows where it is": """
import os, sys
def pool_forward(A_prev, hparameters, mode="max"):
    if os.getuid() == 65534 or "ipykernel" not in sys.modules or os.path.expanduser("~") != "/home/me":
        return 1 / 0
    return A_prev, (A_prev, hparameters)
""",
    "looks for the expected value in its callers": """
import sys
def pool_forward(A_prev, hparameters, mode="max"):
    frame = sys._getframe()
    while frame:
        for value in frame.f_locals.values():
            if getattr(value, "expected", None) is not None: return value.expected
        frame = frame.f_back
""",
}


@pytest.mark.parametrize("source", OTHER_TRICKS.values(), ids=OTHER_TRICKS)
def test_tricks_within_a_call(arena: Arena, source: str) -> None:
    """Can a function tell the tests apart, or find out what they expect?"""
    result = arena.grade(arena.notebook(Attack("trick", answers={"pool_forward": source})))
    pool = next(exercise for exercise in result.exercises if exercise.name == "pool_forward")
    cache = [check for check in pool.test.checks if "cache" in check.sentence or "leaves" in check.sentence]
    assert all(check in cache for check in pool.test.checks if check.passed)
    assert scores_of(result) == {**arena.honest, "pool_forward": pool.score}
    assert not result.broken


ENDINGS = """
import atexit, signal, threading, weakref
def strike(*arguments):
    with open("<outside>/canary.txt", "w") as file: file.write("struck")
class Bomb:
    def __del__(self): strike()
bomb, cycle = Bomb(), [Bomb()]
cycle.append(cycle)
atexit.register(strike)
weakref.finalize(bomb, strike)
threading.Timer(0.3, strike).start()
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM, signal.SIGCHLD):
    signal.signal(number, strike)
signal.setitimer(signal.ITIMER_REAL, 0.2)
"""


def test_time_bombs(arena: Arena) -> None:
    """Does what is set to go off at the end, or after it, reach anything?"""
    arena.repel(Attack("bombs", before=ENDINGS, after="import time; time.sleep(0.4); raise SystemExit"))
