"""Read a course's `nbgrader_config.py`. A fault in it becomes one line with the place and the setting's name."""

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
"""(section, name) of a setting of nbgrader -> the only value that the grader supports."""
# the grader builds paths from these names itself, without nbgrader's settings
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
"""Settings that matter only when a class is graded."""


def load(course: Path) -> Config:
    """The settings of the course's file. Raises CourseError if the file stops with an error, or moves a folder."""
    path = course / CONFIG_FILE
    try:
        config: Config = PyFileConfigLoader(CONFIG_FILE, path=str(course)).load_config()
    except SyntaxError as error:
        raise CourseError(_told(error.filename or path, error.lineno, error, error.msg)) from error
    except Exception as error:  # the file is a program: it may raise anything
        # name the last line of the file itself; deeper frames belong to the libraries that it calls
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
    """Let a relative path of an SQLite database start at the course's folder.

    nbgrader starts in that folder and finds the same file; the grader may start anywhere.
    """
    url = config.CourseDirectory.get("db_url", "")
    if isinstance(url, str) and (found := re.fullmatch(r"(sqlite(?:\+\w+)?:///)(?!/|:memory:|file:)(.+)", url)):
        config.CourseDirectory.db_url = f"{found[1]}{course.resolve() / found[2]}"


def refuse_others(config: Config, course: Path, fixed: Fixed) -> None:
    """Raise CourseError if a setting differs from the only value that the grader supports."""
    for (section, name), value in fixed.items():
        found = config[section].get(name, value)
        if found != value:
            raise CourseError(
                f"{course / CONFIG_FILE}: c.{section}.{name} = {found!r}: the grader only knows {value!r}. "
                "Remove the setting."
            )


def refuse_unknown(config: Config, course: Path, section: type[Configurable]) -> None:
    """Raise CourseError for a setting that the section does not have.

    traitlets ignores such a setting, so a misspelt limit would not hold.
    """
    known = section.class_trait_names(config=True)
    for name in config[section.__name__]:
        if name not in known:
            alike = difflib.get_close_matches(name, known, 1)
            raise CourseError(
                f"{course / CONFIG_FILE}: c.{section.__name__}.{name}: there is no such setting. "
                + (f"Is it {alike[0]}?" if alike else "Remove it.")
            )


def excluded(config: Config, course: Path) -> frozenset[str]:
    """The students that nbgrader's setting leaves out. Raises CourseError unless the setting is a text."""
    found = config.CourseDirectory.get("student_id_exclude", "")
    if not isinstance(found, str):
        raise CourseError(
            f"{course / CONFIG_FILE}: c.CourseDirectory.student_id_exclude = {found!r}: is no text such as 'ada,ben'. "
            "Fix that and start again."
        )
    return frozenset(student.strip() for student in found.split(","))


def _told(path: Path | str, line: int | None, error: Exception, message: str) -> str:
    place = f"{path}, line {line}" if line else f"{path}"
    return f"{place}: {type(error).__name__}: {' '.join(message.split())}. Fix that and start again."


@contextmanager
def settings_of(course: Path) -> Iterator[None]:
    """Turn the error of a setting with a wrong value into a CourseError that names the file and the setting."""
    try:
        yield
    except TraitError as error:
        # traitlets shows some objects with their memory address; a name is enough
        text = re.sub(r"<(?:\w+\.)*(\w+) object at 0x\w+>", r"the \1", str(error))
        raise CourseError(f"{course / CONFIG_FILE}: {text.rstrip('.')}. Fix that and start again.") from error
