"""An assignment as bytes: all that a worker needs to judge it, wherever the worker runs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from grader.assignments.assignment import Assignment
from grader.assignments.layout import DRAW_FIGURES, RIGHT_ANSWERS, SAMPLE_ANSWERS, source_files
from grader.assignments.parts import counts, is_bonus
from grader.config.policy import GradingPolicy
from grader.results.records import points_of

SKIPPED = {RIGHT_ANSWERS, DRAW_FIGURES, SAMPLE_ANSWERS}
"""folders of a source that judging does not need"""


@dataclass(frozen=True)
class Bundle:
    """One assignment with its settings. Picklable, and the same bytes for the same course."""

    name: str
    source: Mapping[str, bytes]
    """path in the source folder -> content"""
    lent: Mapping[str, bytes]
    """name at the course's top -> content"""
    release: Mapping[str, bytes]
    """path in the released folder -> content"""
    exercises: Mapping[str, float]
    """exercise -> its points; 0 where its part does not count"""
    policy: GradingPolicy
    sandbox: Mapping[str, object]
    """options of the sandbox, as `Judge.sandbox_options` gives them"""
    bonus: frozenset[str] = frozenset()
    """exercises whose points are no part of the points possible"""

    @property
    def max_score(self) -> float:
        """Points possible in the exercises that count, without a bonus."""
        return points_of(points for name, points in self.exercises.items() if name not in self.bonus)

    @property
    def gradebook_points(self) -> dict[str, float]:
        """Exercise -> the points possible that the gradebook has to know of; of a bonus 0."""
        return {name: 0.0 if name in self.bonus else points for name, points in self.exercises.items()}

    @classmethod
    def of(cls, assignment: Assignment, policy: GradingPolicy, sandbox: Mapping[str, object]) -> Bundle:
        """Raises AssignmentError or NotebookError where master or release cannot be used."""
        assert assignment.release is not None
        assignment.released_files, assignment.released_sources  # noqa: B018 - what is missing says so here
        source, release = _files(assignment.folder), _files(assignment.release)
        lent = {name: path.read_bytes() for name, path in sorted(assignment.lent.items())}
        points = {
            name: float(one.points) if counts(one.tags, policy.parts) else 0.0
            for name, one in assignment.exercises.items()
        }
        exercises = assignment.exercises.items()
        bonus = frozenset(name for name, one in exercises if is_bonus(one.tags, policy.parts))
        return cls(assignment.name, source, lent, release, points, policy, dict(sandbox), bonus)

    @cached_property
    def release_files(self) -> dict[str, bytes]:
        """What is released beside the notebook."""
        return {path: content for path, content in self.release.items() if not path.endswith(".ipynb")}

    @cached_property
    def digest(self) -> str:
        """Changes with anything that could change a result, but for the grader itself."""
        content = hashlib.sha256(repr((self.name, self.policy, sorted(self.sandbox.items()))).encode())
        for part in (self.source, self.lent, self.release):
            for path, data in sorted(part.items()):
                content.update(hashlib.sha256(path.encode()).digest() + hashlib.sha256(data).digest())
        return content.hexdigest()

    def unpack(self, folder: Path) -> Assignment:
        """Write the assignment's files into an empty folder."""
        for kind, files in (("source", self.source), ("release", self.release)):
            for path, data in files.items():
                place = folder / kind / self.name / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)
        for name, data in self.lent.items():
            (folder / name).write_bytes(data)
        return Assignment(folder / "source" / self.name, folder / "release" / self.name)


def _files(folder: Path) -> dict[str, bytes]:
    """Path in the folder -> content, of all that judging needs."""
    files = ((path.relative_to(folder), path) for path in source_files(folder))
    return {short.as_posix(): path.read_bytes() for short, path in files if not SKIPPED.intersection(short.parts)}
