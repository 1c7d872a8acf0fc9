"""Rosters as spreadsheets and learning systems save them."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import grader
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from small_courses import chain

from grader.common.errors import RosterError
from grader.gradebook.roster import read_roster

HEAD = "id,first_name,last_name,email,lms_user_id"
ADA = {"id": "ada", "first_name": "Ada", "last_name": "Lovelace", "email": "ada@x.org", "lms_user_id": "101"}
LINE = "ada,Ada,Lovelace,ada@x.org,101"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_way_of_saving_is_read(encoding: str, separator: str, end: str, tmp_path: Path) -> None:
    """Are byte-order marks, separators and line ends of all kinds the same roster?"""
    text = end.join([HEAD, LINE, ""]).replace(",", separator)
    assert read_roster(written(tmp_path, text, encoding)) == ([ADA], [])


def test_umlauts_of_an_old_excel_are_read(tmp_path: Path) -> None:
    """Is a file that is not UTF-8 read as Excel writes it?"""
    students, _ = read_roster(written(tmp_path, "id;first_name\nj;Jürgen\n", "cp1252"))
    assert students == [{"id": "j", "first_name": "Jürgen"}]


def test_empty_fields_and_lines_and_other_columns_do_no_harm(tmp_path: Path) -> None:
    """Is what is not there None, and what has no place left out by name?"""
    students, others = read_roster(written(tmp_path, "\nID, Last Name ,Group\n\nada,,7\n , ,\n"))
    assert (students, others) == ([{"id": "ada", "last_name": None}], ["Group"])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("name\nada\n", "has no column 'id', but: name"),
        ("id\nada\nada\n", "line 3: the id ada is there twice"),
        ("id,email\n,a@x.org\n", "line 2: has no id"),
        ("id,last_name\nada,Lovelace, Countess\n", "line 2: has 3 fields"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_line(text: str, says: str, tmp_path: Path) -> None:
    """Is it one sentence with the place?"""
    with pytest.raises(RosterError, match=says):
        read_roster(written(tmp_path, text))


@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, unique=True))
def test_everybody_on_the_list_is_read(names: list[str]) -> None:
    """Does every id come out, in its order?"""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        students, _ = read_roster(written(Path(folder), "\n".join(["id", *names])))
    assert [student["id"] for student in students] == names


def test_command_puts_them_into_the_gradebook(tmp_path: Path) -> None:
    """Are they there afterwards, and changed by a second roster?"""
    course = chain(tmp_path / "course").folder
    for name in ("Ada", "Augusta"):
        roster = written(tmp_path, f"id;first_name\nada;{name}\n", "utf-8-sig")
        done = grader(course, "import-students", str(roster))
        assert done.exit_code == 0 and "1 students are in the gradebook" in done.stdout
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
            assert [student.first_name for student in gradebook.students] == [name]
