"""The commands for translators: add a language, and merge today's sentences into the catalogues."""

from __future__ import annotations

from collections.abc import Iterator

import click

from grader.common.errors import LanguageError
from grader.course import Course
from grader.languages import available
from grader.languages.update import Wanted, engine, of_assignment, remarks, update


@click.group()
def languages() -> None:
    """Begin a translation, or bring it up to date. See docs/languages/README.md."""


@languages.command("add")
@click.argument("code")
@click.pass_obj
def add_language(course: Course, code: str) -> None:
    """Begin the language CODE, such as zh, ko or fa, with empty catalogues."""
    found = available.add(code)
    click.echo(f"{found.code}: {found.name}, {found.direction}")
    _update(course, [code])


@languages.command("update")
@click.argument("codes", nargs=-1)
@click.pass_obj
def update_languages(course: Course, codes: tuple[str, ...]) -> None:
    """Merge today's sentences into the catalogues of the languages CODES, or of all.

    The notebooks' texts are those of release/: run `grader release` first. An entry with a changed English text is
    marked fuzzy.
    """
    known = list(codes) or available.codes()
    if not known:
        raise LanguageError("there is no language yet. `grader languages add zh` begins one.")
    _update(course, known)


def _update(course: Course, codes: list[str]) -> None:
    for code in codes:
        language = available.about(code)
        for wanted in _catalogues(course, language):
            entries, left, fuzzy = update(wanted, language)
            words = sum(entry.words for entry in wanted.entries)
            click.echo(f"{entries:5} entries, {words:6} words, {left:5} untranslated, {fuzzy:3} fuzzy  {wanted.path}")
    for assignment in course.assignments():
        for remark in remarks(assignment):
            click.echo(f"{assignment.name}: {remark}")


def _catalogues(course: Course, language: available.About) -> Iterator[Wanted]:
    yield from engine(language)
    for assignment in course.assignments():
        assert assignment.release is not None  # a course's assignments know where their release is
        yield from of_assignment(assignment, language, assignment.release)


COMMANDS = (languages,)
