"""The warm graders of a process: one per assignment, and a new one after any change of the course.

`nbgrader autograde` needs one for a whole class. Formgrader's server runs for weeks while its course is edited.
"""

from __future__ import annotations

import atexit
from collections.abc import Iterable
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from grader.assignments.assignment import Assignment
from grader.assignments.bundle import Bundle
from grader.assignments.layout import LENDABLE, NOT_OURS
from grader.course import Course
from grader.judging.warm_grader import WarmGrader

_graders: dict[Path, tuple[object, WarmGrader, Bundle]] = {}
"""Source folder -> state of the grader's inputs, the grader, and the bundle."""


def grader_for(directory: CourseDirectory, name: str) -> WarmGrader:
    """Return the grader of the assignment in its present state."""
    return _ready(directory, name)[0]


def bundle_for(directory: CourseDirectory, name: str) -> Bundle:
    """Return the bundle of the assignment in its present state. Its digest goes into each record."""
    return _ready(directory, name)[1]


def _ready(directory: CourseDirectory, name: str) -> tuple[WarmGrader, Bundle]:
    source = Path(directory.format_path(directory.source_directory, ".", name))
    release = Path(directory.format_path(directory.release_directory, ".", name))
    course = course_of(directory)
    lent = [source.parents[1] / name for name in LENDABLE]
    # Time and size instead of content: this check runs for every submission.
    state = _state(lent), _state(source.rglob("*")), _state(release.rglob("*"))
    # Settings are part of the state: a changed time limit needs a new sandbox.
    made_from = (*state, course.policy, course.judge_settings.sandbox_options())
    known, grader, bundle = _graders.get(source, (None, None, None))
    if grader is None or bundle is None or known != made_from:
        # The old sandbox holds the old release: end it before a new one starts.
        if grader is not None:
            grader.close()
        assignment = Assignment(source, release)
        bundle = Bundle.of(assignment, course.policy, course.judge_settings.sandbox_options())
        grader = course.grader(assignment).__enter__()
        _graders[source] = made_from, grader, bundle
    return grader, bundle


def course_of(directory: CourseDirectory) -> Course:
    """Return nbgrader's course as ours, including settings from the command line or the server."""
    course = Course(Path(directory.root))
    course.config = directory.config
    return course


def close_graders() -> None:
    for _, grader, _ in _graders.values():
        grader.close()
    _graders.clear()


def _state(paths: Iterable[Path]) -> tuple[tuple[str, int, int], ...]:
    """Return path, time and size of every file, following links."""
    files = (path for path in sorted(paths) if not NOT_OURS & set(path.parts) and path.is_file())
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)


atexit.register(close_graders)
