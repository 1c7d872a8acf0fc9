"""A course, a disk or a gradebook that is not as it should be: one line, and nothing lost."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import refused
from small_class import Here, autograde, submit, totals

import grader.batch.executors.registry
import grader.notebooks.read
from grader.assignments.bundle import Bundle

BOTH = {"ada": 11.0, "ben": 11.0}


def spoil(course: Path, student: str = "ada") -> None:
    """Hand in something else, so that there is something to grade."""
    path = course / "submitted" / student / "chain" / "chain.ipynb"
    path.write_bytes(path.read_bytes().replace(b"return 'apart'", b"return 'spoilt'"))


# ------------------------------------------------------------------ the course


def test_submitted_is_empty_or_missing(small_class: Path) -> None:
    """Is it an error, and not a success, where there is nothing at all to grade?"""
    shutil.rmtree(small_class / "submitted")
    refused(autograde(small_class), "submitted/ holds no chain", "Collect it")


def test_student_who_is_not_there(small_class: Path) -> None:
    """Is a name with a typing error told before anybody is graded, though another one is right?"""
    words = ("--student", "ada", "--student", "adda", "--student", "nobody")
    refused(
        autograde(small_class, *words), "submitted/ holds no chain of adda, nobody", "--student", "nobody was graded"
    )
    assert totals(small_class) == {}


def test_student_who_is_excluded(small_class: Path) -> None:
    """Is whom nbgrader would leave out left out, also when named, and is it an error where nobody is left?"""
    with (small_class / "nbgrader_config.py").open("a") as config:
        config.write("c.CourseDirectory.student_id_exclude = 'cem, ben'\n")
    for words in (("--student", "ben"), ("--student", "ada", "--student", "ben")):
        refused(autograde(small_class, *words), "c.CourseDirectory.student_id_exclude leaves out ben")
    assert autograde(small_class).exit_code == 0
    assert totals(small_class) == {"ada": 11}
    shutil.rmtree(small_class / "submitted" / "ada")
    refused(autograde(small_class), "c.CourseDirectory.student_id_exclude leaves out ben")


def test_student_without_the_assignment(small_class: Path) -> None:
    """Does a student who handed in nothing get no row, as in nbgrader, and the others theirs?"""
    (small_class / "submitted" / "cem" / "other").mkdir(parents=True)
    (small_class / "submitted" / "notes.txt").write_text("no student")
    assert autograde(small_class).exit_code == 0
    assert totals(small_class) == BOTH


def test_release_is_missing(small_class: Path) -> None:
    """Is a missing release named once, with the command that makes it?"""
    shutil.rmtree(small_class / "release")
    refused(autograde(small_class), "release/chain: does not exist", "Run `grader release chain`")


def test_assignment_is_unknown(small_class: Path) -> None:
    """Is a missing master named with the assignments that there are?"""
    shutil.rmtree(small_class / "source")
    refused(autograde(small_class), "there is no assignment 'chain'")


def test_master_is_no_notebook(small_class: Path) -> None:
    """Is a broken master named with its path?"""
    (small_class / "source" / "chain" / "chain.ipynb").write_text("{")
    refused(autograde(small_class), "source/chain/chain.ipynb: is not a notebook")


def test_master_changes_during_the_run(small_class: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is the whole class graded with one master, and all of it anew by the next run?"""
    master = small_class / "source" / "chain" / "chain.ipynb"

    class Edited(Here):
        def run(self, bundle: Bundle, jobs: Iterator) -> Iterator:
            for outcome in super().run(bundle, jobs):
                master.write_text(master.read_text().replace("apart() == 'apart'", "apart() == 'other'"))
                yield outcome

    with monkeypatch.context() as patch:
        patch.setattr(grader.batch.executors.registry, "LocalExecutor", Edited)
        assert autograde(small_class).exit_code == 0
    assert totals(small_class) == BOTH
    assert autograde(small_class).exit_code == 0
    assert totals(small_class) == {"ada": 10, "ben": 10}


