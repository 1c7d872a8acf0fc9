"""A mistake in nbgrader_config.py is one line: the file, the place or the setting, and no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import grader, refused
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from small_courses import chain
from traitlets import Float, Integer

from grader.config.nbgrader_config import FOLDERS, GRADING
from grader.config.traits import Judge
from grader.course import Course

LIMITS = [name for name, trait in Judge.class_own_traits(config=True).items() if isinstance(trait, Float | Integer)]
"""every number that may be set"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = chain(tmp_path / "course").folder
    (folder / "submitted" / "ada" / "chain").mkdir(parents=True)
    return folder


def configure(course: Path, text: str) -> int:
    """Add lines to the configuration; return the number of the last."""
    with (course / "nbgrader_config.py").open("a") as config:
        config.write(f"{text}\n")
    return len((course / "nbgrader_config.py").read_text().splitlines())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("c.Judge.call_seconds = (", "SyntaxError: '(' was never closed"),
        ("c.Judge.call_seconds = three", "NameError: name 'three' is not defined"),
        ("c.Judge.call_seconds = int('three')", "ValueError: invalid literal"),
        ("open('/not/there')", "FileNotFoundError"),
    ],
)
def test_file_that_stops_with_an_error(text: str, said: str, course: Path) -> None:
    """Are the file, the line and the error told?"""
    line = configure(course, text)
    refused(grader(course, "autograde", "chain"), f"nbgrader_config.py, line {line}: {said}", "start again")


def test_file_that_is_no_text(course: Path) -> None:
    """Is there a line where no line is known?"""
    (course / "nbgrader_config.py").write_bytes(b"c = '\xff'")
    refused(grader(course, "autograde", "chain"), "nbgrader_config.py", "Fix that")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("c.Judge.call_seconds = 'three'", "'call_seconds' trait of a Judge"),
        ("c.Judge.preload = 3", "'preload' trait of a Judge"),
        ("c.CountParts.parts = ['forward']", "'parts' trait of a CountParts"),
        ("c.CountParts.parts = {'forward': 'yes'}", "'parts' trait of a CountParts"),
        ("c.AssignLatePenalties.plugin_class = 'late.Half'", "'plugin_class' trait of the AssignLatePenalties"),
        ("c.CourseDirectory.student_id_exclude = ['ada']", "c.CourseDirectory.student_id_exclude = ['ada']"),
        ("c.CourseDirectory.db_url = 3", "'db_url' trait of a CourseDirectory"),
    ],
)
def test_value_of_a_wrong_kind(text: str, said: str, course: Path) -> None:
    """Are the file and the setting told, and is nobody graded?"""
    configure(course, text)
    refused(grader(course, "autograde", "chain"), "nbgrader_config.py: ", said, "start again")


def test_setting_that_is_misspelt(course: Path) -> None:
    """Is a setting that there is not refused, with the one that was meant?"""
    configure(course, "c.Judge.call_second = 1")
    refused(grader(course, "autograde", "chain"), "c.Judge.call_second: there is no such setting. Is it call_seconds?")


def test_address_of_a_gradebook_that_is_none(course: Path) -> None:
    """Is it told without being shown? It may hold a password."""
    configure(course, "c.CourseDirectory.db_url = 'postgresql+psycopg2//ada:secret@host/db'")
    done = grader(course, "autograde", "chain")
    refused(done, "c.CourseDirectory.db_url: is not a database URL")
    assert "secret" not in done.stdout + done.stderr


@pytest.mark.parametrize("value", ["0", "-1"])
@pytest.mark.parametrize("limit", LIMITS)
def test_limit_that_nothing_can_keep(limit: str, value: str, course: Path) -> None:
    """Is a limit that would fail everybody refused by name?"""
    configure(course, f"c.Judge.{limit} = {value}")
    refused(grader(course, "autograde", "chain"), f"c.Judge.{limit} = {value}", "more than 0")


def test_endless_time_is_refused(course: Path) -> None:
    """Are numbers refused that are no time at all?"""
    configure(course, "c.Judge.cell_seconds = float('nan')")
    refused(grader(course, "autograde", "chain"), "c.Judge.cell_seconds = nan")


@pytest.mark.parametrize(
    "setting",
    [
        "CourseDirectory.source_directory = 'masters'",
        "CourseDirectory.release_directory = 'out'",
        "CourseDirectory.submitted_directory = 'handed_in'",
        "CourseDirectory.autograded_directory = 'done'",
        "CourseDirectory.directory_structure = '{assignment_id}/{nbgrader_step}/{student_id}'",
        "CourseDirectory.root = '/somewhere/else'",
        "CourseDirectory.student_id = 'a*'",
        "CourseDirectory.notebook_id = 'chain*'",
        "Autograde.create_student = False",
    ],
)
def test_setting_of_nbgrader_that_is_not_followed(setting: str, course: Path) -> None:
    """Is a setting refused by name, rather than passed over?"""
    configure(course, f"c.{setting}")
    refused(grader(course, "autograde", "chain"), f"nbgrader_config.py: c.{setting}: ", "Remove the setting")


def test_root_that_is_the_course(course: Path) -> None:
    """Does a course that says where it is stay one?"""
    configure(course, f"c.CourseDirectory.root = {str(course)!r}")
    assert Course(course).config.CourseDirectory.root == str(course)


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("sqlite:///gradebook.db", "sqlite:///{course}/gradebook.db"),
        ("sqlite:///books/g.db?timeout=9", "sqlite:///{course}/books/g.db?timeout=9"),
        ("sqlite:////srv/gradebook.db", "sqlite:////srv/gradebook.db"),
        ("postgresql+psycopg2://me@host/grades", "postgresql+psycopg2://me@host/grades"),
    ],
)
def test_gradebook_is_the_courses(url: str, meant: str, course: Path) -> None:
    """Does a relative path lead into the course's folder, wherever the command is started?"""
    configure(course, f"c.CourseDirectory.db_url = {url!r}")
    assert Course(course).config.CourseDirectory.db_url == meant.format(course=course)


@pytest.mark.parametrize(
    ("section", "name", "default"), [(*key, value) for key, value in {**FOLDERS, **GRADING}.items()]
)
def test_defaults_are_nbgraders(section: str, name: str, default: object) -> None:
    """Are the values that we go by those of a course that sets nothing?"""
    trait = {"CourseDirectory": CourseDirectory, "Autograde": Autograde}[section].class_traits()[name]
    assert trait.default_value == default
