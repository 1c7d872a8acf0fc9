"""Read a course's `nbgrader_config.py`; what is wrong in it is one line, with the place and the setting's name."""

from __future__ import annotations

import difflib
import re
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from traitlets import TraitError
from traitlets.config import Config, Configurable
from traitlets.config.loader import PyFileConfigLoader

from grader.common.errors import CourseError

CONFIG_FILE = "nbgrader_config.py"
Fixed = Mapping[tuple[str, str], object]
"""section and name of a setting of nbgrader's that we do not follow -> its default"""
FOLDERS: Fixed = {
    ("CourseDirectory", "source_directory"): "source",
    ("CourseDirectory", "release_directory"): "release",
    ("CourseDirectory", "submitted_directory"): "submitted",
    ("CourseDirectory", "autograded_directory"): "autograded",
    ("CourseDirectory", "directory_structure"): "{nbgrader_step}/{student_id}/{assignment_id}",
}
GRADING: Fixed = {
    ("CourseDirectory", "student_id"): "*",
    ("CourseDirectory", "notebook_id"): "*",
    ("Autograde", "create_student"): True,
}
"""those that matter when a class is graded"""


def load(course: Path) -> Config:
    """What the course's file sets. Raises CourseError where it stops with an error."""
    path = course / CONFIG_FILE
    try:
        config: Config = PyFileConfigLoader(CONFIG_FILE, path=str(course)).load_config()
    except SyntaxError as error:
        raise CourseError(_told(error.filename or path, error.lineno, error, error.msg)) from error
    except Exception as error:  # the file is a program: it may raise anything
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        raise CourseError(_told(path, lines[-1] if lines else None, error, str(error))) from error
    refuse_others(config, course, FOLDERS)
    root = config.CourseDirectory.get("root", "")
    if root and (course / str(root)).resolve() != course.resolve():
        raise CourseError(
            f"{path}: c.CourseDirectory.root = {root!r}: the grader works in {course}. Remove the setting."
        )
    _place_gradebook(config, course)
    return config


def _place_gradebook(config: Config, course: Path) -> None:
    """A relative path of SQLite's counts from the course, as for nbgrader, which is started there."""
    url = config.CourseDirectory.get("db_url", "")
    if isinstance(url, str) and (found := re.fullmatch(r"(sqlite(?:\+\w+)?:///)(?!/|:memory:|file:)(.+)", url)):
        config.CourseDirectory.db_url = f"{found[1]}{course.resolve() / found[2]}"


def refuse_others(config: Config, course: Path, fixed: Fixed) -> None:
    """Raises CourseError where a setting has another value than the one that the grader goes by."""
    for (section, name), value in fixed.items():
        found = config[section].get(name, value)
        if found != value:
            raise CourseError(
                f"{course / CONFIG_FILE}: c.{section}.{name} = {found!r}: the grader only knows {value!r}. "
                "Remove the setting."
            )


def refuse_unknown(config: Config, course: Path, section: type[Configurable]) -> None:
    """Raises CourseError for a setting that the section does not have: a limit that is misspelt would not hold."""
    known = section.class_trait_names(config=True)
    for name in config[section.__name__]:
        if name not in known:
            alike = difflib.get_close_matches(name, known, 1)
            raise CourseError(
                f"{course / CONFIG_FILE}: c.{section.__name__}.{name}: there is no such setting. "
                + (f"Is it {alike[0]}?" if alike else "Remove it.")
            )


def excluded(config: Config, course: Path) -> frozenset[str]:
    """The students whom nbgrader's setting leaves out. Raises CourseError where it is no text."""
    found = config.CourseDirectory.get("student_id_exclude", "")
    if not isinstance(found, str):
        raise CourseError(
            f"{course / CONFIG_FILE}: c.CourseDirectory.student_id_exclude = {found!r}: is no text such as 'ada,ben'. "
            "Mend that and start again."
        )
    return frozenset(student.strip() for student in found.split(","))


def _told(path: Path | str, line: int | None, error: Exception, message: str) -> str:
    place = f"{path}, line {line}" if line else f"{path}"
    return f"{place}: {type(error).__name__}: {' '.join(message.split())}. Mend that and start again."


@contextmanager
def settings_of(course: Path) -> Iterator[None]:
    """Inside, a setting that has a wrong value is a CourseError that names it."""
    try:
        yield
    except TraitError as error:
        # of some objects traitlets shows the address, where a name is enough
        text = re.sub(r"<(?:\w+\.)*(\w+) object at 0x\w+>", r"the \1", str(error))
        raise CourseError(f"{course / CONFIG_FILE}: {text.rstrip('.')}. Mend that and start again.") from error
