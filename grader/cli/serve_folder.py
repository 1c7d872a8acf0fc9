"""The command `grader serve-folder`: grade notebooks as they arrive in a folder."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from grader.batch.arrivals import ExchangeInbound, Notebooks
from grader.batch.watch_folder import Inbox
from grader.cli.live import live_page, open_options
from grader.cli.progress import say_weaker_mode
from grader.course import Course
from grader.results.records import BROKEN_STATUS


@click.command("serve-folder")
@click.argument("assignment")
@click.argument("inbox", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("outbox", type=click.Path(path_type=Path, file_okay=False))
@click.option("--once", is_flag=True, help="Grade the notebooks in the folder, then end.")
@click.option("--exchange", is_flag=True, help="INBOX is the `inbound` folder of nbgrader's exchange.")
@open_options
@click.pass_obj
def serve_folder(
    course: Course, assignment: str, inbox: Path, outbox: Path, once: bool, exchange: bool, is_open: bool, port: int
) -> None:
    """Grade notebooks as they arrive in INBOX; write OUTBOX/<name>.json for each INBOX/<name>.ipynb.

    For use behind an LMS or a JupyterHub. Put files that belong to a notebook into INBOX/<name>.files/ before the
    notebook. A notebook that is written again is graded again; one that has its result is not, also after a restart. If
    a notebook cannot be judged, its result has an "error" with the reason. Ctrl-C ends the service.

    With --exchange, OUTBOX/<name>.json is written for each folder INBOX/<name>/ that `nbgrader submit` makes.

    Exit status with --once: 0, or 3 if a result could not be written.
    """
    bundle = course.assignment(assignment)
    with course.grader(bundle, pictures=False) as grader, live_page(is_open, assignment, None, port) as live:
        say_weaker_mode()
        arrivals = ExchangeInbound(assignment) if exchange else Notebooks()
        service = Inbox(grader, inbox, outbox, course.policy.max_notebook_bytes, course.secret(), arrivals)
        try:
            for name, score in service.once() if once else service.serve():
                click.echo(f"{name}: {score}")
                if live is not None:
                    live.add_row(name, score)
        except KeyboardInterrupt:
            click.echo("ended", err=True)
    if once and service.unwritten:
        sys.exit(BROKEN_STATUS)


COMMANDS = (serve_folder,)
