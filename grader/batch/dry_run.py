"""The dry run: show the changes that a run would make. It grades the same submissions and writes nothing."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from grader.assignments.bundle import Bundle
from grader.batch.autograded_folder import GradedFolders
from grader.batch.once_more import fair_outcomes
from grader.batch.problems import what_was_amiss
from grader.batch.run import Class, Earlier
from grader.batch.run_report import Progress, RunReport
from grader.common.course_lock import nobody_writes
from grader.gradebook.grade_update import scores_of
from grader.gradebook.student_grades import ClassGrades, StudentGrades
from grader.judging.graded import Graded
from grader.results.records import CheckOutcome, Result, total
from grader.results.store import ResultStore
from grader.submissions.folder import SubmissionFolder

BETTER, WORSE, SAME, MANUAL, NEW, OPEN, KEPT = "better", "worse", "same", "manual", "new", "open", "kept"
"""Kinds of a change.

MANUAL: every changed exercise has a manual grade, which stays. NEW: there was no score. OPEN: there would be no score.
KEPT: the submission can no longer be judged, and the earlier result would stay.
"""
KINDS = (BETTER, WORSE, SAME, MANUAL, NEW, OPEN, KEPT)


@dataclass(frozen=True)
class CheckChange:
    """A check with another outcome."""

    name: str
    old: str | None
    """PASSED or FAILED. None if the check did not exist."""
    new: str | None


@dataclass(frozen=True)
class ExerciseChange:
    """An exercise with another score, or with other checks."""

    name: str
    old: float | None
    new: float | None
    max_score: float
    error: str
    """Error that ends the test now, other than failed checks."""
    checks: tuple[CheckChange, ...]
    """Changed checks. Empty if the test ends, or ended, before its checks."""
    manual_score: float | None
    """Manual grade from Formgrader, which stays under any result of the grader."""


@dataclass(frozen=True)
class Change:
    """The change of one submission."""

    student: str
    kind: str
    old: float | None
    """Points of the parts that count, with manual grades first and without late penalties. None for no points."""
    new: float | None
    """The same points after the run. Equal to `old` for KEPT."""
    max_score: float
    exercises: tuple[ExerciseChange, ...] = ()


@dataclass
class DryRun:
    """The changes that a run would make, with its report."""

    changes: list[Change] = field(default_factory=list)
    report: RunReport = field(default_factory=RunReport)

    def counts(self) -> dict[str, int]:
        """Return kind -> number of changes."""
        counts = Counter(change.kind for change in self.changes)
        return {kind: counts[kind] for kind in KINDS}


def dry_run(
    class_: Class, read_class_grades: Callable[[], ClassGrades], progress: Progress = lambda student, report: None
) -> DryRun:
    """Grade the submissions that `class_.grade` would grade, and compare the results.

    read_class_grades: called after the lock is taken, so that gradebook and result store are of the same moment.
    """
    started = time.monotonic()
    run = DryRun()
    store = ResultStore(class_.course, class_.bundle.name)
    # A run at the same time would change the gradebook between the two readings.
    with nobody_writes(class_.course):
        class_grades = read_class_grades()
        class_.check_points(class_grades.points)
        with class_.warming_up(store):
            _fill(run, class_, store, {one.student: one for one in class_grades.submitted}, progress)
    # Executors yield jobs in the order in which they finish.
    run.changes.sort(key=lambda change: change.student)
    run.report.seconds = time.monotonic() - started
    return run


def _fill(
    run: DryRun, class_: Class, store: ResultStore, students: Mapping[str, StudentGrades], progress: Progress
) -> None:
    known = {student: _machine_scores(class_.bundle, student_grades) for student, student_grades in students.items()}
    earlier = Earlier(store, known, GradedFolders(class_.course, class_.bundle))

    def leave_open(submission: SubmissionFolder, why: str) -> None:
        _put_off(run, class_, submission.student, why, students.get(submission.student))

    jobs = class_.jobs(earlier, run.report, leave_open, progress)
    with closing(fair_outcomes(class_.executor, class_.bundle, jobs)) as outcomes:
        for job, outcome in outcomes:
            if isinstance(outcome, Exception):
                run.report.lost(job.student, outcome)
            else:
                _take(run, class_, earlier, outcome, students.get(job.student))
            progress(job.student, run.report)


def _put_off(run: DryRun, class_: Class, student: str, why: str, student_grades: StudentGrades | None) -> None:
    run.report.broken.append(student)
    run.report.problems.append((student, why))
    if student_grades is not None:
        run.changes.append(_kept(student, class_.bundle, student_grades))
    else:
        run.changes.append(Change(student, OPEN, None, None, class_.bundle.max_score))


def _take(run: DryRun, class_: Class, earlier: Earlier, graded: Graded, student_grades: StudentGrades | None) -> None:
    if graded.result.sandbox_failed:
        return _put_off(run, class_, graded.student, what_was_amiss(class_.bundle.name, graded.result), student_grades)
    run.report.note(class_.bundle.name, graded.student, graded.result)
    if graded.result.readable:
        run.report.graded.append(graded.student)
    else:
        run.report.unreadable.append(graded.student)
    if class_.keeps(earlier, graded) and student_grades is not None:
        run.changes.append(_kept(graded.student, class_.bundle, student_grades))
    else:
        record = earlier.store.record(graded.student)
        old = record.result if record else None
        run.changes.append(change_of(graded.student, class_.bundle, student_grades, old, graded.result))


def _kept(student: str, bundle: Bundle, student_grades: StudentGrades) -> Change:
    score = _total(bundle, _machine_scores(bundle, student_grades), student_grades)
    return Change(student, KEPT, score, score, bundle.max_score)


def change_of(
    student: str, bundle: Bundle, student_grades: StudentGrades | None, recorded: Result | None, new: Result
) -> Change:
    """Return the difference between a new result and the recorded one.

    student_grades: the gradebook's grades, which a run would overwrite; None without a submission. recorded: the last
    recorded result, used for its checks.
    """
    after = scores_of(new)
    if student_grades is None:
        return Change(student, _kind(None, new.score), None, new.score, bundle.max_score)
    before = _machine_scores(bundle, student_grades)
    checks_before = _checks(recorded, before)
    changed = []
    for exercise in new.exercises:
        name, test = exercise.name, exercise.test
        # Without checks on both sides, each check of the other side would look changed.
        judged = checks_before.get(name) and test.checks
        checks = _flipped(checks_before[name], test.checks) if judged else ()
        if checks or before.get(name) != after[name]:
            manual = student_grades.grades[name].manual_score if name in student_grades.grades else None
            scores = before.get(name), after[name], bundle.exercises[name]
            changed.append(ExerciseChange(name, *scores, test.error, checks, manual))
    old_total, new_total = _total(bundle, before, student_grades), _total(bundle, after, student_grades)
    kind = _kind(old_total, new_total)
    others = [one for one in changed if one.old != one.new]
    if old_total == new_total and others and all(one.manual_score is not None for one in others):
        kind = MANUAL
    return Change(student, kind, old_total, new_total, bundle.max_score, tuple(changed))


def _machine_scores(bundle: Bundle, student_grades: StudentGrades) -> dict[str, float | None]:
    """Return exercise -> the grader's points in the gradebook. Cells without a test are left out."""
    return {name: student_grades.grades[name].auto_score for name in bundle.exercises if name in student_grades.grades}


