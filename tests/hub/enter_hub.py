"""Run a command among users that exist for it alone: python enter_hub.py FOLDER USER COMMAND. For root only.

FOLDER holds `passwd` and `group`, which stand in the place of the system's for this command and its children.
"""

from __future__ import annotations

import os
import pwd
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "sandbox"))

from ordinary_user import make_python_reachable

from grader.sandbox.isolation import linux


def main(folder: str, name: str, command: list[str]) -> None:
    make_python_reachable()  # and gives this process a view of the file system of its own
    for file in ("passwd", "group"):
        linux.mount(f"{folder}/{file}", f"/etc/{file}", None, linux.MS_BIND)
    user = pwd.getpwnam(name)
    if user.pw_uid != 0:
        os.initgroups(name, user.pw_gid)
        os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
        os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)
        os.environ |= {"HOME": user.pw_dir, "USER": name}
        os.chdir(user.pw_dir)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
