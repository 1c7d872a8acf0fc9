"""The course's secret: the key of the hidden tests' seeds.

The first run makes it, readable by its owner only. It lies in the course's folder, outside of `source/` and `release/`.
No worker, session or result ever holds it.
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
"""The default path of the secret, relative to the course's folder."""
SECRET_BYTES = 32
"""Bytes of a secret: as many as the digest of the HMAC that it keys."""
COPIED = ("source", "release", "submitted", "autograded", "feedback")
"""Folders of a course. Their files reach students, sessions or pages."""


def course_secret(course: Path, secret_file: str = SECRET_FILE, may_write: bool = True) -> bytes:
    """Return the bytes of the course's secret.

    secret_file: path of the secret; a relative path starts at the course's folder. may_write: make the file if it is
    missing; otherwise each call draws another secret.

    Wrong permissions are repaired, with a line on stderr. If the file cannot be written or belongs to another user, a
    line on stderr says so, and the secret is drawn for this process only. Raises CourseError if the file lies in the
    wrong place or cannot be used.
    """
    path = course / secret_file
    _refuse_place(course, path)
    if not os.path.lexists(path):  # a link that leads nowhere is a fault to report, not a place for a new secret
        if not may_write:
            return secrets.token_bytes(SECRET_BYTES)
        try:
            _make(path)
        except OSError as error:
            _say(f"{path}: cannot be written ({error.strerror}). The hidden tests' seeds are drawn for this run only.")
            return secrets.token_bytes(SECRET_BYTES)
    if not os.access(path, os.R_OK):  # an instructor may look at a notebook that another user grades
        _say(f"{path}: belongs to another user. The hidden tests' seeds are drawn for this run only.")
        return secrets.token_bytes(SECRET_BYTES)
    return _read(path)


def _refuse_place(course: Path, path: Path) -> None:
    place = path.resolve()  # a link, or a path with "..", may lead into one of the folders
    for name in COPIED:
        if place.is_relative_to((course / name).resolve()):
            raise CourseError(f"{path}: the course's secret must not lie in {name}/. Fix c.Judge.secret_file.")


def _make(path: Path) -> None:
    """Write a new secret, the whole file or none. If several processes write one, the first one stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = f"{secrets.token_hex(SECRET_BYTES)}\n".encode()
    descriptor, temporary = tempfile.mkstemp(prefix=".secret-", dir=path.parent)  # mkstemp gives it mode 600
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            # a power cut must not leave an empty secret behind: the seeds of this run depend on the content
            os.fsync(file.fileno())
        # a link, unlike a move, never replaces the secret of another process
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
        # on a file system without hard links, another process may be in the middle of writing the file
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
    # FAT and some network file systems accept chmod and ignore it
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        _say(
            f"{path}: others can read the course's secret, and its file system cannot hide it. "
            "Set c.Judge.secret_file to a path on another file system."
        )
        return
    _say(
        f"{path}: others could read the course's secret; now only its owner can. "
        "If students could read it, delete the file."
    )


def _say(line: str) -> None:
    print(line, file=sys.stderr)
