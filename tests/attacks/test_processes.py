"""Attacks on other processes, on privileges, and by dying."""

from __future__ import annotations

import pytest

from escapes import fails_to_escape, trying
from hostile import Arena, Attack

DAEMON = """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(60)
    os._exit(0)
"""
CLONE, EXECVE, MEMFD, MKNOD = 56, 59, 319, 133
PROCESSES = [
    trying("fork", "os.fork()"),
    trying("fork with a terminal", "os.forkpty()"),
    trying("daemonise", DAEMON),
    trying("vfork", "native(libc.vfork())"),
    trying("clone", f"native(libc.syscall({CLONE}, 17, 0, 0, 0, 0))"),
    trying("clone3", "native(libc.syscall(435, None, 0))"),
    trying("posix_spawn", "os.posix_spawn('/bin/sh', ['sh', '-c', 'true'], {})"),
    trying("subprocess", "subprocess.run(['/bin/sh', '-c', 'true'])"),
    trying("os.system", "if os.system('true') != 0: raise OSError"),
    trying("shell magic", "get_ipython().system('touch ran')\nopen('ran')"),
    trying("script magic", "get_ipython().run_cell_magic('bash', '', 'true')\nraise OSError"),
    trying(
        "multiprocessing", "import multiprocessing as m\np = m.get_context('fork').Process(target=print)\np.start()"
    ),
    trying(
        "multiprocessing, spawned", "import multiprocessing as m\nm.get_context('spawn').Process(target=id).start()"
    ),
    trying("execve", "os.execv('/bin/sh', ['sh'])"),
    trying("memfd and execve", "f = os.memfd_create('x')\nos.write(f, b'#!/bin/sh')\nos.execve(f, ['x'], {})"),
]
SIGNALS = [
    trying("kill the parent", "os.kill(os.getppid(), signal.SIGKILL)"),
    trying("stop the parent", "os.kill(os.getppid(), signal.SIGSTOP)"),
    trying("kill everybody", "os.kill(-1, signal.SIGKILL)"),
    trying("kill the group", "os.killpg(0, signal.SIGKILL)"),
    trying("kill a range", "if not [os.kill(p, 0) for p in range(2, 3000)]: raise OSError"),
    trying("stop oneself", "os.kill(os.getpid(), signal.SIGSTOP)"),
    trying("pidfd", "signal.pidfd_send_signal(os.pidfd_open(os.getppid()), signal.SIGKILL)"),
    trying("owner of a descriptor", "fcntl.fcntl(os.pipe()[0], fcntl.F_SETOWN, os.getppid())"),
    trying("signal of a descriptor", "fcntl.fcntl(os.pipe()[0], 10, signal.SIGKILL)"),
    trying("queue a signal", "native(libc.sigqueue(os.getppid(), 9, 0))"),
]
PRIVILEGES = {
    "ptrace attach": "native(libc.ptrace(16, os.getppid(), 0, 0))",
    "ptrace me": "native(libc.ptrace(0, 0, 0, 0))",
    "read the parent's memory": "native(libc.syscall(310, os.getppid(), None, 0, None, 0, 0))",
    "write the parent's memory": "native(libc.syscall(311, os.getppid(), None, 0, None, 0, 0))",
    "become root": "os.setresuid(0, 0, 0)",
    "let others trace": "native(libc.prctl(0x59616D61, -1, 0, 0, 0))",
    "another filter": "native(libc.prctl(22, 2, 0, 0, 0))",
    "strict seccomp": "native(libc.prctl(22, 1, 0, 0, 0))",
    "survive the parent": "native(libc.prctl(1, 0, 0, 0, 0))",
    "capabilities": "native(libc.capset(None, None))",
    "raise a limit": "resource.setrlimit(resource.RLIMIT_CPU, (-1, -1))",
    "limit of the parent": "resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1))",
    "priority": "os.setpriority(os.PRIO_PROCESS, 0, -20)",
    "landlock of one's own": "native(libc.syscall(444, None, 0, 1))",
    "user namespace": "native(libc.unshare(0x10000000))",
    "mount namespace": "native(libc.unshare(0x20000))",
    "join a namespace": "native(libc.setns(3, 0))",
    "mount": "native(libc.mount(b'none', b'.', b'tmpfs', 0, None))",
    "unmount": "native(libc.umount2(b'/', 2))",
    "open a tree": "native(libc.syscall(428, -100, b'/', 1))",
    "chroot": "os.chroot('.')",
    "device": "os.mknod('disk', 0o60666, os.makedev(8, 0))",
    "io_uring": "native(libc.syscall(425, 8, ctypes.create_string_buffer(256)))",
    "bpf": "native(libc.syscall(321, 0, ctypes.create_string_buffer(128), 128))",
    "userfaultfd": "native(libc.syscall(323, 0))",
    "keyring": "native(libc.syscall(250, 0, -3, 0))",
    "perf": "native(libc.syscall(298, ctypes.create_string_buffer(128), 0, -1, -1, 0))",
    "kernel module": "native(libc.syscall(313, 3, b'', 0))",
    "clock": "time.clock_settime(time.CLOCK_REALTIME, 0)",
    "host name": "socket.sethostname('x')",
    "shared memory": "native(libc.shmget(1, 4096, 0o1666))",
    "message queue": "native(libc.msgget(1, 0o1666))",
}
DEEP = "import sys\nsys.setrecursionlimit(10**9)\nx = []\nfor _ in range(10**5): x = [x]\nrepr(x)"
DYING_IN_A_CELL = [
    Attack("os._exit", before="import os; os._exit(0)", says="ended (Python|itself|the run).* exit code 0"),
    Attack("abort", before="import os; os.abort()", says="crashed.*SIG"),
    Attack("segmentation fault", before="import ctypes; ctypes.string_at(0)", says="crashed.*SIGSEGV"),
    Attack("stack overflow in C", before=DEEP, says="crashed.*SIGSEGV"),
    Attack(
        "call of another architecture", before="import ctypes; ctypes.CDLL(None).syscall(0x40000039)", says="SIGSYS"
    ),
    Attack("sys.exit", before="import sys; sys.exit(0)"),
    Attack(
        "exit, without exception",
        before="import ctypes; ctypes.CDLL(None).exit(0)",
        says="ended itself|ended Python",
    ),
    Attack("closed descriptors", before="import os; os.closerange(0, 100)", says="gave up its wire"),
    Attack("the wire leads nowhere", before="import os; os.dup2(0, 3)", says="gave up its wire"),
    Attack("main thread gone", before="import ctypes\nctypes.CDLL(None).syscall(60, 0)", says="crash|end|finish|broke"),
]
DYING_IN_A_CALL = {
    "os._exit": ("import os; os._exit(0)", "zero_pad: It ended Python"),
    "abort": ("import os; os.abort()", "zero_pad: It crashed"),
    "segmentation fault": ("import ctypes; ctypes.string_at(0)", "zero_pad: It crashed"),
    "sys.exit": ("import sys; sys.exit(0)", "sys.exit"),
    "recursion": ("return zero_pad(X, pad)", "RecursionError"),
    "keyboard interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "generator exit": ("raise GeneratorExit", "GeneratorExit"),
    "closed descriptors": ("import os; os.closerange(0, 100)", "zero_pad: It broke the connection"),
}
THREAD = """
import threading, time, sys
sys.setswitchinterval(1e-6)
kept = []
def meddle():
    while True:
        for array in kept: array += 1
        print("x")
        time.sleep(1e-4)
threading.Thread(target=meddle).start()
threading.Thread(target=meddle, daemon=True).start()
"""
MEDDLED = "def zero_pad(X, pad):\n    result = np.zeros((100, 99, 9, 9))\n    kept.append(result)\n    return result\n"
FINALIZER = """
import atexit, gc, os, weakref
class Late:
    def __del__(self): os.write(3, b"\\xff" * 100); os._exit(0)
late = Late(); late.itself = late
atexit.register(os._exit, 0)
finalizer = weakref.finalize(late, os._exit, 0)
"""


