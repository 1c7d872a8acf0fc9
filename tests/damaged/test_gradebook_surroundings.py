"""A gradebook that is missing, locked, damaged or of another version: one line, and nothing lost."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from commands import refused
from small_class import autograde, submit, totals

BOTH = {"ada": 11.0, "ben": 11.0}


def query(course: Path, *statements: str) -> None:
    with closing(sqlite3.connect(course / "gradebook.db")) as gradebook:
        for statement in statements:
            gradebook.execute(statement)
        gradebook.commit()


def test_gradebook_is_missing(small_class: Path) -> None:
    """Is a gradebook that knows nothing of the assignment told with the command that enters it?"""
    (small_class / "gradebook.db").unlink()
    refused(autograde(small_class), "knows no assignment chain", "grader release chain")


def test_gradebook_is_no_database(small_class: Path) -> None:
    """Is a damaged gradebook named, and left as it is?"""
    (small_class / "gradebook.db").write_bytes(b"x" * 5000)
    refused(autograde(small_class), "gradebook.db is damaged")
    assert (small_class / "gradebook.db").read_bytes() == b"x" * 5000


@pytest.mark.parametrize(
    "statement",
    ["ALTER TABLE assignment RENAME COLUMN duedate TO due", "ALTER TABLE comment RENAME COLUMN auto_comment TO auto"],
)
def test_gradebook_of_another_version(statement: str, small_class: Path) -> None:
    """Is a gradebook with other columns told with the command that upgrades it?"""
    query(small_class, statement)
    done = autograde(small_class)
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert "is of another version of nbgrader" in line and "nbgrader db upgrade" in line
    assert done.exit_code == 1


def test_gradebook_with_another_stamp(small_class: Path) -> None:
    """Is a stamp of an unknown version no obstacle, where all columns are there?"""
    query(small_class, "UPDATE alembic_version SET version_num = 'ffffffffffff'")
    assert autograde(small_class).exit_code == 0
    assert totals(small_class) == BOTH


def test_gradebook_is_locked(small_class: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a gradebook that another process holds named, nothing lost, and does the next run go on?"""
    plain = sqlite3.connect
    monkeypatch.setattr("sqlite3.dbapi2.connect", lambda *words, **named: plain(*words, **{**named, "timeout": 0.1}))
    with closing(plain(small_class / "gradebook.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = autograde(small_class)
        other.execute("ROLLBACK")
    assert done.exit_code == 1
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert "gradebook.db is locked by another process" in line
    assert autograde(small_class).exit_code == 0
    assert totals(small_class) == BOTH


def test_gradebook_refuses_a_student(small_class: Path) -> None:
    """Does a student whose rows the gradebook does not take cost nobody else theirs?"""
    submit(small_class, "cem")
    query(
        small_class,
        "CREATE TRIGGER no_cem BEFORE INSERT ON student WHEN NEW.id = 'cem' "
        "BEGIN SELECT RAISE(ABORT, 'value too long'); END",
    )
    done = autograde(small_class)
    assert done.exit_code == 3
    assert "cem: the gradebook refuses the result (value too long)" in done.stderr
    assert totals(small_class) == BOTH


def test_name_that_is_not_utf8(small_class: Path) -> None:
    """Is a student's folder whose name no gradebook can hold told, and nobody else harmed?"""
    submit(small_class, os.fsdecode(b"j\xf6rg"))
    done = autograde(small_class)
    assert done.exit_code == 3
    assert r"j\udcf6rg: chain.ipynb: the student's folder has no UTF-8 name" in done.stderr
    assert totals(small_class) == BOTH


def test_started_elsewhere(small_class: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is the course's own gradebook written to, and no other one made, where its URL is relative?"""
    with (small_class / "nbgrader_config.py").open("a") as config:
        config.write("c.CourseDirectory.db_url = 'sqlite:///gradebook.db'\n")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    done = autograde(small_class)
    assert done.exit_code == 0, done.stderr
    assert totals(small_class) == BOTH
    assert list(Path.cwd().iterdir()) == []


@pytest.mark.parametrize("words", [(), ("--dry-run",)])
def test_url_that_is_none(small_class: Path, words: tuple[str, ...]) -> None:
    """Is the setting named, and its text, which may hold a password, not shown?"""
    with (small_class / "nbgrader_config.py").open("a") as config:
        config.write("c.CourseDirectory.db_url = 'nonsense'\n")
    done = autograde(small_class, *words)
    refused(done, "c.CourseDirectory.db_url", "Fix it")
    assert "nonsense" not in done.stderr
