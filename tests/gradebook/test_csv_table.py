"""The one reader of tables that spreadsheets and learning systems save, as rosters and extensions use it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from grader.common.errors import CourseError, RosterError, TableError
from grader.gradebook.csv_table import Row, read_table
from grader.gradebook.extensions import Extension, Refused, extensions_in
from grader.gradebook.roster import read_roster

DUE = datetime(2026, 11, 20, 18)
TABLE = "Id,Days\nJürgen,1\nben,2\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_both_lists_read_every_way_of_saving(encoding: str, separator: str, end: str, tmp_path: Path) -> None:
    """Do rosters and extensions read the same file alike, whatever program saved it?"""
    content = TABLE.replace(",", separator).replace("\n", end).encode(encoding)
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    assert read_roster(path) == ([{"id": "Jürgen"}, {"id": "ben"}], ["Days"])
    assert list(extensions_in(content, DUE, {"Jürgen", "ben"})) == [
        Extension(2, "Jürgen", timedelta(days=1)),
        Extension(3, "ben", timedelta(days=2)),
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"id,days\nada\0,1\n", "is no text"),
        ("id,days\nada,1\n".encode("utf-16") + b"\x00", "is no text"),
        (b"PK\x03\x04\x14\x00\x06\x00", "is no text"),
        (b'id,days\n"ada,1\n', "line 2: is not valid CSV"),
        (b"id,Days,days\nada,1,2\n", "has two columns 'days'"),
        (b"id,id,days\nada,ben,2\n", "has two columns 'id'"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, says: str, tmp_path: Path) -> None:
    """Is nothing guessed, and the file named by who reads it?"""
    with pytest.raises(CourseError, match=says):
        list(extensions_in(content, DUE, {"ada"}))
    if "days" not in says:
        path = tmp_path / "roster.csv"
        path.write_bytes(content)
        with pytest.raises(RosterError, match=f"roster.csv: {says}"):
            read_roster(path)


def test_decimal_comma_between_commas_is_no_whole_day() -> None:
    """Is a line with a cell too many left out, where half a day would be lost without a word?"""
    first, ben = extensions_in(b"student,days\nada,1,5\nben,1\n", DUE, {"ada", "ben"})
    assert isinstance(first, Refused) and "has 3 fields, where the head has 2. Quote fields" in first.why
    assert ben == Extension(3, "ben", timedelta(days=1))


def test_lines_are_counted_as_an_editor_does() -> None:
    """Do empty lines, and a line break inside quotes, count as lines of the file?"""
    table = read_table(b'\n\nid,note\n\nada,"two\nlines"\n , \nben\n')
    assert table.columns == ("id", "note")
    assert table.rows == (Row(6, ("ada", "two\nlines")), Row(8, ("ben", "")))


def test_empty_file_has_no_columns() -> None:
    """Is an empty file an empty table, for the caller to say what is missing?"""
    assert read_table(b"").names == () == read_table(b"\xef\xbb\xbf\n\n").names


def test_name_that_stands_once_is_found_beside_others_that_do_not() -> None:
    """May columns that nobody asks for share a name?"""
    table = read_table(b"remark,id,remark\n")
    assert table.place("id") == 1 and table.place("days") is None
    with pytest.raises(TableError):
        table.place("remark")
