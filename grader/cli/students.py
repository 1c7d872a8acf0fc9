"""The command that imports a class into the gradebook: import-students."""

from __future__ import annotations

from pathlib import Path

import click

from checks.messages import SOURCE_LANGUAGE
from grader.common.text import printable
from grader.config.nbgrader_config import settings_of
from grader.course import Course
from grader.gradebook.student_languages import note_languages
from grader.languages.available import about


@click.command("import-students")
@click.argument("roster", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_obj
def import_students(course: Course, roster: Path) -> None:
    """Add the students of the CSV file ROSTER to the gradebook, or update those already there.

    Its first line names the columns: id, and any of first_name, last_name, email, lms_user_id, language; others are
    left out. language is the code of the student's language, such as zh; empty for the course's.
    The separator may be a comma, a semicolon or a tab. A byte order mark, as in files from Excel, is accepted.
    """
    from grader.gradebook import roster as rosters  # takes a second to import
    from grader.gradebook.url import gradebook_url

    students, others = rosters.read_roster(roster)
    chosen = {str(one[rosters.ID]): one[rosters.LANGUAGE] for one in students if rosters.LANGUAGE in one}
    for code in sorted({code for code in chosen.values() if code and code != SOURCE_LANGUAGE}):
        about(code)  # an unknown language is an error before anything is written
    # A wrong setting becomes an error that names it.
    with settings_of(course.folder):
        rosters.import_students(gradebook_url(course.folder, course.config), students)
    if chosen:
        note_languages(course.folder, chosen)
    click.echo(f"{len(students)} students are in the gradebook.")
    if others:
        click.echo(f"left out, as the gradebook has no such columns: {printable(', '.join(others), 200)}", err=True)


COMMANDS = (import_students,)
