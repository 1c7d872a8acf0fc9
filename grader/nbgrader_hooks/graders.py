"""The warm graders of a process: one per assignment, a new one after any change of the course.

`nbgrader autograde` needs one for a whole class. The Formgrader's server lives for weeks, and its course is edited.
"""

from __future__ import annotations

import atexit
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from grader.assignments.assignment import Assignment
from grader.course import Course
from grader.judging.warm_grader import WarmGrader

NOT_READ = {"__pycache__", ".ipynb_checkpoints"}

_graders: dict[Path, tuple[object, WarmGrader]] = {}
"""source folder -> what the grader was made from, and the grader"""


def grader_for(directory: CourseDirectory, name: str) -> WarmGrader:
    """The grader of that assignment as it is now."""
    source = Path(directory.format_path(directory.source_directory, ".", name))
    release = Path(directory.format_path(directory.release_directory, ".", name))
    course = Course(Path(directory.root))
    course.config = directory.config  # with what the command line or the server has set
    made_from = (_state(source), _state(release), course.settings, course.judge.sandbox_options())
    known, grader = _graders.get(source, (None, None))
    if grader is None or known != made_from:
        if grader is not None:
            grader.close()
        grader = course.grader(Assignment(source, release)).__enter__()
        _graders[source] = made_from, grader
    return grader


def close_graders() -> None:
    for _, grader in _graders.values():
        grader.close()
    _graders.clear()


def _state(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Path, time and size of every file, links followed."""
    paths = (path for path in sorted(folder.rglob("*")) if not NOT_READ & set(path.parts) and path.is_file())
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in paths)


atexit.register(close_graders)
