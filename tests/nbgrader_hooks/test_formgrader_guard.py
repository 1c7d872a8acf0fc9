"""Formgrader's server and files that students handed in: no list waits for one, and none opens as a course."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest
from nbgrader.coursedir import CourseDirectory

from grader.nbgrader_hooks.formgrader_guard import GuardedAPI, is_inside_course


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = tmp_path / "course"
    (folder / "submitted" / "ada" / "ps1").mkdir(parents=True)
    (folder / "nbgrader_config.py").touch()
    return folder


def time_of(course: Path) -> datetime | None:
    return GuardedAPI(CourseDirectory(root=str(course))).get_submitted_timestamp("ps1", "ada")


def test_a_time_is_read(course: Path) -> None:
    """Is an ordinary time the one that nbgrader records, in UTC?"""
    (course / "submitted" / "ada" / "ps1" / "timestamp.txt").write_text("2026-11-28 12:00:00 +01:00\n")
    assert time_of(course) == datetime(2026, 11, 28, 11)


def test_what_is_no_time_stops_no_list(course: Path) -> None:
    """Are a pipe, a device and a text without a time nothing but a missing time?"""
    path = course / "submitted" / "ada" / "ps1" / "timestamp.txt"
    assert time_of(course) is None
    path.write_text("yesterday")
    assert time_of(course) is None
    path.unlink()
    path.symlink_to("/dev/zero")
    assert time_of(course) is None
    path.unlink()
    os.mkfifo(path)
    assert time_of(course) is None


def test_only_a_courses_own_folder_is_outside_of_courses(course: Path, tmp_path: Path) -> None:
    """Is a folder below a course refused by any of its paths, and the course itself not?"""
    (tmp_path / "link").symlink_to(course / "submitted" / "ada")
    assert not is_inside_course(str(course))
    assert not is_inside_course(str(tmp_path))
    below = course / "submitted" / "ada" / "ps1"
    for path in (below, course / "submitted", tmp_path / "link" / "ps1", Path(f"{course}/x/../submitted/ada")):
        assert is_inside_course(str(path)), path
