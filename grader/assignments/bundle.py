"""An assignment as bytes: everything that a worker needs to judge it, on any machine."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from grader.assignments.assignment import Assignment
from grader.assignments.layout import DRAW_FIGURES, RIGHT_ANSWERS, SAMPLE_ANSWERS, source_files
from grader.assignments.notebook_names import shared_grade_ids
from grader.assignments.parts import counts, is_bonus
from grader.common.errors import AssignmentError
from grader.config.policy import GradingPolicy
from grader.results.records import points_of

SKIPPED = {RIGHT_ANSWERS, DRAW_FIGURES, SAMPLE_ANSWERS}
"""Names in a source folder that judging does not need."""


@dataclass(frozen=True)
class Bundle:
    """One assignment with its settings. It is picklable, and has the same bytes for the same course."""

    name: str
    source: Mapping[str, bytes]
    """Path in the source folder -> content."""
    lent: Mapping[str, bytes]
    """Name at the course's top -> content."""
    release: Mapping[str, bytes]
    """Path in the released folder -> content."""
    exercises: Mapping[str, float]
    """Exercise -> its points; 0 if its part does not count."""
    policy: GradingPolicy
    sandbox: Mapping[str, object]
    """The sandbox's options, from `Judge.sandbox_options`."""
    bonus: frozenset[str] = frozenset()
    """The exercises with a bonus: their points are not part of the points possible."""
    notebooks: tuple[str, ...] = ()
    """Names of the graded notebooks, in order."""

    @property
    def max_score(self) -> float:
        """Points possible in the exercises that count, without a bonus."""
        return points_of(points for name, points in self.exercises.items() if name not in self.bonus)

    @property
    def gradebook_points(self) -> dict[str, float]:
        """Exercise -> the points possible for the gradebook."""
        # 0 for a bonus: nbgrader adds the points possible up, and a score may exceed them
        return {name: 0.0 if name in self.bonus else points for name, points in self.exercises.items()}

    @classmethod
    def of(cls, assignment: Assignment, policy: GradingPolicy, sandbox: Mapping[str, object]) -> Bundle:
        """The bundle of an assignment. Raises AssignmentError or NotebookError if masters or release cannot be used."""
        assert assignment.release is not None
        if shared := list(shared_grade_ids(assignment.masters.items())):
            raise AssignmentError("\n".join(shared))
        for one in assignment.notebooks:
            one.released_files, one.released_sources  # noqa: B018 - raises here if a file is missing
        source, release = _files(assignment.folder), _files(assignment.release)
        lent = {name: path.read_bytes() for name, path in sorted(assignment.lent.items())}
        exercises = [one for notebook in assignment.notebooks for one in notebook.exercises.values()]
        points = {one.name: float(one.points) if counts(one.tags, policy.parts) else 0.0 for one in exercises}
        bonus = frozenset(one.name for one in exercises if is_bonus(one.tags, policy.parts))
        names = tuple(one.notebook for one in assignment.notebooks)
        return cls(assignment.name, source, lent, release, points, policy, dict(sandbox), bonus, names)

    @property
    def masters(self) -> dict[str, bytes]:
        """Name of each graded notebook -> the bytes of its master."""
        return {name: self.source[f"{name}.ipynb"] for name in self.notebooks}

    @property
    def other_notebooks(self) -> frozenset[str]:
        """File names of notebooks that are released and not graded, at the folder's top."""
        graded = {f"{name}.ipynb" for name in self.notebooks}
        return frozenset(path for path in self.release if path.endswith(".ipynb") and "/" not in path) - graded

    @cached_property
    def release_files(self) -> dict[str, bytes]:
        """The files beside the released notebooks: path -> content."""
        return {path: content for path, content in self.release.items() if not path.endswith(".ipynb")}

    @cached_property
    def digest(self) -> str:
        """A digest of everything that can change a result, except the grader itself."""
        # a class is graded again where it differs, so it must not depend on the order of files or on the machine
        content = hashlib.sha256(repr((self.name, self.policy, sorted(self.sandbox.items()))).encode())
        for part in (self.source, self.lent, self.release):
            for path, data in sorted(part.items()):
                content.update(hashlib.sha256(path.encode()).digest() + hashlib.sha256(data).digest())
        return content.hexdigest()

    def unpack(self, folder: Path) -> Assignment:
        """Write the assignment's files into an empty folder, and return the assignment there."""
        # as in a course: an assignment finds its lent files two folders above its own
        for kind, files in (("source", self.source), ("release", self.release)):
            for path, data in files.items():
                place = folder / kind / self.name / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)
        for name, data in self.lent.items():
            (folder / name).write_bytes(data)
        return Assignment(folder / "source" / self.name, folder / "release" / self.name)


def _files(folder: Path) -> dict[str, bytes]:
    """Path in the folder -> content, for all files that judging needs."""
    files = ((path.relative_to(folder), path) for path in source_files(folder))
    return {short.as_posix(): path.read_bytes() for short, path in files if not SKIPPED.intersection(short.parts)}
