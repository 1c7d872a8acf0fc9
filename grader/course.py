"""A course's folder, with its assignments and settings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from traitlets.config import Config

from grader.assignments.assignment import Assignment
from grader.assignments.notebook_names import graded_notebooks
from grader.common.errors import AssignmentError, CourseError
from grader.config.course_secret import course_secret
from grader.config.nbgrader_config import CONFIG_FILE, load, refuse_unknown, settings_of
from grader.config.policy import GradingPolicy
from grader.config.traits import CountParts, Judge
from grader.judging.warm_grader import WarmGrader


@dataclass
class Course:
    """The course in `folder`."""

    folder: Path

    @cached_property
    def config(self) -> Config:
        """nbgrader's configuration. Raises CourseError for a folder that is not a course, or for unusable settings."""
        if not (self.folder / CONFIG_FILE).exists():
            raise CourseError(self._why_no_course())
        return load(self.folder)

    def _why_no_course(self) -> str:
        """Why the folder is no course, with the nearest folder above or below that is one."""
        below = sorted(path.parent for path in self.folder.glob(f"*/{CONFIG_FILE}"))
        near = [folder for folder in (*self.folder.parents, *below) if (folder / CONFIG_FILE).is_file()]
        step = f"Use `--course {near[0]}`." if near else "Go to the course's folder, or name it with --course."
        return f"{self.folder}: holds no {CONFIG_FILE}. {step}"

    @property
    def judge_settings(self) -> Judge:
        # traitlets ignores a misspelled setting silently, and grading would use the default.
        refuse_unknown(self.config, self.folder, Judge)
        with settings_of(self.folder):
            return Judge(config=self.config)

    @property
    def policy(self) -> GradingPolicy:
        with settings_of(self.folder):
            parts = CountParts(config=self.config).parts
        return self.judge_settings.policy(parts)

    def secret(self, may_write: bool = True) -> bytes:
        """Return the key for the hidden tests' seeds. Raises CourseError if its file cannot be used."""
        return course_secret(self.folder, self.judge_settings.secret_file, may_write)

    def grader(self, assignment: Assignment, unsafe: bool = False, pictures: bool = True) -> WarmGrader:
        """Return a grader of the assignment, to be entered.

        pictures: False if only the result is needed, without the figures of the notebook's cells.
        """
        modules = assignment.released_modules
        # A function instead of a sandbox: a failed sandbox is replaced by a new one.
        policy = replace(self.policy, pictures=pictures)
        return WarmGrader(assignment, policy, lambda: self.judge_settings.sandbox(modules, unsafe))

    def assignments(self) -> list[Assignment]:
        """Return all assignments, sorted by name."""
        self.config  # noqa: B018 - reports a folder that is not a course first
        return [self.assignment(name) for name in self.names()]

    def names(self) -> list[str]:
        """The names of all assignments, in alphabetical order."""
        folders = {path.parent for path in (self.folder / "source").glob("*/*.ipynb")}
        return sorted(folder.name for folder in folders if graded_notebooks(folder))

    def assignment(self, name: str) -> Assignment:
        """Return the assignment of this name. Raises AssignmentError if there is none."""
        self.config  # noqa: B018 - reports a folder that is not a course first
        source = self.folder / "source"
        if not name or not graded_notebooks(source / name):
            raise AssignmentError(self._why_none(name))
        return Assignment(source / name, self.folder / "release" / name)

    def _why_none(self, name: str) -> str:
        """Return the reason for a missing assignment, with the next step."""
        others = sorted((self.folder / "source" / name).glob("*.ipynb")) if name else []
        if others:
            return (
                f"source/{name}: holds {others[0].name}, and no notebook with graded cells. Mark solutions and tests "
                "in the Create Assignment panel, or have an assignment made of it: "
                f"`grader new NAME --from {others[0].relative_to(self.folder)}`."
            )
        close = get_close_matches(name, self.names(), 1)
        hint = f"Did you mean {close[0]!r}? " if close else ""
        return f"there is no assignment {name!r}. {hint}The course has: {', '.join(self.names()) or 'none'}."
