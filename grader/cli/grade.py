"""Commands for a whole class: autograde, reproduce, serve-folder."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from grader.analysis.student_scores import StudentScores, columns_of, student_scores
from grader.assignments.bundle import Bundle
from grader.assignments.notebook_names import graded_notebooks
from grader.batch.dry_run import dry_run
from grader.batch.executors.registry import executor_for
from grader.batch.jobs import grade_job, versions
from grader.batch.run import Class
from grader.batch.run_report import Progress
from grader.cli.dry_run_table import dry_run_as_json, print_dry_run
from grader.cli.live import followed, live_page, open_options, wait_for_reader
from grader.cli.names import SHOWN, regrade_line
from grader.cli.progress import print_report, progress, report_as_json, say_weaker_mode
from grader.common.errors import CourseError, NotReleasedError
from grader.common.imports import loading
from grader.common.text import printable
from grader.config.nbgrader_config import GRADING, excluded, refuse_others, settings_of
from grader.course import Course
from grader.gradebook.student_grades import ClassGrades
from grader.results.codec import exercise_json, read_exercise
from grader.results.records import BROKEN_STATUS, ExerciseOutcome, Result
from grader.results.store import ResultStore
from grader.sandbox import weaker_mode
from grader.submissions.folder import submission_folders
from grader.submissions.misplaced import misplaced
from grader.submissions.several import read_job

if TYPE_CHECKING:
    from grader.gradebook.write import GradebookWriter


def bundle_of(course: Course, assignment: str) -> Bundle:
    judge = course.judge_settings
    return Bundle.of(course.assignment(assignment), course.policy, judge.sandbox_options())


@click.command()
@click.argument("assignment")
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count(), show_default=True, help="Worker processes.")
@click.option(
    "--cluster", metavar="ADDRESS", help="Run on the workers of this Dask scheduler, such as tcp://host:8786."
)
@click.option("--student", "students", multiple=True, help="Only this student. Repeatable.")
@click.option("--force", is_flag=True, help="Grade unchanged submissions again, too.")
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Write nothing: list the changes for each student.")
@click.option("--quiet", is_flag=True, help="Print a line per problem, and nothing else.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done, and the scores, as JSON.")
@open_options
@click.pass_obj
def autograde(
    course: Course,
    assignment: str,
    jobs: int,
    cluster: str | None,
    students: tuple[str, ...],
    force: bool,
    is_dry_run: bool,
    quiet: bool,
    as_json: bool,
    is_open: bool,
    port: int,
) -> None:
    """Grade every submission of ASSIGNMENT in submitted/ that is new or has changed.

    You can stop it at any time and start it again: it continues.

    --dry-run grades the same submissions, writes nothing, and lists the students with other points and the checks with
    another outcome. Use it for a changed test before it counts. These points do not include late penalties.

    The readable part of a damaged submission is graded. If nothing can be read any more, an earlier result is kept.

    Exit status: 0 all graded, 1 an error, named; 3 some scores are open: the grader failed, or files cannot be read.
    """
    executor_for(1, cluster)  # reports a wrong address before anything else happens
    only = _chosen(course, assignment, students)
    class_ = Class(
        course=course.folder,
        bundle=bundle_of(course, assignment),
        executor=executor_for(min(jobs, len(only)), cluster),
        open_gradebook=lambda: open_gradebook(course, assignment),
        force=force,
        only=only,
        secret=lambda: course.secret(may_write=not is_dry_run),
    )
    act = _would_change if is_dry_run else _grade
    # On a cluster the isolation of this machine says nothing.
    first = "" if quiet or as_json or cluster else weaker_mode()
    with live_page(is_open, assignment, len(only), port) as live:
        with progress(len(only), quiet or as_json, lines=not as_json, first=first) as advance:
            broken, show, as_data = act(class_, course, assignment, followed(advance, live))
        if as_json:
            click.echo(json.dumps(as_data(), indent=2))
        elif not quiet:
            show()
        if live is not None:
            wait_for_reader(live, None if is_dry_run else _class_report(course, assignment))
    if broken:
        sys.exit(BROKEN_STATUS)


def _class_report(course: Course, assignment: str) -> bytes | None:
    """Return the page of the class report, or None if the run has recorded no result."""
    from grader.cli.report import class_report

    if not any(ResultStore(course.folder, assignment).records()):
        return None
    return class_report(course, assignment)[0].encode("utf-8", "replace")


def _chosen(course: Course, assignment: str, named: tuple[str, ...]) -> frozenset[str]:
    """Return the students to grade: the named ones, or all submitters except excluded ones. Raises CourseError."""
    refuse_others(course.config, course.folder, GRADING)
    out = excluded(course.config, course.folder)
    submitted = course.folder / "submitted"
    found = {one.student for one in submission_folders(submitted, assignment)}
    notebooks = {name: graded_notebooks(course.folder / "source" / name) for name in {*course.names(), assignment}}
    others = [each for name in notebooks if name != assignment for each in (name, *notebooks[name])]
    elsewhere = misplaced(submitted, assignment, others, notebooks[assignment])
    if missing := _listed(student for student in named if student not in found):
        raise CourseError(
            f"submitted/ holds no {assignment} of {missing}: nobody was graded. Fix --student, or collect it."
        )
    if not found:
        course.assignment(assignment)  # a mistyped name is the likelier reason
        raise CourseError("\n".join([f"submitted/ holds no {assignment}. Collect it first.", *elsewhere[:SHOWN]]))
    for line in elsewhere[:SHOWN]:
        click.echo(line, err=True)
    if len(elsewhere) > SHOWN:
        click.echo(f"{len(elsewhere) - SHOWN} more notebooks lie in the wrong place.", err=True)
    chosen = frozenset(named or found - out)
    if left_out := chosen & out if chosen else found:
        names = _listed(sorted(left_out))
        raise CourseError(f"c.CourseDirectory.student_id_exclude leaves out {names}: nobody was graded. Fix it.")
    return chosen


def _listed(students: Iterable[str]) -> str:
    return printable(", ".join(dict.fromkeys(students)), 200)


Done = tuple[list[str], Callable[[], None], Callable[[], dict[str, Any]]]
"""Students with open scores, a function that prints the run for people, and one that returns it for scripts."""


def _grade(class_: Class, course: Course, assignment: str, advance: Progress) -> Done:
    report = class_.grade(advance)

    # Read only when needed, and row by row: a large class never is in memory as a whole.
    def rows() -> Iterator[StudentScores]:
        students = {*report.graded, *report.current, *report.unreadable}
        return class_scores(course, assignment, students)

    return report.broken, lambda: print_report(report, rows(), assignment), lambda: report_as_json(report, rows())


def _would_change(class_: Class, course: Course, assignment: str, advance: Progress) -> Done:
    run = dry_run(class_, lambda: class_grades_of(course, assignment), advance)
    return run.report.broken, lambda: print_dry_run(run), lambda: dry_run_as_json(run)


def class_grades_of(course: Course, assignment: str) -> ClassGrades:
    """Return the gradebook's grades. Raises GradebookError if it cannot be read or lacks the assignment."""
    from grader.gradebook.read import read_class_grades  # takes a second to import

    with settings_of(course.folder):
        class_grades = read_class_grades(course.config, course.folder, assignment)
    return class_grades.in_order(filter(None, (cell.grade_id for cell in course.assignment(assignment).master_cells)))


