"""A bare Debian in a folder, and a way to run commands in it as a container does: as root, with Docker's default
capabilities, without a way to new user namespaces (the kernel refuses them below chroot)."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGES = "python3,ca-certificates"
DOCKER_CAPABILITIES = frozenset({0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31})
"""chown, dac_override, fowner, fsetid, kill, setgid, setuid, setpcap, net_bind_service, net_raw, sys_chroot, mknod,
audit_write, setfcap: the default of `docker run`"""
PR_CAPBSET_DROP = 24
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
MINUTES = 60


def why_none() -> str:
    """Why this machine cannot make one; empty where it can."""
    if os.name != "posix" or os.geteuid() != 0:
        return "only root can make a bare Debian"
    missing = [name for name in ("debootstrap", "unshare") if shutil.which(name) is None]
    if missing:
        return f"{' and '.join(missing)} is not installed"
    probe = subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], capture_output=True, text=True)
    return probe.stderr.strip()


def make_bare_debian(root: Path) -> None:
    """Install Debian's smallest system with Python into the empty folder, from this machine's own mirror."""
    codename = _release_file("VERSION_CODENAME")
    command = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", codename, str(root)]
    done = subprocess.run([*command, *_mirror()], capture_output=True, text=True, timeout=10 * MINUTES)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")


def run_in(root: Path, *command: str, timeout: float = 10 * MINUTES, **environment: str) -> subprocess.CompletedProcess:
    """Run the command in the folder's system. Nothing of this machine's environment comes along."""
    variables = [f"{name}={value}" for name, value in {"PATH": PATH, "HOME": "/root", **environment}.items()]
    within = [sys.executable, __file__, str(root), "/usr/bin/env", "-i", *variables, *command]
    outside = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
    return subprocess.run([*outside, *within], capture_output=True, text=True, timeout=timeout)


def _release_file(name: str) -> str:
    lines = Path("/etc/os-release").read_text().splitlines()
    return next((line.partition("=")[2].strip('"') for line in lines if line.startswith(f"{name}=")), "stable")


def _mirror() -> list[str]:
    """The first mirror that this machine's apt uses; none: debootstrap's default."""
    shown = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI)"], capture_output=True, text=True)
    return [uri for uri in shown.stdout.split() if "security" not in uri][:1]


def _enter(root: str, command: list[str]) -> None:
    subprocess.run(["mount", "-t", "proc", "proc", f"{root}/proc"], check=True)
    os.chroot(root)
    os.chdir("/")
    libc = ctypes.CDLL(None, use_errno=True)
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text())
    for capability in set(range(last + 1)) - DOCKER_CAPABILITIES:
        assert libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0
    os.execvp(command[0], command)


if __name__ == "__main__":
    _enter(sys.argv[1], sys.argv[2:])
