"""Limits of time count what a session does, not what the machine makes it wait."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from grader.sandbox import Limits, Sandbox, SessionEnded
from grader.sandbox.host.meter import Meter

COMPUTE = "import time\nstart = time.process_time()\nwhile time.process_time() < start + {}: pass"


@contextlib.contextmanager
def busy_cores(each: int) -> Iterator[None]:
    """So many processes that compute, on each core."""
    burn = "import os\nos.sched_setaffinity(0, {%d})\nwhile True: pass"
    cores = [core for core in os.sched_getaffinity(0) for _ in range(each)]
    running = [subprocess.Popen([sys.executable, "-c", burn % core]) for core in cores]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


def test_time_that_a_session_is_kept_waiting_is_not_its_own(sandbox: Sandbox) -> None:
    """Does a cell end well that computes for half its limit, but is kept from the processor for twice its limit?

    The session is stopped from outside: a machine whose load is high enough cannot be had everywhere.
    """
    with sandbox.open(limits=Limits(cell_seconds=0.6)) as session:
        session.run_cell("1")
        process = session.meter.process
        assert process is not None
        os.kill(process, signal.SIGSTOP)
        goes_on = threading.Timer(1.2, os.kill, (process, signal.SIGCONT))
        started = time.monotonic()
        goes_on.start()
        try:
            run = session.run_cell(COMPUTE.format(0.3))
        finally:
            goes_on.join()
        assert time.monotonic() - started >= 1.2
        assert run.error is None and 0.3 <= session.seconds_used < 0.6


def test_an_endless_loop_ends_on_a_busy_machine_and_it_is_said(one_sandbox: Sandbox) -> None:
    with busy_cores(8), one_sandbox.open(limits=Limits(cell_seconds=0.3)) as session:
        with pytest.raises(SessionEnded) as ended:
            session.run_cell("while True: pass")
        assert ended.value.reason == "time" and ended.value.starved


THREADS = """
import threading, time
def burn():
    while True: pass
for _ in range(8): threading.Thread(target=burn, daemon=True).start()
time.sleep(60)
"""
WAITS = {
    "sleep": "import time; time.sleep(60)",
    "short sleeps": "import time\nfor _ in range(600): time.sleep(0.1)",
    "a lock": "import threading; threading.Event().wait(60)",
    "select": "import select; select.select([], [], [], 60)",
    "busy for a moment, again and again": (
        "import time\nwhile True:\n    time.sleep(0.02)\n    for _ in range(1000): pass"
    ),
}


@pytest.mark.parametrize("name", WAITS)
def test_who_waits_is_ended_by_the_limit_for_waiting(sandbox: Sandbox, name: str) -> None:
    with sandbox.open(limits=Limits(idle_seconds=0.4)) as session:
        with pytest.raises(SessionEnded) as ended:
            session.run_cell(WAITS[name])
        assert ended.value.reason == "wait" and "more than 0.4 s in all" in ended.value.detail
        assert session.meter.idle > 0.4


def test_short_calls_that_sleep_are_added_up(one_sandbox: Sandbox) -> None:
    with one_sandbox.open(limits=Limits(idle_seconds=0.5)) as session:
        session.run_cell("import time\ndef nap(): time.sleep(0.015)")
        nap = session.function("nap")
        for _ in range(60):
            nap()
        assert session.meter.idle > 0.5


def test_a_pause_in_an_honest_notebook_does_no_harm(one_sandbox: Sandbox) -> None:
    with one_sandbox.open(limits=Limits(idle_seconds=1)) as session:
        assert session.run_cell("import time\nfor _ in range(5): time.sleep(0.05)").error is None
        assert session.run_cell("print(1)").outputs[0]["text"] == "1\n"


def test_threads_count_against_their_own_session(sandbox: Sandbox) -> None:
    """Is a cell whose threads compute while it waits itself ended by its limit, as its own doing?"""
    with sandbox.open(limits=Limits(cell_seconds=0.5)) as session:
        with pytest.raises(SessionEnded) as ended:
            session.run_cell(THREADS)
        assert ended.value.reason == "time" and session.meter.used >= 0.5


def test_the_judges_own_answers_cost_a_session_nothing(one_sandbox: Sandbox) -> None:
    with one_sandbox.open(limits=Limits(call_seconds=0.3, idle_seconds=0.3)) as session:
        session.run_cell("def f(x): return g(x)")

        def slow(x: int) -> int:
            time.sleep(0.6)
            return x

        with session.substitute({"g": slow}):
            assert session.call("f", (3,), {}) == 3


def test_a_session_is_held_to_one_core_and_goes_first_where_memory_ends(sandbox: Sandbox) -> None:
    with sandbox.open() as session:
        session.run_cell("1")
        process = session.meter.process
        assert process is not None and len(os.sched_getaffinity(process)) == 1
        with open(f"/proc/{process}/oom_score_adj") as score:
            assert int(score.read()) == 1000


def test_without_a_processs_clock_all_time_counts() -> None:
    """Where the kernel tells nothing, does the clock on the wall do?"""
    meter = Meter(idle_seconds=9)
    meter.watch(1 << 29)
    meter.start(9)
    meter.stop()
    assert meter.used > 0 and meter.idle == 0
