"""Make nbgrader build a release from a master, in this process, in a staging folder and with a separate gradebook."""

from __future__ import annotations

import logging
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from traitlets.config import Config

from grader.assignments.layout import PRIVATE
from grader.common.errors import GraderError


@dataclass(frozen=True)
class Staged:
    """A release in the staging folder."""

    folder: Path
    """The folder that students would get."""
    db_url: str
    """A gradebook that holds only this assignment, as nbgrader recorded it."""


def convert(course: Path, name: str, config: Config, staging: Path) -> Staged:
    """Make the release of assignment `name` in the empty folder `staging`.

    Raises GraderError with nbgrader's last log lines if nbgrader fails.
    """
    # nbgrader takes a second to import, and most commands do not build a release.
    import grader.common.lean_jsonschema  # noqa: F401

    # isort: split
    from nbgrader.converters import GenerateAssignment
    from nbgrader.converters.base import NbGraderException
    from nbgrader.coursedir import CourseDirectory

    from grader.release.clear_solutions import with_ours

    config = deepcopy(config)  # Config.copy shares the sections
    config.CourseDirectory.update(
        root=str(course.resolve()),
        release_directory=str(staging),
        db_url=f"sqlite:///{staging}/gradebook.db",
        notebook_id="*",
        assignment_id=name,
    )
    config.ClearMarkScheme.enforce_metadata = False  # answers may have rubrics, too: see `lint`
    config.GenerateAssignment.pop("exporter_class", None)  # the course's exporter would call this function again
    log = _Lines()
    directory = CourseDirectory(config=config)
    directory.ignore = [*directory.ignore, PRIVATE]  # solutions must stay private under any configuration
    steps = config.GenerateAssignment.get("preprocessors", GenerateAssignment.preprocessors.default_args[0])
    config.GenerateAssignment.preprocessors = with_ours(list(steps))
    converter = GenerateAssignment(coursedir=directory, config=config, log=log.logger)
    converter.force, converter.no_database, converter.create_assignment = True, False, True
    try:
        converter.start()
    except NbGraderException as error:
        raise GraderError("\n".join([f"nbgrader could not make the release of {name}:", *log.last(15)])) from error
    return Staged(staging / name, config.CourseDirectory.db_url)


class _Lines(logging.Handler):
    """Collects nbgrader's warnings and errors for our message and keeps them off the terminal."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []
        # A logger outside the hierarchy: no handler of the application prints nbgrader's lines.
        self.logger = logging.Logger("grader.release", logging.WARNING)
        self.logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += record.getMessage().splitlines()

    def last(self, count: int) -> list[str]:
        return [line for line in self.lines if line.strip()][-count:]