def test_two_graders_at_once(small_class: Path) -> None:
    """Does the second grader of a course say so, and end?"""
    (small_class / ".grader").mkdir()
    with open(small_class / ".grader" / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused(autograde(small_class), "another grader is at work here")
    assert autograde(small_class).exit_code == 0


def test_result_store_is_spoilt(small_class: Path) -> None:
    """Is a submission graded again where the memory of its grading cannot be read?"""
    assert autograde(small_class).exit_code == 0
    for student, content in (("ada", b"\xff"), ("ben", b"[]")):
        (small_class / ".grader" / "chain" / f"{student}.json").write_bytes(content)
    assert autograde(small_class).exit_code == 0
    assert totals(small_class) == BOTH


# ------------------------------------------------------------------ earlier results


@pytest.mark.parametrize("content", [None, b"", b"not JSON"])
def test_earlier_result_is_kept(content: bytes | None, small_class: Path) -> None:
    """Does a notebook that is gone or spoilt after it was graded leave the score, unless it is forced?"""
    assert autograde(small_class).exit_code == 0
    path = small_class / "submitted" / "ada" / "chain" / "chain.ipynb"
    path.unlink() if content is None else path.write_bytes(content)
    done = autograde(small_class)
    assert next(line for line in done.stderr.splitlines() if "ada" in line).endswith("kept; --force replaces it.")
    assert totals(small_class) == BOTH
    assert autograde(small_class, "--force").exit_code == 0
    assert totals(small_class) == {"ada": 0, "ben": 11}


def test_file_that_keeps_changing(small_class: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a notebook that is still being written left open, and graded when it has come to rest?"""
    path = small_class / "submitted" / "ada" / "chain" / "chain.ipynb"
    content = path.read_bytes()
    plain = grader.notebooks.read._read

    def growing(read: Path, size: int) -> bytes:
        found = plain(read, size)
        if read.parts[-3] == "ada":
            path.write_bytes(path.read_bytes() + b" ")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(grader.notebooks.read, "_read", growing)
        done = autograde(small_class)
    assert "ada: chain.ipynb: changes while it is read" in done.stderr
    assert done.exit_code == 3
    assert totals(small_class) == {"ada": 0, "ben": 11}
    path.write_bytes(content)
    assert autograde(small_class).exit_code == 0
    assert totals(small_class) == BOTH


def test_target_is_in_the_way(small_class: Path) -> None:
    """Does a student whose graded folder cannot be written cost nobody else anything?"""
    (small_class / "autograded").mkdir()
    (small_class / "autograded" / "ada").write_text("a file")
    done = autograde(small_class)
    assert done.exit_code == 3 and "ada: not graded: " in done.stderr
    assert totals(small_class) == {"ben": 11}


def test_permissions(small_class: Path) -> None:
    """Is each submission that may not be read left open, told on one line, and nobody else harmed?"""
    (submit(small_class, "notebook") / "chain.ipynb").chmod(0)
    submit(small_class, "folder").chmod(0)
    submit(small_class, "search").chmod(0o444)
    submit(small_class, "student").parent.chmod(0)
    with tempfile.TemporaryDirectory() as open_folder:  # pytest's own are closed to others
        os.chmod(open_folder, 0o711)
        course = shutil.copytree(small_class, Path(open_folder) / "course")
        done = as_ordinary_user(course)
        scores = totals(course)
    assert done.returncode == 3, done.stderr
    closed = ["folder", "notebook", "search", "student"]
    lines = done.stderr.splitlines()
    assert [line.partition(":")[0] for line in lines] == closed
    assert all("cannot be read (Permission denied). Fix that" in line for line in lines)
    assert scores == BOTH | dict.fromkeys(closed, 0)


ORDINARY = """
import os, sys
import grader.cli.main, grader.batch.executors.registry, grader.gradebook.write, small_class
import sqlite3, traitlets.config
small_class.Gradebook("sqlite:///:memory:").close()
os.setgroups([]); os.setresgid(65534, 65534, 65534); os.setresuid(65534, 65534, 65534)
class Pretended(small_class.Here):
    def run(self, bundle, jobs):
        yield from ((job, small_class.pretended(bundle, job)) for job in jobs)
grader.batch.executors.registry.LocalExecutor = Pretended
grader.cli.main.main(sys.argv[1:])
"""


def as_ordinary_user(course: Path) -> subprocess.CompletedProcess[str]:
    """Run in a process without root's rights. Reading and writing are real; the judging is not."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to become somebody else")
    for path in [course, *course.rglob("*")]:
        os.chown(path, 65534, 65534, follow_symlinks=False)
    paths = os.pathsep.join(path for path in sys.path if path)
    command = [sys.executable, "-c", ORDINARY, "--course", str(course), "autograde", "chain", "--quiet"]
    return subprocess.run(command, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False)


# ------------------------------------------------------------------ the disk


@pytest.fixture
def small_disk(small_class: Path) -> Iterator[Path]:
    """The class on a disk of two megabytes."""
    mount = small_class.parent / "disk"
    mount.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(mount)], capture_output=True, check=False
    )
    if done.returncode != 0:
        pytest.skip("needs root, to mount a small disk")
    try:
        yield shutil.copytree(small_class, mount / "course")
    finally:
        subprocess.run(["umount", str(mount)], check=True)


def fill(folder: Path) -> Path:
    path = folder / "ballast"
    with contextlib.suppress(OSError), open(path, "wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    return path


def test_full_disk(small_disk: Path) -> None:
    """Does a full disk end the run with one line, lose nothing, and does the next run go on?"""
    assert autograde(small_disk).exit_code == 0
    spoil(small_disk)
    ballast = fill(small_disk)
    done = autograde(small_disk)
    assert done.exit_code == 1
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert "No space left" in line or "is full" in line
    assert totals(small_disk) == BOTH
    ballast.unlink()
    assert autograde(small_disk).exit_code == 0
    assert totals(small_disk) == {"ada": 10, "ben": 11}


def test_read_only_course(small_disk: Path) -> None:
    """Is a course that cannot be written to named with a remedy?"""
    disk = str(small_disk.parent)
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    refused(autograde(small_disk), "Read-only file system", "Make it writable")
