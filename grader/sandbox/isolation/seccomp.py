"""seccomp: allow the system calls that numeric Python needs on its own files, and refuse all others.

The list names the allowed calls, so that a new call of a future kernel is refused until somebody has looked at it.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from typing import Any

from . import linux

CLONE_THREAD = 0x00010000
SOCK_TYPE_MASK, SOCK_STREAM, AF_UNIX = 0xF, 1, 1

ALLOWED = """
read write readv writev pread64 pwrite64 preadv pwritev close lseek dup dup2 dup3 pipe pipe2 ftruncate
ftruncate64 fsync fdatasync fallocate sendfile copy_file_range fadvise64 posix_fadvise readahead
open openat openat2 creat access faccessat faccessat2
stat stat64 fstat fstat64 lstat lstat64 newfstatat fstatat64 statx
statfs statfs64 fstatfs fstatfs64 getdents getdents64 readlink readlinkat getcwd chdir fchdir umask
mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 symlink symlinkat
mmap mmap2 munmap mprotect mremap madvise brk mincore msync membarrier get_mempolicy
poll ppoll select _newselect pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2
eventfd eventfd2 timerfd_create timerfd_settime timerfd_gettime
futex futex_waitv set_robust_list get_robust_list set_tid_address rseq sched_yield sched_getaffinity
arch_prctl set_thread_area get_thread_area
rt_sigaction sigaction rt_sigprocmask sigprocmask rt_sigreturn sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait
sigaltstack alarm setitimer getitimer pause restart_syscall
nanosleep clock_nanosleep clock_gettime clock_gettime64 clock_getres gettimeofday time times getrusage
getpid getppid gettid getuid getuid32 geteuid geteuid32 getgid getgid32 getegid getegid32 getgroups getgroups32
getresuid getresgid getpgrp getpgid getsid getrlimit ugetrlimit uname sysinfo getcpu getrandom
recvfrom recv getsockopt getsockname getpeername shutdown exit exit_group wait4 waitid
"""

# Refused with EPERM, which names the reason. A call on none of the lists fails as if the kernel did not have it:
# libraries then try an older call.
REFUSED = """
fork vfork execve execveat socket connect bind listen accept accept4 sendmsg recvmsg sendmmsg recvmmsg
ptrace kill tkill tgkill mount umount2 unshare setns chroot pivot_root memfd_create setrlimit link linkat
mknod mknodat setuid setgid setpriority personality bpf perf_event_open
truncate chown fchown lchown fchownat setxattr fsetxattr lsetxattr flock
"""

# Landlock does not govern these calls, and shutil.copy needs them: they do nothing and report success.
PRETENDED = "chmod fchmod fchmodat fchmodat2 utime utimes utimensat futimesat"


def build() -> bytes:
    """Compile the filter for load(). Raises ImportError without pyseccomp, and RuntimeError without libseccomp."""
    import pyseccomp  # type: ignore[import-untyped]  # here, so that a machine without it can still run `doctor`

    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.ENOSYS))
    allow, refuse, pretend = pyseccomp.ALLOW, pyseccomp.ERRNO(errno.EPERM), pyseccomp.ERRNO(0)
    for action, names in ((allow, ALLOWED), (refuse, REFUSED), (pretend, PRETENDED)):
        for name in names.split():
            if _is_known(name):
                rules.add_rule(action, name)
    # A thread is a clone() with CLONE_THREAD; clone3 passes its flags in memory, which a filter cannot read.
    rules.add_rule(allow, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, CLONE_THREAD, CLONE_THREAD))
    rules.add_rule(refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, CLONE_THREAD, 0))
    # asyncio wakes itself through a stream socket pair, which leads nowhere else; a datagram pair could name a path.
    stream = pyseccomp.Arg(1, pyseccomp.MASKED_EQ, SOCK_TYPE_MASK, SOCK_STREAM)
    rules.add_rule(allow, "socketpair", pyseccomp.Arg(0, pyseccomp.EQ, AF_UNIX), stream)
    rules.add_rule(allow, "sendto", pyseccomp.Arg(4, pyseccomp.EQ, 0))
    # Limits may be read, of this process only, and not changed.
    own, unchanged = pyseccomp.Arg(0, pyseccomp.EQ, 0), pyseccomp.Arg(2, pyseccomp.EQ, 0)
    rules.add_rule(allow, "prlimit64", own, unchanged)
    for name, requests in REFUSED_REQUESTS.items():
        for request in requests if _is_known(name) else ():
            rules.add_rule(refuse, name, pyseccomp.Arg(1, pyseccomp.EQ, request))
    for name, requests in REQUESTS.items():
        for request in requests if _is_known(name) else ():
            rules.add_rule(allow, name, pyseccomp.Arg(1, pyseccomp.EQ, request))
    return _export(rules)


TERMINAL_QUERIES = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""Requests that Python makes on its own descriptors: TCGETS and TIOCGWINSZ (isatty), FIONREAD, FIONBIO, FIONCLEX,
FIOCLEX."""
DESCRIPTOR_REQUESTS = (0, 1, 2, 3, 4, 1030, 1032)
"""Requests to duplicate a descriptor, to read and set its flags, and to read the size of a pipe. F_SETOWN and F_SETSIG
are not among them: they can send a signal of one's choice to any process of the same user."""
LOCKS = (5, 6, 7, 36, 37, 38)
"""Requests for file locks. They are refused: with a lock on a file that it reads, a session could hold others up."""
REFUSED_REQUESTS: dict[str, tuple[int, ...]] = {"fcntl": LOCKS, "fcntl64": LOCKS}
REQUESTS: dict[str, tuple[int, ...]] = {
    "ioctl": TERMINAL_QUERIES,
    "fcntl": DESCRIPTOR_REQUESTS,
    "fcntl64": DESCRIPTOR_REQUESTS,
}


def _is_known(name: str) -> bool:
    import pyseccomp

    unknown_everywhere = -1  # other negative numbers stand for calls of another architecture
    return int(pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)) != unknown_everywhere


def _export(rules: Any) -> bytes:
    # libseccomp writes to a descriptor only; a filter is smaller than a pipe's buffer, so the writing cannot block
    reading, writing = os.pipe()
    with open(reading, "rb") as source:
        with open(writing, "wb") as target:
            rules.export_bpf(target)
        return source.read()


def load(program: bytes) -> None:
    """Filter the system calls of the calling thread and of all its later children, irrevocably."""
    instructions = ctypes.create_string_buffer(program, len(program))
    descriptor = ctypes.create_string_buffer(struct.pack("HP", len(program) // 8, ctypes.addressof(instructions)))
    linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
    result = linux.libc.prctl(linux.PR_SET_SECCOMP, linux.SECCOMP_MODE_FILTER, descriptor, 0, 0)
    linux.checked(result, "seccomp")
