"""Build a release once, aside; inspect it; and only then put it in the place of the old one, and tell the gradebook.

A release that cannot be completed leaves the old one and the gradebook as they were.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from traitlets.config import Config

from grader.assignments.assignment import Assignment
from grader.assignments.parts import is_bonus
from grader.assignments.releases import PastRelease, remember_release
from grader.common.errors import GateError, GradebookError
from grader.config.traits import CountParts, Judge
from grader.gradebook.release_totals import TotalChange
from grader.gradebook.released_cells import BONUS, POINTS, WITHDRAWN, CellChange, record_release
from grader.gradebook.url import gradebook_url
from grader.notebooks.model import Notebook
from grader.release.convert import convert
from grader.release.gate import GateReport, inspect_release
from grader.release.lent_files import add_files
from grader.release.lint import check_master
from grader.release.one_file import add_one_file

NAMED = 5
"""students named in a line; the rest is counted"""


@dataclass(frozen=True)
class ReleaseOptions:
    """How a release treats a class that has been graded."""

    dry_run: bool = False
    """inspect and tell, and change nothing"""
    withdraw: tuple[str, ...] = ()
    """exercises whose grades may go"""
    gradebook: bool = True
    """tell the gradebook"""


@dataclass(frozen=True)
class ReleaseReport:
    """What the gate counted, and what the release changes for students who have been graded."""

    counts: dict[str, int]
    """what was tried -> how many"""
    changes: tuple[CellChange, ...] = field(default=())
    totals: tuple[TotalChange, ...] = field(default=())
    """of the students who gain or lose"""
    remarks: tuple[str, ...] = ()
    """what the gate has to say that does not shut it"""


def build_release(
    course: Path, assignment: Assignment, config: Config, options: ReleaseOptions = ReleaseOptions()
) -> ReleaseReport:
    """Write release/<assignment> and tell the gradebook of its cells.

    config: nbgrader's. Raises MasterError, GateError, GradebookError or GraderError, and leaves release and gradebook as
    they were.
    """
    remarks = check_master(assignment.master_path)
    place = course / "release" / assignment.name
    with _staging(place) as staging:
        staged = convert(course, assignment.name, config, staging)
        add_files(assignment, staged.folder)
        add_one_file(staged.folder, assignment.master_path.name)
        gate = _inspected(assignment, staged.folder, config)
        if gate.problems:
            raise GateError("\n".join([*gate.problems, f"release/{assignment.name} was left as it was."]))
        if not options.gradebook:
            if not options.dry_run:
                _publish(staged.folder, place, staging)
                _remember(assignment, place)
            return ReleaseReport(gate.counts, remarks=(*remarks, *gate.remarks))

        def approve(changes: Collection[CellChange]) -> None:
            _refuse_to_lose_grades(changes, options.withdraw, assignment.name)
            _publish(staged.folder, place, staging)

        try:
            url = gradebook_url(course, config)
            bonus = bonus_cells(assignment, config)
            changes = record_release(url, staged.db_url, assignment.name, approve, not options.dry_run, bonus)
        except BaseException:
            _take_back(place, staging)
            raise
        if not options.dry_run:
            _remember(assignment, place)
    told_too = (*remarks, *gate.remarks)
    return ReleaseReport(gate.counts, changes.cells, changes.totals, told_too)


def _inspected(assignment: Assignment, folder: Path, config: Config) -> GateReport:
    """The gate with the course's own sandbox and settings. The master is the instructor's: it may run unisolated."""
    judge, parts = Judge(config=config), CountParts(config=config).parts
    modules = Assignment(assignment.folder, folder).released_modules
    with judge.sandbox(modules, unsafe=True) as sandbox:
        return inspect_release(assignment, folder, judge.policy(parts), sandbox)


def _remember(assignment: Assignment, place: Path) -> None:
    """Note what students are given, so that their notebooks are known when there is a newer release."""
    released = Assignment(assignment.folder, place)
    cells = Notebook.read(place / assignment.master_path.name).cells
    remember_release(assignment.private, PastRelease.of(cells, released.released_files))


def bonus_cells(assignment: Assignment, config: Config) -> frozenset[str]:
    """Grade ids of the master's graded cells whose points come on top. config: nbgrader's."""
    parts = config.CountParts.get("parts", {})
    return frozenset(cell.grade_id for cell in assignment.master.cells if cell.grade_id and is_bonus(cell.tags, parts))


def told(change: CellChange) -> str:
    """A change as one line."""
    who = f"{len(change.students)} students: {', '.join(change.students[:NAMED])}"
    who += ", …" if len(change.students) > NAMED else ""
    hand = f"; {len(change.by_hand)} graded by hand: {', '.join(change.by_hand[:NAMED])}" if change.by_hand else ""
    if change.kind == WITHDRAWN:
        return f"{change.cell}: withdrawn, {change.before:g} points leave everybody's total. Graded: {who}{hand}."
    if change.kind == BONUS:
        return f"{change.cell}: becomes a bonus, {change.before:g} points leave the points possible. Handed in: {who}{hand}."
    if change.kind == POINTS:
        return f"{change.cell}: {change.before:g} points become {change.after:g}. Handed in: {who}{hand}."
    return f"{change.cell}: added, {change.after:g} points, open until the class is graded again. Handed in: {who}."


def _refuse_to_lose_grades(changes: Collection[CellChange], withdraw: Collection[str], name: str) -> None:
    lost = [one for one in changes if one.kind == WITHDRAWN and one.students and one.cell not in withdraw]
    if not lost:
        return
    options = " ".join(f"--withdraw {one.cell}" for one in lost)
    raise GradebookError(
        "\n".join(
            [
                *map(told, lost),
                f"These grades would be lost, so nothing was changed. To withdraw: `grader release {name} {options}`. "
                "To keep the grades: put the test cell back into the master; its part may be set to not count in "
                "c.CountParts.parts. `--dry-run` shows all changes.",
            ]
        )
    )


@contextmanager
def _staging(place: Path) -> Iterator[Path]:
    """A folder beside the release, on the same disk, so that moving it into place is one step."""
    place.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".new-", dir=place.parent.resolve()))
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _publish(fresh: Path, place: Path, staging: Path) -> None:
    if place.exists():
        os.replace(place, staging / "old")
    os.replace(fresh, place)


def _take_back(place: Path, staging: Path) -> None:
    """Put the old release back, if it was moved away."""
    old = staging / "old"
    if old.exists():
        if place.exists():
            os.replace(place, staging / "refused")
        os.replace(old, place)