@pytest.mark.parametrize("attack", PROCESSES, ids=lambda attack: attack.name)
def test_processes(arena: Arena, attack: Attack) -> None:
    """Can a student start another process?"""
    fails_to_escape(arena, attack)


@pytest.mark.parametrize("attack", SIGNALS, ids=lambda attack: attack.name)
def test_signals(arena: Arena, attack: Attack) -> None:
    """Can a student signal another process, in any way that Linux knows?"""
    fails_to_escape(arena, attack)


def test_privileges(arena: Arena) -> None:
    """Can a student change limits, layers or the machine?"""
    fails_to_escape(arena, trying("privileges", *PRIVILEGES.values()))


@pytest.mark.parametrize("attack", DYING_IN_A_CELL, ids=lambda attack: attack.name)
def test_dying_in_a_cell(arena: Arena, attack: Attack) -> None:
    """Does a cell that ends its process cost more than itself?"""
    arena.repel(attack)


@pytest.mark.parametrize("name", DYING_IN_A_CALL)
def test_dying_in_a_call(arena: Arena, name: str) -> None:
    """Does a function that ends its process cost more than its own exercise, and is the reason told?"""
    body, says = DYING_IN_A_CALL[name]
    arena.repel(
        Attack(name, answers={"zero_pad": f"def zero_pad(X, pad):\n    {body}"}, earns={"zero_pad": 0}, says=says)
    )


def test_threads_go_on(arena: Arena) -> None:
    """Do threads that outlive their cell, and change results while they are sent, change a score?"""
    arena.repel(Attack("threads", before=THREAD, answers={"zero_pad": MEDDLED}, earns={"zero_pad": 0}))


def test_finalizers(arena: Arena) -> None:
    """Does code that waits for the end of the process do harm then?"""
    arena.repel(Attack("finalizers", before=FINALIZER))
