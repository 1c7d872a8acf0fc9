"""Work on strangers' bytes in a process that may be lost: a child with a limit on time and memory.

A loop inside a C function hears no signal handler and no exception of another thread; a process can be killed.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import suppress

try:
    import resource
except ImportError:  # not on this system
    resource = None  # type: ignore[assignment]  # who uses it asks for None first

CHUNK = 1 << 20
DONE, RAISED = b"+", b"-"


class Lost(Exception):
    """The child did not finish. The message says why, as a clause without a full stop."""


class Failed(Exception):
    """The work raised an exception in the child. The message is that exception's."""


def in_child(work: Callable[[], str], seconds: float, memory_bytes: int) -> str:
    """The text that `work` returns, made by a fork of this process.

    seconds: wall clock and processor time; memory_bytes: address space beyond this process's own. Raises Lost where
    a limit or a crash ended the child, Failed where the work raised. Without fork, the work runs here, without limits.
    """
    if not hasattr(os, "fork"):
        return work()
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # Python warns of forks beside other threads; a child that waits for one of their locks ends by its limit
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        _work(work, seconds, memory_bytes, reading, writing)
    os.close(writing)
    try:
        answer = _all_of(reading, time.monotonic() + seconds)
    finally:
        os.close(reading)
        _end(child)
    if answer is None:
        raise Lost(f"it took more than {seconds:g} s")
    if answer[:1] == RAISED:
        raise Failed(answer[1:].decode("utf-8", "replace"))
    if answer[:1] != DONE or answer[-1:] != DONE:
        raise Lost(f"it took more than {seconds:g} s or {memory_bytes >> 20} MB, or crashed")
    return answer[1:-1].decode("utf-8", "surrogatepass")


def _work(work: Callable[[], str], seconds: float, memory_bytes: int, reading: int, writing: int) -> None:
    """All that the child does. Never returns, and runs nothing that its parent has registered for its end."""
    try:
        os.close(reading)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        _limit(seconds, memory_bytes)
        try:
            answer = DONE + work().encode("utf-8", "surrogatepass") + DONE
        except MemoryError:
            answer = b""
        except BaseException as error:
            answer = RAISED + f"{error}"[:10_000].encode("utf-8", "replace")
        with open(writing, "wb", buffering=0) as pipe:
            while answer:
                answer = answer[pipe.write(answer) :]
    finally:
        os._exit(0)


def _limit(seconds: float, memory_bytes: int) -> None:
    if resource is None:
        return
    whole = int(seconds) + 1
    wanted = {resource.RLIMIT_CPU: whole, resource.RLIMIT_CORE: 0}
    if sys.platform == "linux":
        with open("/proc/self/statm") as statm:
            wanted[resource.RLIMIT_AS] = int(statm.read().split()[0]) * resource.getpagesize() + memory_bytes
    for kind, value in wanted.items():
        soft, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (min([value, *(old for old in (soft, hard) if old >= 0)]), hard))


def _all_of(pipe: int, deadline: float) -> bytes | None:
    """What the child writes until it closes the pipe; None where the deadline comes first."""
    parts: list[bytes] = []
    poll = select.poll()
    poll.register(pipe)
    while (left := deadline - time.monotonic()) > 0:
        if poll.poll(1000 * left):
            part = os.read(pipe, CHUNK)
            if not part:
                return b"".join(parts)
            parts.append(part)
    return None


def _end(child: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    with suppress(ChildProcessError):  # somebody else in this process waits for all children
        os.waitpid(child, 0)