def _checks(recorded: Result | None, before: Mapping[str, float | None]) -> dict[str, Sequence[CheckOutcome]]:
    """Return exercise -> the checks behind its points. Left out if nbgrader's command has since changed the points."""
    if recorded is None:
        return {}
    scores = scores_of(recorded)
    found = {exercise.name: exercise.test.checks for exercise in recorded.exercises}
    return {name: checks for name, checks in found.items() if name in before and before[name] == scores[name]}


def _total(bundle: Bundle, scores: Mapping[str, float | None], student_grades: StudentGrades) -> float | None:
    """Return the counted points, with manual grades first. None without any points or with an open score."""
    given = {
        name: grade.manual_score for name, grade in student_grades.grades.items() if grade.manual_score is not None
    }
    points = [given.get(name, score) for name, score in scores.items() if bundle.exercises[name]]
    return total(points) if scores else None


def _kind(old: float | None, new: float | None) -> str:
    if new is None:
        return OPEN
    if old is None:
        return NEW
    return SAME if new == old else BETTER if new > old else WORSE


def _flipped(old: Sequence[CheckOutcome], new: Sequence[CheckOutcome]) -> tuple[CheckChange, ...]:
    """Return the checks that have another outcome, are new or are gone."""
    before, after = ({check.sentence: check.outcome for check in checks} for checks in (old, new))
    names = dict.fromkeys([*after, *before])
    changes = (CheckChange(name, before.get(name), after.get(name)) for name in names)
    return tuple(change for change in changes if change.old != change.new)
