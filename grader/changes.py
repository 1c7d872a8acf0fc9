"""What a run would change, for whom: everything is graded that it would grade, and nothing is written."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from grader.class_lines import problem_line
from grader.classroom import Class, ClassReport, Earlier, Progress, nobody_writes
from grader.collected import Collected
from grader.graded_folder import GradedFolders
from grader.jobs import Graded
from grader.ledger import Ledger
from grader.outcomes import BROKEN
from grader.standings import Standing, Standings

BETTER, WORSE, SAME, NEW, OPEN, KEPT = "better", "worse", "same", "new", "open", "kept"
"""kinds of a change: NEW where there was no score, OPEN where there would be none, KEPT where nothing can be judged any
more, and the earlier result would stay"""
KINDS = (BETTER, WORSE, SAME, NEW, OPEN, KEPT)


@dataclass(frozen=True)
class CheckChange:
    """A check that comes out otherwise."""

    name: str
    old: str | None
    """PASSED or FAILED; None where it was not there"""
    new: str | None


@dataclass(frozen=True)
class ExerciseChange:
    """An exercise with another score, or other checks."""

    name: str
    old: float | None
    new: float | None
    max_score: float
    error: str
    """what ends the test now, other than failed checks"""
    checks: tuple[CheckChange, ...]
    """none where the test ends, or ended, before it came to them"""
    manual_score: float | None
    """what a person gave in the Formgrader, and stays whatever the grader finds"""


@dataclass(frozen=True)
class Change:
    """One submission that would be graded."""

    student: str
    kind: str
    old: float | None
    """points of the parts that count, before people's grades and late penalties; None: there were none"""
    new: float | None
    max_score: float
    exercises: tuple[ExerciseChange, ...] = ()


@dataclass
class DryRun:
    """What a run would do."""

    changes: list[Change] = field(default_factory=list)
    report: ClassReport = field(default_factory=ClassReport)

    def counts(self) -> dict[str, int]:
        """Kind -> how many."""
        counts = Counter(change.kind for change in self.changes)
        return {kind: counts[kind] for kind in KINDS}


def dry_run(class_: Class, standings: Standings, progress: Progress = lambda student, report: None) -> DryRun:
    """Grade what `class_.grade` would, and compare."""
    started = time.monotonic()
    run = DryRun()
    students = {one.student: one for one in standings.submitted}
    ledger = Ledger(class_.course, class_.bundle.name)
    earlier = Earlier(ledger, students.keys(), GradedFolders(class_.course, class_.bundle))

    def leave_open(submission: Collected, why: str) -> None:
        run.report.broken.append(submission.student)
        run.report.problems.append((submission.student, why))
        known = submission.student in earlier.known
        old = old_result(ledger, submission.student, students.get(submission.student))
        run.changes.append(Change(submission.student, KEPT if known else OPEN, old.score, None, old.max_score))

    with nobody_writes(class_.course), class_.warming_up(ledger):
        jobs = class_.jobs(earlier, run.report, leave_open, progress)
        with closing(class_.executor.run(class_.bundle, jobs)) as outcomes:
            for job, outcome in outcomes:
                if isinstance(outcome, Exception):
                    run.report.lost(job.student, outcome)
                else:
                    _take(run, class_, earlier, outcome, students.get(job.student))
                progress(job.student, run.report)
    run.changes.sort(key=lambda change: change.student)
    run.report.seconds = time.monotonic() - started
    return run


def _take(run: DryRun, class_: Class, earlier: Earlier, graded: Graded, standing: Standing | None) -> None:
    line = problem_line(class_.bundle.name, graded.student, graded.result)
    if line:
        run.report.problems.append((graded.student, line))
    if any(exercise["outcome"] == BROKEN for exercise in graded.result["exercises"]):
        run.report.broken.append(graded.student)
    if graded.readable:
        run.report.graded.append(graded.student)
    else:
        run.report.unreadable.append(graded.student)
    old = old_result(earlier.ledger, graded.student, standing)
    if class_.keeps(earlier, graded):
        run.changes.append(Change(graded.student, KEPT, old.score, old.score, old.max_score))
    else:
        run.changes.append(change_of(graded.student, old, graded.result, standing))


@dataclass(frozen=True)
class OldResult:
    """What there is of a student so far."""

    score: float | None = None
    max_score: float = 0.0
    exercises: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """name -> at least its score and checks, as docs/result-schema.md has them"""


def old_result(ledger: Ledger, student: str, standing: Standing | None) -> OldResult:
    """From what the grader recorded; else the gradebook's scores, which nbgrader's own command left."""
    entry = ledger.entry(student)
    if entry is not None:
        result = entry["result"]
        return OldResult(result["score"], result["max_score"], {one["name"]: one for one in result["exercises"]})
    if standing is None:
        return OldResult()
    scores = {name: grade.auto_score for name, grade in standing.grades.items()}
    exercises = {name: {"score": score, "checks": []} for name, score in scores.items()}
    top = sum(grade.max_score for grade in standing.grades.values())
    return OldResult(None if None in scores.values() else round(sum(scores.values()), 2), top, exercises)


def change_of(student: str, old: OldResult, new: Mapping[str, Any], standing: Standing | None) -> Change:
    """What is otherwise in a new result. new: as docs/result-schema.md has it."""
    kind = _kind(old.score, new["score"])
    if not old.exercises:
        return Change(student, kind, None, new["score"], new["max_score"])
    grades = standing.grades if standing else {}
    changed = []
    for exercise in new["exercises"]:
        name = exercise["name"]
        before = old.exercises.get(name, {"score": None, "checks": []})
        judged = before["checks"] and exercise["checks"]
        checks = _flipped(before["checks"], exercise["checks"]) if judged else ()
        if checks or before["score"] != exercise["score"]:
            manual = grades[name].manual_score if name in grades else None
            scores = before["score"], exercise["score"], exercise["max_score"]
            changed.append(ExerciseChange(name, *scores, exercise["error"], checks, manual))
    return Change(student, kind, old.score, new["score"], new["max_score"], tuple(changed))


def _kind(old: float | None, new: float | None) -> str:
    if new is None:
        return OPEN
    if old is None:
        return NEW
    return SAME if new == old else BETTER if new > old else WORSE


def _flipped(old: list[Mapping[str, Any]], new: list[Mapping[str, Any]]) -> tuple[CheckChange, ...]:
    """The checks that come out otherwise, are new or are gone."""
    before, after = ({check["name"]: check["outcome"] for check in checks} for checks in (old, new))
    names = dict.fromkeys([*after, *before])
    changes = (CheckChange(name, before.get(name), after.get(name)) for name in names)
    return tuple(change for change in changes if change.old != change.new)
