"""The course's secret: made once, kept from others, and said plainly where it cannot be used."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from grader.common.errors import CourseError
from grader.config.course_secret import SECRET_BYTES, SECRET_FILE, course_secret


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_made_once_for_its_owner_only(tmp_path: Path) -> None:
    """Does it stay the same, in a file that nobody else can read, with nothing left beside it?"""
    first = course_secret(tmp_path)
    assert course_secret(tmp_path) == first and len(first) == SECRET_BYTES
    assert mode(tmp_path / SECRET_FILE) == 0o600
    assert [path.name for path in (tmp_path / ".grader").iterdir()] == ["secret"]
    (tmp_path / "other").mkdir()
    assert course_secret(tmp_path / "other") != first


def test_many_processes_at_once(tmp_path: Path) -> None:
    """Do processes that start together agree on one secret?"""
    show = "import sys, pathlib\nfrom grader.config.course_secret import course_secret\n"
    show += "sys.stdin.read()\nprint(course_secret(pathlib.Path(sys.argv[1])).hex())"
    command = [sys.executable, "-c", show, str(tmp_path)]
    with ExitStack() as stack:
        started = [
            stack.enter_context(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
            for _ in range(4)
        ]
        for process in started:
            process.stdin.close()
        assert len({process.stdout.read() for process in started}) == 1
    assert [process.returncode for process in started] == [0] * 4


@pytest.mark.parametrize("open_to", [0o644, 0o640, 0o666])
def test_others_could_read_it(tmp_path: Path, capsys: pytest.CaptureFixture[str], open_to: int) -> None:
    """Are its permissions repaired, with a line, once?"""
    secret = course_secret(tmp_path)
    (tmp_path / SECRET_FILE).chmod(open_to)
    assert course_secret(tmp_path) == secret
    assert mode(tmp_path / SECRET_FILE) == 0o600
    assert "others could read the course's secret" in capsys.readouterr().err
    course_secret(tmp_path)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("content", [b"", b"abc", b"\xff" * 100, b"00" * 8])
def test_damaged(tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a file that holds no secret an error, never a weak key?"""
    monkeypatch.setattr("grader.config.course_secret.PATIENCE", 0)
    course_secret(tmp_path)
    (tmp_path / SECRET_FILE).write_bytes(content)
    with pytest.raises(CourseError, match=r"holds no secret\. Delete it"):
        course_secret(tmp_path)


@pytest.mark.parametrize("place", ["source/secret", "release/a/secret", "x/../submitted/secret", "feedback/secret"])
def test_place_that_students_see(tmp_path: Path, place: str) -> None:
    """Is a path in a folder whose files travel refused?"""
    with pytest.raises(CourseError, match=r"Fix c\.Judge\.secret_file"):
        course_secret(tmp_path, place)
    assert not (tmp_path / "source").exists()


def test_link_into_such_a_place(tmp_path: Path) -> None:
    (tmp_path / ".grader").mkdir()
    (tmp_path / "release").mkdir()
    (tmp_path / SECRET_FILE).symlink_to(tmp_path / "release" / "secret")
    with pytest.raises(CourseError, match="must not lie in release/"):
        course_secret(tmp_path)


def test_elsewhere(tmp_path: Path) -> None:
    place = tmp_path / "keys" / "course"
    assert course_secret(tmp_path / "course", str(place)) == course_secret(tmp_path, "keys/course")
    assert mode(place) == 0o600


def test_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Is grading possible all the same, with other seeds each time and a line that says so?"""
    (tmp_path / ".grader").write_text("in the way")
    assert course_secret(tmp_path) != course_secret(tmp_path)
    assert "for this run only" in capsys.readouterr().err


def test_nothing_is_written_where_nothing_may_be(tmp_path: Path) -> None:
    assert len(course_secret(tmp_path, may_write=False)) == SECRET_BYTES
    assert list(tmp_path.iterdir()) == []
