"""Attacks that use up what there is: time, memory, disk, output, and the judge's own patience."""

from __future__ import annotations

import json
import resource
import time
from dataclasses import replace

import pytest

from grader.judging.grade import grade
from grader.results.codec import result_json
from hostile import RIGHT, SEED, Arena, Attack

MEMORY = {
    "list": "kept = []\nwhile True: kept.append(bytearray(1 << 24))",
    "array": "kept = []\nwhile True: kept.append(np.ones(1 << 21))",
    "one large array": "np.ones(1 << 40)",
    "memory map": "import mmap\nkept = []\nwhile True: kept.append(mmap.mmap(-1, 1 << 26)); kept[-1][::4096]",
    "long text": "x = 'x' * (1 << 40)",
    "threads": "import threading as t, time\nwhile True: t.Thread(target=time.sleep, args=(9,), daemon=True).start()",
    "descriptors": "import os\nkept = []\nwhile True: kept.append(os.pipe())",
    "disk": "f = open('big', 'wb')\nwhile True: f.write(bytes(1 << 22))",
    "sparse file": "f = open('big', 'wb')\nf.truncate(1 << 40)\nf.seek(1 << 39)\nf.write(b'x')",
    "many files": "import itertools\nfor n in itertools.count(): open(str(n), 'w').close()",
    "deep folders": "import os\nwhile True:\n    os.mkdir('d'); os.chdir('d')",
}
"""each stops by itself at a limit, with an error that a cell can have"""
ENDLESS = "printed without end|of output"
TIME = {
    "a loop that catches all": (
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "finish|no answer within",
    ),
    "ignored signals": (
        "import signal\nfor s in range(1, 65):\n    try: signal.signal(s, signal.SIG_IGN)\n"
        "    except (OSError, ValueError): pass\nwhile True: pass",
        "did not finish|no answer within",
    ),
}
OUTPUT = {
    "one line of 100 MB": ("print('x' * 10**8)", ENDLESS),
    "endless lines": ("while True: print('x' * 1000)", ENDLESS),
    "endless lines on stderr": ("import sys\nwhile True: sys.stderr.write('x' * 1000)", ENDLESS),
    "endless displays": (
        "from IPython.display import HTML\nwhile True: display(HTML('x' * 1000))",
        f"{ENDLESS}|did not finish|no answer within",
    ),
    "large representation": ("class R:\n    def __repr__(self): return 'x' * 10**7\nR()", ""),
    "large error": ("raise ValueError('x' * 10**7)", ""),
    "deep traceback": (
        "def f(n):\n    if n == 0: raise ValueError('x' * 10**5)\n    try: f(n - 1)\n    finally: f(0)\nf(9)",
        "",
    ),
    "large type name": ("raise type('x' * 10**7, (Exception,), {})", ""),
    "large figure": ("import matplotlib.pyplot as p\np.figure(figsize=(400, 400), dpi=200); p.plot([1])", ""),
    "descriptors 1 and 2": (
        "import os\nfor _ in range(1000): os.write(1, b'x' * 65536); os.write(2, b'x' * 65536)",
        "",
    ),
    "clearing": ("from IPython.display import clear_output\nfor _ in range(20_000): clear_output(); print(1)", ""),
}
RETURNED = {
    "an array of 60 MB": "np.zeros((2000, 30, 30, 4))",
    "sixty thousand texts": "['x' * 9] * 60_000",
    "keys without end": "{str(n): n for n in range(90_000)}",
    "an array of a thousand dimensions": "np.zeros((1,) * 32)",
    "a view of 2**60 numbers": "np.broadcast_to(1.0, (2 ** 30, 2 ** 30))",
    "numbers at the edge": "np.full(X.shape, 10 ** 308) * 10",
}
MAX_REPORT = 200_000
"""bytes of a result as JSON"""
MAX_MEMORY = 600 << 20
"""bytes by which a submission may make the judge's process grow"""


@pytest.mark.parametrize("name", MEMORY)
def test_memory_and_disk(arena: Arena, name: str) -> None:
    """Does a cell that takes all memory, disk, threads or descriptors cost more than itself?"""
    arena.repel(Attack(name, after=MEMORY[name]))


@pytest.mark.parametrize("name", TIME)
def test_time(arena: Arena, name: str) -> None:
    """Does a cell that never ends cost more than itself, and is it said?"""
    source, says = TIME[name]
    arena.repel(Attack(name, after=source, says=says))


@pytest.mark.parametrize("name", OUTPUT)
def test_output(arena: Arena, name: str) -> None:
    """Does output without end fill the judge's memory, or the result?"""
    source, says = OUTPUT[name]
    result = arena.repel(Attack(name, after=source, says=says))
    shown = json.dumps([run.outputs for run in result.cells.values()])
    assert len(shown) < 2 * arena.settings.limits.cell_output_bytes
    assert len(json.dumps(result_json(result))) < MAX_REPORT


@pytest.mark.parametrize("name", RETURNED)
def test_what_is_returned_is_large(arena: Arena, name: str) -> None:
    """Do large results, in every call, cost the judge more than a moment and a little memory?"""
    source = f"def zero_pad(X, pad):\n    return {RETURNED[name]}"
    before, started = peak(), time.process_time()
    result = arena.repel(Attack(name, answers={"zero_pad": source}, earns={"zero_pad": 0}))
    assert time.process_time() - started < 10
    assert peak() - before < MAX_MEMORY
    assert len(json.dumps(result_json(result))) < MAX_REPORT


def test_arguments_are_made_large(arena: Arena) -> None:
    """Does a function that swells its arguments swell the result?"""
    source = "def create_mask_from_window(x):\n    x.resize((1, 1), refcheck=False)\n    return 'x' * 10**6"
    result = arena.repel(
        Attack("swell", answers={"create_mask_from_window": source}, earns={"create_mask_from_window": 0})
    )
    assert len(json.dumps(result_json(result))) < MAX_REPORT


def test_every_call_takes_long(arena: Arena) -> None:
    """Is the time of all calls together limited, where each stays below its own limit?"""
    wait = "    import time; time.sleep(0.3)\n    return"
    slow = {exercise: source.replace("    return", wait) for exercise, source in RIGHT.items()}
    settings = replace(arena.settings, limits=replace(arena.settings.limits, session_seconds=2))
    started = time.monotonic()
    result = grade(arena.notebook(Attack("slow", answers=slow)), arena.assignment, arena.sandbox, settings, seed=SEED)
    assert time.monotonic() - started < 5
    assert any("took too long" in problem or "the last of the time" in problem for problem in result.problems)
    assert not result.broken


def test_a_crash_in_every_cell(arena: Arena) -> None:
    """Are a thousand cells that crash a matter of seconds?"""
    crashes = [{"cell_type": "code", "source": "import os; os._exit(1)", "metadata": {}} for _ in range(1000)]
    notebook = json.dumps({**arena.released, "cells": [*crashes, *arena.released["cells"]]}).encode()
    started = time.monotonic()
    result = arena.grade(notebook)
    assert time.monotonic() - started < 20
    assert result.score == 0 and len(json.dumps(result_json(result))) < MAX_REPORT


def peak() -> int:
    """The most memory that this process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
