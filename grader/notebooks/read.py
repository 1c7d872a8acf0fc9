"""Read an untrusted notebook file. Links, pipes, half-written files and files of gigabytes are refused."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

from checks.messages import say
from grader.common.errors import SubmissionError, UnreadableError
from grader.config.limits import NOTEBOOK_FILE_BYTES, NOTEBOOK_FILE_VALUES, NOTEBOOK_READ_PAUSE_SECONDS, NOTEBOOK_READS
from grader.notebooks.parse import values, without_outputs


def read_notebook(path: Path, max_bytes: int) -> bytes:
    """Return the file's bytes. A file of more than max_bytes loses its outputs, because these do not count.

    Raises SubmissionError for a fault that the student has to fix, and UnreadableError for one that may pass. Messages
    begin with the file's name.
    """
    for attempt in range(NOTEBOOK_READS):
        if attempt:
            time.sleep(NOTEBOOK_READ_PAUSE_SECONDS)
        before = _status(path)
        if before.st_size > NOTEBOOK_FILE_BYTES:
            raise too_large(path.name, before.st_size, NOTEBOOK_FILE_BYTES)
        # one byte more than there was shows a file that has grown, without reading all of it
        content = _read(path, before.st_size + 1)
        after = _status(path)
        # a student, or a synchronised folder, may be writing: bytes of two versions would be graded as one
        if _same(before, after) and len(content) == after.st_size:
            if len(content) <= max_bytes:
                return content
            if values(content) > NOTEBOOK_FILE_VALUES:
                raise too_large(path.name, len(content), max_bytes)
            return without_outputs(content)
    raise UnreadableError(f"{path.name}: changes while it is read. Grade it again when it no longer changes.")


def too_large(name: str, size: int, limit: int) -> SubmissionError:
    """The error for a file of too many bytes."""
    return SubmissionError(
        say(
            "{file}: is {size} MB large, where {limit} MB are read. Clear its outputs and hand it in again.",
            file=name,
            size=f"{size / 1e6:.0f}",
            limit=f"{limit / 1e6:.0f}",
        )
    )


def _same(before: os.stat_result, after: os.stat_result) -> bool:
    return (before.st_ino, before.st_size, before.st_mtime_ns) == (after.st_ino, after.st_size, after.st_mtime_ns)


def _status(path: Path) -> os.stat_result:
    try:
        status = os.lstat(path)  # not `stat`: a link could lead to another student's notebook
    except FileNotFoundError:
        said = say("{file}: was not handed in, or is not there. Ask for it.", file=path.name)
        raise SubmissionError(said) from None
    except OSError as error:
        raise _unreadable(path, error) from None
    if not stat.S_ISREG(status.st_mode):
        kinds = {stat.S_IFLNK: say("a link"), stat.S_IFDIR: say("a folder")}
        kind = kinds.get(stat.S_IFMT(status.st_mode), say("no plain file"))
        told = say("{file}: is {kind}. Ask the student for the notebook itself.", file=path.name, kind=kind)
        raise SubmissionError(told)
    return status


def _read(path: Path, size: int) -> bytes:
    try:
        # the file may have become a link or a pipe since its status was read; a pipe would block here
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            return file.read(size)
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError) -> UnreadableError:
    return UnreadableError(f"{path.name}: cannot be read ({error.strerror}). Fix that and grade it again.")
