"""Tables of extensions, as people and spreadsheets write them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from grader.common.errors import CourseError
from grader.gradebook.extensions import Extension, extensions_in, keep_extensions, kept_extensions

DUE = datetime(2026, 11, 20, 18)
KNOWN = {"ada", "ben", "Ünal"}


def read(text: str | bytes) -> list:
    return list(extensions_in(text if isinstance(text, bytes) else text.encode(), DUE, KNOWN))


@pytest.mark.parametrize(
    ("text", "extra"),
    [
        ("student,days\nada,2", timedelta(days=2)),
        ("student,hours\nada,1.5", timedelta(hours=1.5)),
        ("student;days;hours\nada;1;\n", timedelta(days=1)),
        ("student\tdays\thours\nada\t1\t2\n", timedelta(days=1, hours=2)),
        ("Student ; Date \r\n ada ; 2026-11-21 18:00 \r\n", timedelta(days=1)),
        ("student,until\nada,2026-11-20T19:00+01:00", timedelta()),
        ("student,until\nada,2026-11-20 19:00 UTC", timedelta(hours=1)),
        ("student,due\nada,20.11.2026 18:30", timedelta(minutes=30)),
        ("student,date\nada,20.11.2026", timedelta(hours=5, minutes=59, seconds=59)),
        ("\n\nremark,student,days\nill,ada,1\n\n", timedelta(days=1)),
        ('student,days\n"ada","1"', timedelta(days=1)),
    ],
)
def test_forms(text: str, extra: timedelta) -> None:
    """Is each form read for what it says?"""
    (one,) = read(text)
    assert (one.student, one.extra) == ("ada", extra)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_of_spreadsheets(encoding: str) -> None:
    """Is the byte order mark no part of the first column's name?"""
    (one,) = read("student;days\nÜnal;1\n".encode(encoding))
    assert one == Extension(2, "Ünal", timedelta(days=1))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("zoe,1,", "zoe: the course has no such student"),
        (",1,", "no name: the course has no such student"),
        ("ada,-1,", "days '-1' is not a number of 0 or more"),
        ("ada,nan,", "is not a number"),
        ("ada,1e9,", "more than 3660 days"),
        ("ada,,", "neither days nor hours"),
        ("ada", "neither days nor hours"),
    ],
)
def test_line_that_is_left_out(line: str, why: str) -> None:
    """Is it named with the reason, and the next line read?"""
    refused, ben = read(f"student,days,hours\n{line}\nben,1,\n")
    assert (refused.line, ben) == (2, Extension(3, "ben", timedelta(days=1)))
    assert why in refused.why


@pytest.mark.parametrize(
    ("date", "why"),
    [
        ("11/21/2026", "is not a date; write it as 2026-12-01 18:00"),
        ("2026-02-30", "is not a date"),
        ("soon", "is not a date"),
        ("", "is not a date"),
        ("2026-11-19", "is before the due date, 2026-11-20 18:00 UTC"),
        ("2062-11-21", "more than 3660 days"),
    ],
)
def test_date_that_is_left_out(date: str, why: str) -> None:
    """Is a date that may mean two days, or is none, never guessed?"""
    (refused,) = read(f"student,date\nada,{date}\n")
    assert why in refused.why


def test_student_who_stands_there_twice() -> None:
    """Does the first line count, and is the second named?"""
    first, second = read("student,days\nada,1\nada,2\n")
    assert first.extra == timedelta(days=1)
    assert "stands in line 2 already" in second.why


@pytest.mark.parametrize(
    "text", ["", "name,days\nada,1", "student\nada", "student,days,date\nada,1,2026-12-01", b"\xff\xff"]
)
def test_table_that_is_none(text: str | bytes) -> None:
    """Is a table refused as a whole whose columns are not these, or not clear?"""
    with pytest.raises(CourseError):
        read(text)


def test_kept_for_later(tmp_path: Path) -> None:
    """Are earlier ones kept beside new ones, and taken away with 0?"""
    keep_extensions(tmp_path, "lab", {"ada": timedelta(days=1), "ben": timedelta(hours=1)})
    keep_extensions(tmp_path, "lab", {"ada": timedelta(), "cem": timedelta(hours=2)})
    assert kept_extensions(tmp_path, "lab") == {"ben": timedelta(hours=1), "cem": timedelta(hours=2)}
    assert kept_extensions(tmp_path, "other") == {}


def test_damaged_file(tmp_path: Path) -> None:
    """Is it named with the remedy?"""
    keep_extensions(tmp_path, "lab", {"ada": timedelta(days=1)})
    (tmp_path / ".grader" / "extensions" / "lab.json").write_text("[1]")
    with pytest.raises(CourseError, match=r"lab\.json: is damaged\. Delete it"):
        kept_extensions(tmp_path, "lab")
