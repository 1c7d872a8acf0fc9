"""Runs pytest as an ordinary user. For root only: python ordinary_user.py <user id> <pytest's arguments>"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pytest

from grader.sandbox.isolation import linux


def make_python_reachable() -> None:
    """In a private view of the file system, put an open folder with only Python in the place of a private home."""
    linux.unshare(linux.CLONE_NEWNS)
    linux.mount(None, "/", None, linux.MS_REC | linux.MS_PRIVATE)
    for prefix in {sys.prefix, sys.base_prefix}:
        closed = [folder for folder in Path(prefix).parents if not folder.stat().st_mode & 0o001]
        if closed:
            tree = linux.clone_read_only(prefix)
            linux.mount("tmpfs", str(closed[-1]), "tmpfs", 0, "mode=755")
            os.makedirs(prefix)
            linux.attach(tree, prefix)


def main(user: int, arguments: list[str]) -> int:
    make_python_reachable()
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    linux.prctl(linux.PR_SET_DUMPABLE, 1)
    with tempfile.TemporaryDirectory() as home:
        os.environ["HOME"] = home
        return int(pytest.main([*arguments, f"--basetemp={home}/pytest", "-p", "no:cacheprovider"]))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
