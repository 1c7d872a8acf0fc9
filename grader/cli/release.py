"""`grader release`: build an assignment's release in a language."""

from __future__ import annotations

import click

from checks.messages import SOURCE_LANGUAGE
from grader.common.text import printable
from grader.course import Course


@click.command()
@click.argument("assignment")
@click.option("--dry-run", is_flag=True, help="Inspect and show the changes in the gradebook, without any change.")
@click.option("--withdraw", multiple=True, metavar="EXERCISE", help="Delete the grades of this exercise. Repeatable.")
@click.option("--language", "codes", multiple=True, metavar="CODE", help="Build release/CODE/ASSIGNMENT. Repeatable.")
@click.pass_obj
def release(course: Course, assignment: str, dry_run: bool, withdraw: tuple[str, ...], codes: tuple[str, ...]) -> None:
    """Build release/ASSIGNMENT if its tests prove themselves, and update the gradebook.

    With --language, build the release in other languages instead, from today's release in English.
    """
    # Not at the top: these import nbgrader, which takes a second.
    from grader.release.build import ReleaseOptions, build_release, build_translations, told

    if set(codes) - {SOURCE_LANGUAGE}:
        if withdraw:
            raise click.UsageError("--withdraw belongs to the English release, which alone changes the gradebook.")
        counts = build_translations(course.folder, course.assignment(assignment), course.config, codes, dry_run)
        for kind, count in counts.items():
            click.echo(f"{count:6} {kind}")
        places = ", ".join(f"release/{code}/{assignment}" for code in dict.fromkeys(codes))
        click.echo("nothing was changed" if dry_run else f"released to {places}")
        return
    options = ReleaseOptions(dry_run, withdraw)
    report = build_release(course.folder, course.assignment(assignment), course.config, options)
    for kind, count in report.counts.items():
        click.echo(f"{count:6} {kind}")
    for remark in report.remarks:
        click.echo(f"remark: {remark}")
    for change in report.changes:
        click.echo(told(change))
    if dry_run and report.totals:
        click.echo("Totals once the class is graded again, of those who gain or lose:")
        for total in report.totals:
            click.echo(f"  {printable(total.student, 255)}: {total}")
    click.echo("nothing was changed" if dry_run else f"released to release/{assignment}")


COMMANDS = (release,)
