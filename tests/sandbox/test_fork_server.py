"""Several sandboxes from one start: each its own, none left over, and none that cannot do without."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from processes import below
from test_leftovers import ROOT, all_end, runs

from grader.sandbox import ForkServer, IsolationError, Sandbox, SandboxError, Session

PLAIN = Sandbox(preload=("numpy",), modules={"course.py": "SEEN = []"})


@pytest.fixture
def start() -> Iterator[ForkServer]:
    with ForkServer(PLAIN.settings()) as start:
        yield start


def printed(session: Session, source: str) -> str:
    run = session.run_cell(source)
    assert run.error is None, run.error
    return "".join(output["text"] for output in run.outputs)


def killed(source: str) -> set[int]:
    """Start a judge, kill it when it has printed a process, and return that one with all that was below it then."""
    judge = subprocess.Popen([sys.executable, "-c", source], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert judge.stdout is not None
    process = int(judge.stdout.readline())
    during = {process, *below(process)}
    assert all(map(runs, during))
    judge.kill()
    judge.communicate()
    return during


def test_sandboxes_of_one_start_are_apart(start: ForkServer) -> None:
    """Does each have its own warm parent with what was imported, and end by itself?"""
    with Sandbox(shared=start.address) as one:
        with Sandbox(shared=start.address) as other:
            parents = one.process_id, other.process_id
            assert len(set(parents)) == 2 and set(parents) <= below(start.process_id)
            with one.open() as here, other.open() as there:
                printed(here, "import course; course.SEEN.append(1)")
                assert printed(there, "import course; print(course.SEEN)") == "[]\n"
                assert printed(here, "import sys; print('numpy' in sys.modules)") == "True\n"
        assert all_end({parents[1]})
        with one.open() as again:
            assert printed(again, "import course; print(course.SEEN)") == "[]\n"
    assert all_end({parents[0]})


@pytest.mark.parametrize("without", [(), ("namespaces",), ("landlock",)])
def test_it_is_locked_in_like_any_other(tmp_path: Path, without: tuple[str, ...]) -> None:
    plain = Sandbox(preload=(), without=without)
    with plain, ForkServer(plain.settings()) as start, Sandbox(shared=start.address, preload=()) as shared:
        assert shared.used == plain.used and not set(without) & set(shared.used)
        for sandbox in (plain, shared):
            with sandbox.open() as session:
                run = session.run_cell("import socket\nsocket.socket()")
                assert run.error is not None and run.error.type_name == "PermissionError"
                run = session.run_cell(f"open({str(tmp_path / 'other')!r}, 'w')")
                assert run.error is not None
                run = session.run_cell(f"import os\nos.kill({start.process_id}, 9)")
                assert run.error is not None


def test_nothing_is_left_of_it() -> None:
    with ForkServer(PLAIN.settings()) as start, Sandbox(shared=start.address) as sandbox, sandbox.open():
        all_of_it = {start.process_id, *below(start.process_id)}
        assert len(all_of_it) >= 3
    assert all_end(all_of_it)


def test_its_end_accounts_for_all_that_ran_in_it() -> None:
    """Benchmarks count the processor time of what has ended."""

    def of_the_ended() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    before = of_the_ended()
    with ForkServer(PLAIN.settings()) as start, Sandbox(shared=start.address) as sandbox, sandbox.open() as session:
        printed(session, "import time\nwhile time.process_time() < 3: pass")
    assert of_the_ended() - before > 3


def test_what_hinders_a_start_is_told_to_each() -> None:
    wrong = Sandbox(preload=("no_such_module",))
    with ForkServer(wrong.settings()) as start:
        for _ in range(2):
            with pytest.raises(SandboxError, match="no_such_module"), Sandbox(shared=start.address):
                pass


def test_a_machine_that_lacks_a_layer_is_told_to_each() -> None:
    settings = Sandbox(without=("seccomp",)).settings()
    with ForkServer(settings) as start:
        for _ in range(2):
            with pytest.raises(IsolationError, match="seccomp"), Sandbox(shared=start.address):
                pass


@pytest.mark.parametrize("address", ["\0nowhere", "/nowhere/at/all", "x" * 200])
def test_without_it_a_sandbox_starts_by_itself(address: str) -> None:
    with Sandbox(preload=(), shared=address) as sandbox, sandbox.open() as session:
        assert printed(session, "print(1)") == "1\n"


def test_a_start_that_dies_is_done_without() -> None:
    """Its warm parents end with it, and say so; the next sandbox is its own."""
    with ForkServer(PLAIN.settings()) as start:
        with Sandbox(shared=start.address) as sandbox:
            session = sandbox.open()
            os.kill(start.process_id, signal.SIGKILL)
            with pytest.raises(SandboxError, match="warm parent has ended"):
                session.run_cell("while True: pass")
        with Sandbox(preload=(), shared=start.address) as sandbox, sandbox.open() as session:
            assert printed(session, "print(1)") == "1\n"


def test_the_death_of_a_warm_parent_is_its_own(start: ForkServer) -> None:
    with Sandbox(shared=start.address) as one, Sandbox(shared=start.address) as other:
        os.kill(one.process_id, signal.SIGKILL)
        assert all_end({one.process_id})  # a busy machine takes its time, and it could still be asked
        with pytest.raises(SandboxError):
            one.open()
        with other.open() as session:
            assert printed(session, "print(1)") == "1\n"


@pytest.mark.skipif(os.getuid() != 0, reason="another user is needed at the other end, and only root can be two")
def test_other_users_are_heard_by_neither_end(start: ForkServer) -> None:
    stranger = f"""
