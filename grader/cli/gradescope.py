"""The commands for Gradescope: the archive to upload, and the run in Gradescope's container."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from checks.messages import speaking
from grader.batch.gradescope_run import ROOT, grade_master, grade_submission
from grader.cli.grade import bundle_of
from grader.cli.progress import say_weaker_mode
from grader.cli.report import FOLDER
from grader.config.course_secret import course_secret
from grader.config.nbgrader_config import CONFIG_FILE
from grader.course import Course
from grader.exports.gradescope_archive import archive
from grader.languages.available import language
from grader.results.records import BROKEN_STATUS

MEGABYTE = 1e6


@click.command("gradescope-zip")
@click.argument("assignment")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write.  [default: reports/ASSIGNMENT-gradescope.zip]",
)
@click.pass_obj
def gradescope_zip(course: Course, assignment: str, output: Path | None) -> None:
    """Write the archive that makes ASSIGNMENT a Gradescope autograder.

    Upload it there under "Configure Autograder", with a base image of Ubuntu 22.04 or newer. It holds the hidden tests,
    the solutions and the course's secret: keep it from students.
    """
    bundle = bundle_of(course, assignment)
    content = archive(bundle, (course.folder / CONFIG_FILE).read_bytes(), course.secret())
    path = output or course.folder / FOLDER / f"{assignment}-gradescope.zip"
    path.parent.mkdir(parents=True, exist_ok=True)
    # O_EXCL refuses an existing file, whose permissions would stay as they are.
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # private from the first byte
        file.write(content)
    click.echo(
        f"wrote {path} ({len(content) / MEGABYTE:.1f} MB). It holds hidden tests and solutions: not for students."
    )


@click.command("gradescope-run", hidden=True)
@click.argument("assignment")
@click.option("--trial", is_flag=True, help="Grade the assignment's own solutions instead, and write nothing.")
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), default=ROOT, help="Gradescope's folder.")
@click.pass_obj
def gradescope_run(course: Course, assignment: str, trial: bool, root: Path) -> None:
    """Grade the submission in Gradescope's container. The archive's scripts call this.

    Exit status: 0 judged, whatever the score; 1 an error, named; 3 the score is open.
    """
    bundle = bundle_of(course, assignment)
    # The instructor sees in Gradescope's log how strong the isolation is there.
    with course.grader(course.assignment(assignment), pictures=False) as grader:
        say_weaker_mode()
        click.echo(f"Student code runs behind: {', '.join(grader.layers)}.")
        if trial:
            result = grade_master(grader, bundle)
            click.echo(f"The solutions get {result.score:g} of {result.max_score:g} points.")
            return
        with speaking(language(course.judge_settings.language, course.assignment(assignment).private)):
            graded = grade_submission(grader, bundle, course_secret(course.folder), root)
    if graded is None or graded.broken:
        sys.exit(BROKEN_STATUS)
    click.echo(f"score: {graded.score:g} of {graded.max_score:g}")


COMMANDS = (gradescope_zip, gradescope_run)
