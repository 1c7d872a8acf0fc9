"""`--open`: a page in the browser that follows a run, and the class report at its end."""

from __future__ import annotations

import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from grader.batch.run_report import Progress, RunReport
from grader.pages.live.run_state import RunState


def open_options(command: Callable[..., object]) -> Callable[..., object]:
    """Add the two options of commands that can be followed in a browser."""
    command = click.option(
        "--port", type=click.IntRange(0, 65535), default=0, help="Of --open's page.  [default: any that is free]"
    )(command)
    return click.option(
        "--open", "is_open", is_flag=True, help="Follow the run in a browser, on this machine; Ctrl-C ends it."
    )(command)


@contextmanager
def live_page(is_open: bool, title: str, total: int | None, port: int) -> Iterator[RunState | None]:
    """Show the yielded state in a browser inside the context. Yield None without --open.

    Raises CourseError if the port is taken.
    """
    if not is_open:
        yield None
        return
    from grader.pages.live.server import LiveServer  # loads a server, which most runs do not need

    state = RunState(title, total)
    with LiveServer(state, port) as server:
        click.echo(f"Follow the run at {server.url}", err=True)
        threading.Thread(target=_open, args=(server.url,), daemon=True).start()  # some browsers return at their end
        yield state


def _open(url: str) -> None:
    if not webbrowser.open(url):
        click.echo("No browser was found here: open that address yourself.", err=True)


def followed(advance: Progress, state: RunState | None) -> Progress:
    """Return a progress callback that also fills the page."""
    if state is None:
        return advance
    shown = 0

    def tell(student: str, report: RunReport) -> None:
        nonlocal shown
        advance(student, report)
        if student:
            state.add_row(student, report.scores.get(student, "unchanged" if student in report.current else "open"))
        for name, line in report.problems[shown:]:
            state.add_problem(name, line)
        shown = len(report.problems)

    return tell


def wait_for_reader(state: RunState, report: bytes | None) -> None:
    """Show the end of the run, and serve the page until Ctrl-C."""
    state.end(report)
    click.echo("The page stays until you end this with Ctrl-C.", err=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("ended", err=True)
