"""Each promise of isolation, attacked from inside, behind each combination of layers."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from pathlib import Path

import pytest
from processes import below

from grader.sandbox import IsolationError, Limits, Sandbox, SandboxError, Session, SessionEnded, layers
from grader.sandbox.isolation.namespaces import readable_paths
from grader.sandbox.isolation.plan import Layer, missing

REFUSALS = {
    "PermissionError",
    "OSError",
    "FileNotFoundError",
    "NotADirectoryError",
    "ProcessLookupError",
    "BlockingIOError",
}
PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def session(sandbox: Sandbox):
    with sandbox.open(files={"given.txt": b"given"}) as session:
        yield session


def refusal(session: Session, source: str) -> str:
    """The type of the error that stops `source`; empty if nothing did."""
    error = session.run_cell(source).error
    return error.type_name if error else ""


def printed(session: Session, source: str) -> str:
    """What `source` prints; its errors count as words."""
    run = session.run_cell(source)
    return "".join(output.get("text", "") + output.get("ename", "") for output in run.outputs)


def status_of(process: int) -> dict[str, str]:
    """What the kernel says about a process."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def test_python_and_the_given_files_can_be_read(session: Session) -> None:
    assert refusal(
        session, "open('given.txt').read()\nimport numpy, matplotlib.pyplot\nopen(numpy.__file__).close()"
    ) in (
        "",
        "PermissionError",  # Python below a private home and no namespaces: only what is imported already works
    )
    assert (
        printed(session, "import os; open('a', 'w').write('b'); print(open('a').read(), os.getcwd() != '/')")
        == "b True\n"
    )


PRIVATE = [
    "/etc/shadow",
    "/etc/hostname",
    "/proc/1/environ",
    "/proc/self/environ",
    "/proc/meminfo",
    "/root/.bashrc",
    "/sys/kernel/notes",
    "/dev/mem",
    "/dev/kmsg",
    "/var/log/dpkg.log",
    __file__,
    str(PROJECT / "grader/sandbox/host/session.py"),
    "/tmp/secret-of-the-test",
]


def test_no_file_of_the_machine_can_be_read(session: Session) -> None:
    secret = Path("/tmp/secret-of-the-test")
    secret.write_text("secret")
    secret.chmod(0o644)
    try:
        for path in PRIVATE:
            assert refusal(session, f"open({path!r}).read()") in REFUSALS, path
            assert refusal(session, f"import os; os.open({path!r}, os.O_RDONLY)") in REFUSALS, path
    finally:
        secret.unlink()


FOLDERS = ["/root", "/home", "/proc", "/tmp", "/etc", "/var", str(PROJECT), "/sys"]


def on_the_way_to_python(folder: str) -> set[str]:
    """What a folder has to show because Python's own libraries lie below it, wherever the project was cloned."""
    below = (Path(path) for path in readable_paths([path for path in sys.path if path.endswith("-packages")]))
    return {path.relative_to(folder).parts[0] for path in below if path.is_relative_to(folder) and path != Path(folder)}


def test_no_folder_of_the_machine_can_be_listed(session: Session) -> None:
    for folder in FOLDERS:
        source = f"import json, os\ntry: print(json.dumps(os.listdir({folder!r})))\nexcept OSError: print('refused')"
        own = printed(session, source).strip()
        allowed = on_the_way_to_python(folder) | {"/home": {"student"}, "/etc": {"passwd"}}.get(folder, set())
        assert own == "refused" or set(json.loads(own)) <= allowed, (folder, own)


OUTSIDE = [
    "/tmp/escaped",
    "/etc/escaped",
    "/escaped",
    "../../escaped",
    "/dev/shm/escaped",
    "/var/tmp/escaped",
    "/usr/lib/escaped",
]


def test_nothing_is_written_outside(session: Session) -> None:
    for path in OUTSIDE:
        assert refusal(session, f"open({path!r}, 'w')") in REFUSALS, path
        assert not os.path.exists(os.path.join("/tmp", path)), path