import os, socket, sys
os.setuid(65534)
at_theirs = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
at_theirs.connect({start.address!r})
print(at_theirs.recv(1000), flush=True)
ours = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
ours.bind("\\0stranger-{os.getpid()}")
ours.listen()
print("listening", flush=True)
connection = ours.accept()[0]
print(connection.recv(1000))
"""
    other = subprocess.Popen([sys.executable, "-c", stranger], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "b''\n"
    assert other.stdout.readline() == "listening\n"
    with Sandbox(preload=(), shared=f"\0stranger-{os.getpid()}") as sandbox, sandbox.open() as session:
        assert printed(session, "print(1)") == "1\n"
    assert other.communicate()[0] == "b''\n"


STARTER = """
import time
from grader.sandbox import Sandbox, ForkServer
with ForkServer(Sandbox(preload=()).settings()) as start:
    with Sandbox(preload=(), shared=start.address) as sandbox, sandbox.open() as session:
        print(start.process_id, flush=True)
        session.run_cell("while True: pass", timeout=60)
"""


def test_it_ends_with_whoever_started_it() -> None:
    during = killed(STARTER)
    assert len(during) >= 3
    assert all_end(during)


def test_it_ends_with_a_starter_that_dies_at_once() -> None:
    """It is still importing then, and belongs to somebody else when it has finished."""
    head = STARTER.split("    with Sandbox")[0]
    assert all_end(killed(head + "    print(start.process_id, flush=True)\n    time.sleep(60)\n"))


def test_a_warm_parent_ends_with_its_judge(start: ForkServer) -> None:
    source = f"""
from grader.sandbox import Sandbox
with Sandbox(preload=(), shared={start.address!r}) as sandbox, sandbox.open() as session:
    print(sandbox.process_id, flush=True)
    session.run_cell("while True: pass", timeout=60)
"""
    assert all_end(killed(source))
    assert runs(start.process_id)


def test_it_stays_where_its_judge_is(start: ForkServer) -> None:
    """The two wait for each other: on one core that is quicker."""
    cores = os.sched_getaffinity(0)
    if len(cores) < 2:
        pytest.skip("this machine has but one core to choose from")
    os.sched_setaffinity(0, {max(cores)})
    try:
        with Sandbox(shared=start.address) as sandbox:
            assert os.sched_getaffinity(sandbox.process_id) == {max(cores)}
    finally:
        os.sched_setaffinity(0, cores)
    with Sandbox(shared=start.address) as sandbox:
        assert os.sched_getaffinity(sandbox.process_id) == cores
