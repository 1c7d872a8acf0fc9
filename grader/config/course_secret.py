"""The course's secret: the key of the hidden tests' seeds. Made at the first run, readable by its owner only.

It lies in the course's folder, outside of `source/` and `release/`. No worker, session or result ever holds it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import sys
import tempfile
import time
from pathlib import Path

from grader.common.errors import CourseError
from grader.config.limits import SECRET_WAIT_SECONDS as PATIENCE

SECRET_FILE = ".grader/secret"
SECRET_BYTES = 32
COPIED = ("source", "release", "submitted", "autograded", "feedback")
"""folders of a course whose files reach students, sessions or pages"""


def course_secret(course: Path, secret_file: str = SECRET_FILE, may_write: bool = True) -> bytes:
    """The secret's bytes. secret_file: its path, from the course's folder where it is relative. may_write: make
    the file where there is none; else another secret is drawn each time.

    Wrong permissions are repaired, with a line on stderr. Where the file cannot be written, or is another user's, the
    secret lasts for this process, with a line. Raises CourseError where the file lies in the wrong place, or cannot
    be used.
    """
    path = course / secret_file
    _refuse_place(course, path)
    if not os.path.lexists(path):
        if not may_write:
            return secrets.token_bytes(SECRET_BYTES)
        try:
            _make(path)
        except OSError as error:
            _say(f"{path}: cannot be written ({error.strerror}). The hidden tests' seeds are drawn for this run only.")
            return secrets.token_bytes(SECRET_BYTES)
    if not os.access(path, os.R_OK):  # who only looks at a notebook need not be who grades the class
        _say(f"{path}: belongs to another user. The hidden tests' seeds are drawn for this run only.")
        return secrets.token_bytes(SECRET_BYTES)
    return _read(path)


def _refuse_place(course: Path, path: Path) -> None:
    place = path.resolve()
    for name in COPIED:
        if place.is_relative_to((course / name).resolve()):
            raise CourseError(f"{path}: the course's secret must not lie in {name}/. Mend c.Judge.secret_file.")


def _make(path: Path) -> None:
    """Write a new secret, whole or not at all. Where several processes do, the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = f"{secrets.token_hex(SECRET_BYTES)}\n".encode()
    descriptor, temporary = tempfile.mkstemp(prefix=".secret-", dir=path.parent)  # readable by its owner only
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            try:
                os.link(temporary, path)
            except FileExistsError:
                raise
            except OSError:  # this file system has no hard links
                with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.write(content)
    finally:
        os.unlink(temporary)


def _read(path: Path) -> bytes:
    remedy = "Give it back to the user who grades, or name another file with c.Judge.secret_file."
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with open(path, "rb") as file:
                status = os.fstat(file.fileno())
                text = file.read(1000)
        except OSError as error:
            raise CourseError(f"{path}: the course's secret cannot be read ({error.strerror}). {remedy}") from None
        with contextlib.suppress(ValueError):
            secret = bytes.fromhex(text.decode("ascii"))
            if len(secret) >= SECRET_BYTES:
                break
        if time.monotonic() > end:
            raise CourseError(f"{path}: holds no secret. Delete it: the next run makes a new one.")
        time.sleep(0.05)
    if stat.S_IMODE(status.st_mode) & 0o077:
        _close_to_others(path)
    return secret


def _close_to_others(path: Path) -> None:
    try:
        path.chmod(0o600)
    except OSError:
        raise CourseError(f"{path}: others can read the course's secret. Run `chmod 600 {path}`.") from None
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        _say(f"{path}: others can read the course's secret, and its file system keeps it so. Name a file elsewhere.")
        return
    _say(f"{path}: others could read the course's secret, now its owner only. If students could, delete the file.")


def _say(line: str) -> None:
    print(line, file=sys.stderr)
