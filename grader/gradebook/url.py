"""The database URL of a course's gradebook."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import grader.common.lean_jsonschema  # noqa: F401

# isort: split
# nbgrader comes second: it imports jsonschema
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config


def gradebook_url(course: Path, config: Config) -> str:
    """Return the gradebook's URL from nbgrader's configuration. A relative path is relative to the course."""
    config = deepcopy(config)
    config.CourseDirectory.root = str(course.resolve())
    return str(CourseDirectory(config=config).db_url)