def class_scores(
    course: Course, assignment: str, students: Collection[str] | None = None, store: ResultStore | None = None
) -> Iterator[StudentScores]:
    """Yield a row per student, by name, from the result store and the gradebook. students: only these.

    Raises GradebookError for a gradebook that cannot be read.
    """
    try:
        class_grades = class_grades_of(course, assignment)
    except NotReleasedError:  # without a gradebook, or with a new one, the store still has the scores
        class_grades = None
    columns = columns_of(course.assignment(assignment), course.policy.parts)
    return student_scores(store or ResultStore(course.folder, assignment), columns, class_grades, students)


def open_gradebook(course: Course, assignment: str) -> GradebookWriter:
    """Return the course's gradebook, to be entered. Raises GradebookError if it cannot be used."""
    with loading():
        from grader.gradebook import write  # takes a second to import, while the workers start

    with settings_of(course.folder):
        return write.open_gradebook(course.config, course.folder, assignment)


@click.command()
@click.argument("student")
@click.argument("assignment")
@click.pass_obj
def reproduce(course: Course, student: str, assignment: str) -> None:
    """Grade a submission again with the seed of its recorded result, and compare.

    Exit status: 0 the same result; 1 another result, or nothing to compare with.
    """
    bundle = bundle_of(course, assignment)  # first: it knows a wrong folder, and a mistyped assignment
    store = ResultStore(course.folder, assignment)
    record = store.record(student)
    # A record of another version has no result to compare with.
    if student in store.unknown:
        raise click.ClickException(regrade_line(store.unknown, assignment))
    if record is None:
        raise click.ClickException(f"there is no recorded result of {student}. Run `grader autograde {assignment}`.")
    found = list(submission_folders(course.folder / "submitted", assignment, frozenset([student])))
    if not found:
        raise click.ClickException(f"submitted/{student}/{assignment} is gone: put the submission back.")
    say_weaker_mode()
    job = read_job(found[0], bundle, record.result.seed)
    again = grade_job(bundle, job)
    for what, then, now in (
        ("submission", record.submission, job.digest),
        ("assignment", record.bundle, bundle.digest),
        *((name, record.versions.get(name), version) for name, version in versions().items()),
        *_changed_settings(record.settings, asdict(bundle.policy)),
    ):
        if then != now:
            click.echo(f"{what} has changed since: {then} then, {now} now")
    differences = _differences(record.result, again.result)
    for line in differences:
        click.echo(line)
    score = "open" if again.result.score is None else f"{again.result.score:g}"
    click.echo(f"{student}: {score} of {again.result.max_score:g} with seed {again.result.seed}")
    if differences:
        sys.exit(1)


def _changed_settings(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return name, old and new value of changed settings. Records of early versions hold no settings."""
    old, new = ({**settings, **settings.get("limits", {})} for settings in (then, now))
    return [(name, old[name], new[name]) for name in new if name != "limits" and name in old and old[name] != new[name]]


def _differences(then: Result, now: Result) -> list[str]:
    """Return the differences between two results, apart from durations and memory addresses."""
    old, new = ({one.name: one for one in result.exercises} for result in (then, now))
    lines = []
    for name in dict.fromkeys([*old, *new]):
        if _without_addresses(old.get(name)) != _without_addresses(new.get(name)):
            before, after = (results[name].score if name in results else "not there" for results in (old, new))
            lines.append(f"{name}: {before} then, {after} now")
    return lines


def _without_addresses(exercise: ExerciseOutcome | None) -> str:
    # The result read back, as a record is: the weights 1 and 1.0 are the same.
    text = json.dumps(exercise and exercise_json(read_exercise(exercise_json(exercise))), sort_keys=True)
    # The repr of an object in a finding contains its address, which differs in every process.
    return re.sub(r"\b0x[0-9a-f]+\b", "0x", text)


COMMANDS = (autograde, reproduce)
