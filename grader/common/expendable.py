"""Run work on untrusted bytes in a child process with a limit on time and memory.

Only a process can be killed. A loop inside a C function ignores signal handlers and exceptions from other threads.
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
except ImportError:  # Windows has no such module
    resource = None  # type: ignore[assignment]  # its only user checks for None first

CHUNK = 1 << 20
"""Bytes that one read from the pipe takes at most."""
DONE, RAISED = b"+", b"-"
"""The first byte of an answer. DONE also ends one: an answer without it was cut off by a limit or a crash."""


class Lost(Exception):
    """The child did not finish. The message is the reason, a clause without a full stop."""


class Failed(Exception):
    """The work raised an exception in the child. The message is the message of that exception."""


def in_child(work: Callable[[], str], seconds: float, memory_bytes: int) -> str:
    """Call `work` in a fork of this process and return its text.

    seconds: limit of the wall clock and of the processor time. memory_bytes: address space beyond that of this process.
    Raises Lost if a limit or a crash ended the child, and Failed if `work` raised an exception. On a system without
    fork, `work` runs in this process, without limits.
    """
    if not hasattr(os, "fork"):
        return work()
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # Python warns of a fork beside other threads: the child may wait forever for a lock. Its time limit ends it.
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
    """Do the whole work of the child. Never returns, and runs no exit handler of the parent."""
    try:
        os.close(reading)
        # the handlers of a server or a worker belong to the parent; in the child a signal just ends it
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        _limit(seconds, memory_bytes)
        try:
            answer = DONE + work().encode("utf-8", "surrogatepass") + DONE
        except MemoryError:
            answer = b""  # the parent takes an answer without DONE as a limit that was met
        except BaseException as error:
            # the work handles untrusted bytes, so the length of its message is not in our hands
            answer = RAISED + f"{error}"[:10_000].encode("utf-8", "replace")
        with open(writing, "wb", buffering=0) as pipe:
            while answer:
                answer = answer[pipe.write(answer) :]
    finally:
        os._exit(0)


def _limit(seconds: float, memory_bytes: int) -> None:
    if resource is None:
        return
    whole = int(seconds) + 1  # this limit counts whole seconds; the wall clock of the parent is the exact one
    wanted = {resource.RLIMIT_CPU: whole, resource.RLIMIT_CORE: 0}
    if sys.platform == "linux":
        # RLIMIT_AS counts the parent's pages too, and a fork starts with all of them
        with open("/proc/self/statm") as statm:
            wanted[resource.RLIMIT_AS] = int(statm.read().split()[0]) * resource.getpagesize() + memory_bytes
    for kind, value in wanted.items():
        soft, hard = resource.getrlimit(kind)
        # -1 stands for "no limit", and a limit that is already lower must not be raised
        resource.setrlimit(kind, (min([value, *(old for old in (soft, hard) if old >= 0)]), hard))


def _all_of(pipe: int, deadline: float) -> bytes | None:
    """The bytes that the child writes until it closes the pipe, or None if the deadline comes first."""
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
    with suppress(ChildProcessError):  # other code in this process, such as a server, may wait for all children
        os.waitpid(child, 0)
