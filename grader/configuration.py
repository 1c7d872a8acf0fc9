"""Read a course's `nbgrader_config.py`; what is wrong in it is one line, with the place and the setting's name."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from traitlets import TraitError
from traitlets.config import Config, PyFileConfigLoader

from grader.errors import CourseError

CONFIG_FILE = "nbgrader_config.py"


def load(course: Path) -> Config:
    """What the course's file sets. Raises CourseError where it stops with an error."""
    path = course / CONFIG_FILE
    try:
        return PyFileConfigLoader(CONFIG_FILE, path=str(course)).load_config()
    except SyntaxError as error:
        raise CourseError(_told(error.filename or path, error.lineno, error, error.msg)) from error
    except Exception as error:  # the file is a program: it may raise anything
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        raise CourseError(_told(path, lines[-1] if lines else None, error, str(error))) from error


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