def test_links_lead_nowhere(session: Session) -> None:
    assert refusal(session, "import os; os.symlink('/etc/shadow', 'l'); open('l').read()") in REFUSALS
    assert refusal(session, "os.link('/etc/passwd', 'hard')") in REFUSALS
    assert refusal(session, "os.symlink('/tmp', 'out'); open('out/escaped', 'w')") in REFUSALS
    assert not os.path.exists("/tmp/escaped")


def test_rights_and_times_of_files_outside_stay(session: Session, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("x")
    for folder in (target, *target.parents):
        if folder.stat().st_uid == os.getuid() and folder != Path("/"):
            folder.chmod(0o777) if str(folder).startswith(str(tmp_path.parent.parent)) else None
    before = target.stat()
    session.run_cell(f"import os; os.chmod({str(target)!r}, 0)")
    session.run_cell(f"os.utime({str(target)!r}, (1, 1))")
    session.run_cell(f"os.chown({str(target)!r}, 0, 0)")
    session.run_cell(f"os.truncate({str(target)!r}, 0)")
    session.run_cell(f"os.setxattr({str(target)!r}, 'user.a', b'b')")
    session.run_cell(f"os.unlink({str(target)!r})")
    session.run_cell(f"os.rename({str(target)!r}, 'mine')")
    after = target.stat()
    assert (before.st_mode, before.st_mtime, before.st_size) == (after.st_mode, after.st_mtime, after.st_size)


def test_no_socket_of_any_family(session: Session) -> None:
    source = (
        "import socket\nmade = []\nfor family in range(48):\n    for kind in (1, 2, 3, 5):\n"
        "        try: made.append(socket.socket(family, kind))\n        except OSError: pass\nprint(len(made))"
    )
    assert printed(session, source) == "0\n"


def test_no_listener_of_the_machine_can_be_reached(session: Session) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert refusal(session, f"import socket; socket.socket().connect(('127.0.0.1', {port}))") in REFUSALS
    pairs = "import socket\na, b = socket.socketpair()\na.send(b'x')\nprint(b.recv(1))"
    assert printed(session, pairs) == "b'x'\n"  # leads nowhere else
    assert refusal(session, "socket.socketpair(type=socket.SOCK_DGRAM)") in REFUSALS
    assert refusal(session, "a.sendto(b'x', '/dev/log')") in REFUSALS | {"TypeError"}
    assert refusal(session, "a.sendmsg([b'x'])") in REFUSALS


PROCESSES = [
    "os.fork()",
    "os.forkpty()",
    "os.execv('/bin/sh', ['sh'])",
    "os.posix_spawn('/bin/true', ['true'], {})",
    "import subprocess; subprocess.run(['true'])",
    "os.memfd_create('x')",
    "os.kill(os.getppid(), 9)",
    "os.kill(1, 9)",
    "os.kill(-1, 9)",
    "os.killpg(0, 9)",
    "os.setuid(0)",
    "os.chroot('.')",
    "os.mknod('d', 0o60600, 0x0101)",
    "os.nice(-5)",
    "os.setpriority(0, 0, -5)",
    "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (1, 1))",
    "import resource; resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1))",
    "import signal; signal.pidfd_send_signal(os.pidfd_open(os.getppid()), 9)",
    "import fcntl; fcntl.fcntl(os.pipe()[0], fcntl.F_SETOWN, os.getppid())",
    "import fcntl; fcntl.fcntl(os.pipe()[0], 10, 9)",
]


def test_no_other_process_and_no_privilege(session: Session) -> None:
    for source in PROCESSES:
        assert refusal(session, "import os\n" + source) in REFUSALS, source


NATIVE = [
    "libc.ptrace(16, os.getppid(), 0, 0)",
    "libc.ptrace(0, 0, 0, 0)",
    "libc.mount(b't', b'/tmp', b'tmpfs', 0, None)",
    "libc.unshare(0x10000000)",
    "libc.unshare(0x20000)",
    "libc.setns(0, 0)",
    "libc.prctl(22, 0, 0, 0, 0)",
    "libc.syscall(435, None, 0)",
    "libc.syscall(425, 1, None)",
    "libc.syscall(321, 0, None, 0)",
    "libc.syscall(248, None)",
    "libc.syscall(310, os.getppid(), None, 0, None, 0, 0)",
    "libc.personality(0)",
    "libc.syscall(323, 0)",
    "libc.umount2(b'/', 2)",
    "libc.pivot_root(b'.', b'.')",
    "libc.syscall(428, -100, b'/', 1)",
    "libc.vfork()",
]


def test_native_code_meets_the_same_wall(session: Session) -> None:
    session.run_cell("import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)")
    for call in NATIVE:
        source = f"print({call} < 0, ctypes.get_errno() in (1, 38, 95))"
        assert printed(session, source) == "True True\n", call


def test_the_environment_holds_no_secret(session: Session) -> None:
    text = printed(session, "import os; print(sorted(os.environ))")
    assert "SECRET_OF_THE_JUDGE" in os.environ and "SECRET" not in text and "HOME" in text
    native = "import ctypes; libc = ctypes.CDLL(None); libc.getenv.restype = ctypes.c_char_p; print(libc.getenv("
    assert printed(session, native + "b'SECRET_OF_THE_JUDGE'))") == "None\n"


def test_only_the_wire_is_open(session: Session) -> None:
    session.run_cell(
        "import os\ndef is_open(fd):\n    try: os.fstat(fd)\n    except OSError: return False\n    return True"
    )
    assert printed(session, "print([fd for fd in range(5000) if is_open(fd)])") == "[0, 1, 2, 3]\n"


def test_no_capability_and_no_root(sandbox: Sandbox) -> None:
    with sandbox.open() as session:
        session.run_cell("1")
        states = [status_of(process) for process in (sandbox.process_id, *below(sandbox.process_id))]
        sessions = [state for state in states if state["Seccomp"] == "2"]
        assert sessions  # this one, and the spare if it is ready
        for state in sessions:
            assert int(state["CapEff"], 16) == int(state["CapPrm"], 16) == int(state["CapInh"], 16) == 0
            assert state["NoNewPrivs"] == "1" and "0" not in state["Uid"].split() + state["Gid"].split()
        assert not any("0" in state["Uid"].split() for state in states)  # nor is the warm parent root


def test_sessions_see_nothing_of_each_other(sandbox: Sandbox) -> None:
    with sandbox.open() as first, sandbox.open() as second:
        first.run_cell("import os; open('mine', 'w').write('x'); place = os.path.abspath('mine'); x = 1")
        place = first.lookup("place")
        assert refusal(second, f"open({place!r})") in REFUSALS
        assert refusal(second, "x") == "NameError"


LOCKS = (
    "fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)",
    "fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)",
    "fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)",
    "fcntl.fcntl(file, 37, struct.pack('hhqqi', fcntl.F_RDLCK, 0, 0, 0, 0))",
)
"""of whole files and of parts; 37 is F_OFD_SETLK"""


def test_no_file_of_the_machine_can_be_locked(session: Session) -> None:
    """Else whoever reads a library could keep the machine's package manager waiting."""
    session.run_cell("import fcntl, numpy, struct")
    assert refusal(session, "file = open(numpy.__file__)") in ("", "PermissionError")
    if refusal(session, "file"):
        session.run_cell("file = open('/dev/null')")
    for lock in LOCKS:
        assert refusal(session, lock) == "PermissionError", lock


def test_hdf5_files_can_be_written_and_read(session: Session) -> None:
    """HDF5 locks what it opens, where it may."""
    source = "import h5py\nwith h5py.File('a.h5', 'w') as file: file['x'] = [1, 2]\n"
    assert printed(session, source + "with h5py.File('a.h5') as file: print(file['x'][1])") == "2\n"


def test_the_machines_name_is_hidden(sandbox: Sandbox, session: Session) -> None:
    told = "import os, platform, socket; print(os.uname().nodename, platform.node(), socket.gethostname())"
    if "namespaces" in sandbox.used:
        assert printed(session, told) == "sandbox sandbox sandbox\n"


WHERE = """
import gc, os, sys, types, numpy, IPython
known = gc.get_objects()
told = [str(value) for value in known if isinstance(value, (str, bytes))]
told += [part for value in known if isinstance(value, (list, tuple)) for part in value if isinstance(part, str)]
told += [function.__code__.co_filename for function in known if isinstance(function, types.FunctionType)]
told += [f"{vars(module).get('__file__')} {vars(module).get('__path__')}" for module in list(sys.modules.values())]
told += [*sys.path, *sys.argv, *sys.orig_argv, sys.prefix, sys.executable, *map(str, os.environ.items())]
for folder in filter(os.path.isdir, sys.path):
    for name in os.listdir(folder):
        if name.endswith(('.pth', '.py')) and os.path.isfile(f'{folder}/{name}'):
            told.append(open(f'{folder}/{name}').read())
        if name.endswith('.dist-info') and os.path.exists(f'{folder}/{name}/direct_url.json'):
            told.append(open(f'{folder}/{name}/direct_url.json').read())
print(sorted({text[:200] for text in told if COURSE in text})[:3])
"""


def test_the_courses_path_is_hidden(sandbox: Sandbox, session: Session) -> None:
    """Does nothing in the interpreter tell where the course lies, though its environment lies in it?"""
    if "namespaces" in sandbox.used:
        halves = str(PROJECT)[:3], str(PROJECT)[3:]  # the cell itself must not be what is found
        session.run_cell(f"COURSE = ''.join({halves!r})")
        assert printed(session, WHERE.replace("COURSE in text", "COURSE in text and text != COURSE")) == "[]\n"
        shown = session.run_cell("import numpy\nnumpy.zeros(3) @ numpy.zeros(4, dtype=[('a', int)])").outputs
        assert shown and str(PROJECT) not in json.dumps(shown)


def test_of_shared_data_only_fonts_and_time_zones_are_there(session: Session) -> None:
    source = "import os\ntry: print(*sorted(os.listdir('/usr/share')))\nexcept OSError: print()"
    assert set(printed(session, source).split()) <= {"fonts", "fontconfig", "zoneinfo"}
    assert refusal(session, "open('/usr/share/common-licenses/GPL-3').read()") in REFUSALS


@pytest.mark.skipif(os.getuid() != 0, reason="only root has users to give")
def test_roots_sessions_are_users_of_their_own(sandbox: Sandbox) -> None:
    """Are two sessions two users, neither of them root, the judge, or the warm parent?"""
    with sandbox.open() as first, sandbox.open() as second:
        users = {
            tuple(printed(one, "import os; print(*os.getresuid(), *os.getresgid())").split()) for one in (first, second)
        }
        outside = [status_of(one.meter.process)["Uid"].split()[0] for one in (first, second)]
    assert len(users) == 2 and all(len(set(user)) == 1 for user in users)
    assert {user[0] for user in users} == set(outside)
    assert not {"0", "65534"} & set(outside)


def test_the_disk_is_small(sandbox: Sandbox) -> None:
    with sandbox.open(limits=Limits(disk_bytes=4 << 20, file_count=100)) as session:
        assert refusal(session, "open('one', 'wb').write(bytes(8 << 20))") in REFUSALS
        session.run_cell("import os; os.path.exists('one') and os.unlink('one')")
        if "namespaces" in sandbox.used:  # without them each file is limited, not their sum
            assert refusal(session, "for n in range(8): open(str(n), 'wb').write(bytes(1 << 20))") in REFUSALS
            session.run_cell("for n in range(8): os.path.exists(str(n)) and os.unlink(str(n))")
            assert refusal(session, "for n in range(200): open(str(n), 'wb').close()") in REFUSALS


def test_descriptors_run_out_inside_only(session: Session) -> None:
    assert refusal(session, "kept = []\nwhile True: kept.append(open('/dev/null'))") in REFUSALS
    session.run_cell("del kept")
    assert printed(session, "print('alive')") == "alive\n"


def test_threads_run_out_inside_only(sandbox: Sandbox) -> None:
    with sandbox.open(limits=Limits(processes=8)) as session:
        session.run_cell(
            "import threading, time\nthread = lambda: threading.Thread(target=time.sleep, args=(60,), daemon=True)"
        )
        assert refusal(session, "for _ in range(20_000): thread().start()") in {"RuntimeError", "MemoryError"}
    assert threading.active_count() < 50


def test_memory_runs_out_inside_only(sandbox: Sandbox) -> None:
    with sandbox.open(limits=Limits(memory_bytes=200 << 20)) as session:
        assert refusal(session, "import numpy as np\nkept = [np.ones(1 << 20) for _ in range(100)]") in {
            "MemoryError",
            "_ArrayMemoryError",
        }
        assert printed(session, "kept = None\nprint('alive')") == "alive\n"
        assert refusal(session, "x = bytes(1 << 40)") == "MemoryError"


def test_processor_time_runs_out(sandbox: Sandbox) -> None:
    with sandbox.open(limits=Limits(cpu_seconds=1)) as session, pytest.raises(SessionEnded) as ended:
        session.run_cell("while True: pass")
    assert ended.value.reason == "cpu"
    assert session.usage is not None and 0.5 < session.usage.cpu_seconds < 3


@pytest.mark.parametrize(
    ("source", "reasons"),
    [
        ("import os; os._exit(3)", {"exit"}),
        ("import ctypes; ctypes.string_at(0)", {"crash"}),
        ("import os; os.abort()", {"crash"}),
        ("import os; os.close(3)", {"protocol"}),
        ("import os, time; os.close(3); time.sleep(60)", {"protocol"}),
        ("import os, time\nos.dup2(0, 3); time.sleep(60)", {"protocol"}),
    ],
)
def test_an_end_has_a_reason(sandbox: Sandbox, source: str, reasons: set[str]) -> None:
    with sandbox.open() as session, pytest.raises(SessionEnded) as ended:
        session.run_cell(source)
    assert ended.value.reason in reasons, ended.value


def test_the_machine_names_its_layers() -> None:
    found = layers()
    assert [layer.name for layer in found[:3]] == ["namespaces", "landlock", "seccomp"]
    assert all(layer.available or (layer.why_not and layer.what_to_install) for layer in found)


def test_too_little_isolation_is_refused_with_advice() -> None:
    with pytest.raises(IsolationError, match="seccomp: left out"), Sandbox(preload=(), without=("seccomp",)):
        pass
    neither = Sandbox(preload=(), without=("namespaces", "landlock"))
    with pytest.raises(IsolationError, match=r"namespaces\|landlock"), neither:
        pass
    assert missing([Layer("a", True)], ["a|b", "b", "a"], ["c"]) == ["b"]


def test_unsafe_must_be_said_and_runs_with_nothing() -> None:
    with Sandbox(preload=(), unsafe=True, without=("namespaces", "landlock", "seccomp")) as sandbox:
        assert sandbox.used == ()
        with sandbox.open(files={"a": b"1"}, limits=Limits(cell_seconds=1)) as session:
            assert session.run_cell("print(open('a').read())").outputs[0]["text"] == "1\n"
            with pytest.raises(SessionEnded):
                session.run_cell("while True: pass")


def test_a_module_that_cannot_be_preloaded_is_our_failure() -> None:
    with pytest.raises(SandboxError, match="no_such_module"), Sandbox(preload=("no_such_module",)):
        pass
