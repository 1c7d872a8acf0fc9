"""Build a release in a staging folder, inspect it, and only then replace the old one and update the gradebook.

If a release cannot be completed, the old one and the gradebook stay as they were.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
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
from grader.languages.available import About, about
from grader.notebooks.model import Notebook
from grader.release.convert import convert
from grader.release.gate import GateReport, inspect_release
from grader.release.lent_files import add_files
from grader.release.lint import check_masters
from grader.release.one_file import add_one_file
from grader.release.translated import (
    catalogue_problems,
    is_same_release,
    translate_release,
    translation_problems,
)
from grader.release.trial import Trial

NAMED = 5
"""Students named in a line. The others are counted."""


@dataclass(frozen=True)
class ReleaseOptions:
    """Options of a release for a class that is already graded."""

    dry_run: bool = False
    """Inspect and report without any change."""
    withdraw: tuple[str, ...] = ()
    """Exercises with grades that may be deleted."""
    gradebook: bool = True
    """Record the release in the gradebook."""


@dataclass(frozen=True)
class ReleaseReport:
    """The counts of the gate, and the changes by the release for students who are already graded."""

    counts: dict[str, int]
    """Kind of trial -> number."""
    changes: tuple[CellChange, ...] = field(default=())
    totals: tuple[TotalChange, ...] = field(default=())
    """Changes of students who gain or lose points."""
    remarks: tuple[str, ...] = ()
    """Findings of the gate that do not prevent the release."""


def build_release(
    course: Path, assignment: Assignment, config: Config, options: ReleaseOptions = ReleaseOptions()
) -> ReleaseReport:
    """Write release/<assignment> and record its cells in the gradebook.

    config: nbgrader's configuration. Raises MasterError, GateError, GradebookError or GraderError. In this case release
    and gradebook stay as they were.
    """
    remarks = check_masters(assignment)
    place = course / "release" / assignment.name
    with _staging(place) as staging:
        staged = convert(course, assignment.name, config, staging)
        add_files(assignment, staged.folder)
        for one in assignment.notebooks:
            add_one_file(staged.folder, one.master_path.name)
        gate = _inspected(assignment, staged.folder, config)
        # Nothing has left the staging folder so far, so an error here needs no undoing.
        if gate.problems:
            raise GateError("\n".join([*gate.problems, f"release/{assignment.name} was left as it was."]))
        if not options.gradebook:
            if not options.dry_run:
                _publish(staged.folder, place, staging)
                _remember(assignment, place)
            return ReleaseReport(gate.counts, remarks=(*remarks, *gate.remarks))

        # The folder is moved inside the gradebook's transaction: either both change or neither does.
        def approve(changes: Collection[CellChange]) -> None:
            _refuse_to_lose_grades(changes, options.withdraw, assignment.name)
            _publish(staged.folder, place, staging)

        try:
            url = gradebook_url(course, config)
            bonus = bonus_cells(assignment, config)
            changes = record_release(url, staged.db_url, assignment.name, approve, not options.dry_run, bonus)
        except BaseException:  # also Ctrl-C, which may come between the two moves
            _take_back(place, staging)
            raise
        if not options.dry_run:
            _remember(assignment, place)
    told_too = (*remarks, *gate.remarks)
    return ReleaseReport(gate.counts, changes.cells, changes.totals, told_too)


def build_translations(
    course: Path, assignment: Assignment, config: Config, codes: Sequence[str], dry_run: bool = False
) -> dict[str, int]:
    """Write release/<code>/<assignment> for each language, if the gate finds no fault in any.

    The gate of the English release does not run again: this release must be today's, and a translation has the same
    cells, code and files. The gradebook does not change, since points are the same. Returns kind of proof -> number.
    Raises LanguageError, MasterError, GateError or GraderError. In this case the old releases stay as they were.
    """
    languages = [about(code) for code in dict.fromkeys(codes)]
    check_masters(assignment)
    released = course / "release" / assignment.name
    with _staging(released) as staging:
        staged = convert(course, assignment.name, config, staging)
        add_files(assignment, staged.folder)
        if not is_same_release(staged.folder, released):
            raise GateError(f"release/{assignment.name}: is not today's. Run `grader release {assignment.name}` first.")
        fresh = {one.code: staging / one.code / assignment.name for one in languages}
        problems = [line for one in languages for line in _translated(assignment, one, staged.folder, fresh[one.code])]
        problems = problems or list(_judged_otherwise(assignment, staged.folder, fresh, config))
        if problems:
            raise GateError("\n".join([*problems, f"No release of {assignment.name} in another language was changed."]))
        cells = sum(len(one.released_sources) for one in Assignment(assignment.folder, staged.folder).notebooks)
        for code, folder in fresh.items() if not dry_run else ():
            place = course / "release" / code / assignment.name
            place.parent.mkdir(parents=True, exist_ok=True)
            old = staging / "old" / code
            old.mkdir(parents=True)
            _publish(folder, place, old)
    return {"languages": len(languages), "graded cells are those of the English release": cells * len(languages)}


def _translated(assignment: Assignment, language: About, english: Path, place: Path) -> Iterator[str]:
    """Write the release in the language to `place`. Yield its problems."""
    problems = catalogue_problems(assignment, language, english)
    if not problems:
        translate_release(assignment, language, english, place)
        problems = list(translation_problems(assignment, english, place))
    yield from problems


def _judged_otherwise(
    assignment: Assignment, english: Path, translated: Mapping[str, Path], config: Config
) -> Iterator[str]:
    """Yield a line for each language in which the untouched notebook gets another judgement than in English."""
    judge, parts = Judge(config=config), CountParts(config=config).parts
    in_english = Assignment(assignment.folder, english)
    with judge.sandbox(in_english.released_modules, unsafe=True) as sandbox:
        for one in in_english.notebooks:
            trial = Trial(one, sandbox, judge.policy(parts))
            expected, name = trial.untouched(), one.master_path.name
            for code, folder in translated.items():
                result = trial.handed_in(folder / name)
                if result.exercises != expected.exercises or result.tampering or result.problems != expected.problems:
                    found = [*result.tampering, *(p for p in result.problems if p not in expected.problems)]
                    said = "; ".join(found) or "the exercises have other outcomes"
                    yield f"{code}: {name}: judged untouched, it differs from the English release: {said}."


def _inspected(assignment: Assignment, folder: Path, config: Config) -> GateReport:
    """Run the gate with the course's own sandbox and settings.

    The master is the instructor's own code, so it may run without isolation.
    """
    judge, parts = Judge(config=config), CountParts(config=config).parts
    # The modules of the staged release: the published one may be older.
    modules = Assignment(assignment.folder, folder).released_modules
    with judge.sandbox(modules, unsafe=True) as sandbox:
        return inspect_release(assignment, folder, judge.policy(parts), sandbox)


def _remember(assignment: Assignment, place: Path) -> None:
    """Record the released cells and files, so that notebooks of this release are recognised after the next one."""
    released = Assignment(assignment.folder, place)
    cells = {one.notebook: Notebook.read(place / one.master_path.name).cells for one in assignment.notebooks}
    remember_release(assignment.private, PastRelease.of(cells, released.released_files))


def bonus_cells(assignment: Assignment, config: Config) -> frozenset[str]:
    """Return grade ids of the master's graded cells that are a bonus. config: nbgrader's configuration."""
    parts = config.CountParts.get("parts", {})
    return frozenset(cell.grade_id for cell in assignment.master_cells if cell.grade_id and is_bonus(cell.tags, parts))


def told(change: CellChange) -> str:
    """Return a change as one line."""
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
    """Make a staging folder next to the release. On the same disk, moving it into place is one step."""
    place.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".new-", dir=place.parent.resolve()))
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _publish(fresh: Path, place: Path, staging: Path) -> None:
    if place.exists():
        # The old release stays in the staging folder until the gradebook has taken the new one.
        os.replace(place, staging / "old")
    os.replace(fresh, place)


def _take_back(place: Path, staging: Path) -> None:
    """Put the old release back if it was moved away."""
    old = staging / "old"
    if old.exists():
        if place.exists():
            os.replace(place, staging / "refused")
        os.replace(old, place)
