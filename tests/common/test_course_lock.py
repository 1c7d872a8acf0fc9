"""Who may be at work in a course at the same time."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.common.course_lock import nobody_writes, one_at_a_time
from grader.common.errors import CourseError


def test_second_grader_is_refused(tmp_path: Path) -> None:
    """Is a second grader refused, and a reader, until the first has ended?"""
    with one_at_a_time(tmp_path):
        for lock in (one_at_a_time, nobody_writes):
            with pytest.raises(CourseError, match="another grader is at work"), lock(tmp_path):
                pass
    with one_at_a_time(tmp_path):
        pass


def test_readers_share(tmp_path: Path) -> None:
    """May several read at once, while no grader may begin?"""
    with one_at_a_time(tmp_path):
        pass
    with nobody_writes(tmp_path), nobody_writes(tmp_path), pytest.raises(CourseError), one_at_a_time(tmp_path):
        pass


def test_reader_makes_no_file(tmp_path: Path) -> None:
    """Is nothing left in a course that nobody has graded?"""
    with nobody_writes(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []
