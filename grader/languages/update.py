"""Merge today's English sentences into the catalogues of all languages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from grader.assignments.assignment import Assignment
from grader.assignments.layout import (
    DRAW_FIGURES,
    MISCONCEPTIONS,
    PRIVATE,
    RIGHT_ANSWERS,
    SAMPLE_ANSWERS,
    VARIANTS,
    source_files,
)
from grader.common.errors import LanguageError
from grader.common.text import title_of
from grader.common.version import checks_folder
from grader.languages.available import CHECKS, GRADER, HERE, NOTEBOOK, PRIVATE_FOLDER, TESTS, About
from grader.languages.catalogue import Entry, merged, read, save
from grader.languages.figures import entries_of_figure, figures_in
from grader.languages.paragraphs import entries_of_prose
from grader.languages.sources import of_code, of_figures, of_notebook, of_parts, of_tests, untranslatable

NO_TESTS = (DRAW_FIGURES, SAMPLE_ANSWERS, MISCONCEPTIONS, RIGHT_ANSWERS, VARIANTS)
"""Folders in an assignment's private folder without sentences for students."""
SCRIPT = re.compile(r"^if __name__ == .__main__.:", re.MULTILINE)
"""The mark of a file that the instructor runs, and no test imports."""
README = "README.md"


@dataclass(frozen=True)
class Wanted:
    """One catalogue, and the entries that belong into it."""

    path: Path
    entries: list[Entry]


def engine(language: About, grader: Path = HERE.parent) -> list[Wanted]:
    """Return the catalogues of `checks` and of the grader. grader: the folder of its code."""
    checks = checks_folder()
    pages = (path for path in source_files(grader) if path.suffix in (".py", ".html"))
    return [
        Wanted(language.folder / CHECKS, _once(of_code(source_files(checks), checks.parent))),
        Wanted(language.folder / GRADER, _once(of_code(pages, grader.parent))),
    ]


def of_assignment(assignment: Assignment, language: About, release: Path) -> list[Wanted]:
    """Return the catalogues of an assignment. release: the folder of its English release."""
    folder = assignment.private / PRIVATE_FOLDER / language.code
    title = Entry(title_of(assignment.name), place=assignment.master_path.name)
    notebooks = {one.master_path.name: _cells(release / one.master_path.name) for one in assignment.notebooks}
    parts = (entry for name, cells in notebooks.items() for entry in of_parts(cells, name))
    figures = (entry for name, cells in notebooks.items() for entry in of_figures(cells, name))
    texts = (entry for name, cells in notebooks.items() for entry in of_notebook(cells, name))
    return [
        Wanted(folder / TESTS, _once(chain([title], parts, _sentences(assignment), figures))),
        Wanted(folder / NOTEBOOK, _once(chain(texts, _readme(release), _figures(release)))),
    ]


def _cells(released: Path) -> list[dict[str, Any]]:
    if not released.exists():
        raise LanguageError(f"{released}: does not exist. Run `grader release {released.parent.name}` first.")
    cells: list[dict[str, Any]] = json.loads(released.read_bytes())["cells"]
    return cells


def _readme(release: Path) -> Iterator[Entry]:
    path = release / README
    texts = entries_of_prose(path.read_text(encoding="utf-8")) if path.exists() else ()
    return (Entry(text, context=README, place=README) for text in texts)


def _figures(release: Path) -> Iterator[Entry]:
    for path in figures_in(release):
        name = path.relative_to(release).as_posix()
        yield from (Entry(text, context=name, place=name) for text in entries_of_figure(path.read_text("utf-8")))


def remarks(assignment: Assignment) -> Iterator[str]:
    """Yield a line for each sentence of the assignment's tests that no catalogue can hold."""
    for paths, root in _tests(assignment):
        yield from untranslatable(paths, root)


def _tests(assignment: Assignment) -> Iterator[tuple[list[Path], Path]]:
    """Yield the Python files with sentences for students, and the folder that they are named from."""
    yield [path for path in assignment.lent.values() if path.suffix == ".py"], assignment.folder.parents[1]
    own = [path for path in source_files(assignment.folder) if path.suffix == ".py" and not _is_aside(assignment, path)]
    # Public files first: an entry keeps its first place, and students may have those of public files.
    yield sorted(own, key=lambda path: assignment.private in path.parents), assignment.folder


def _sentences(assignment: Assignment) -> Iterator[Entry]:
    for paths, root in _tests(assignment):
        yield from of_tests(paths, root)
    for answer in assignment.answers(MISCONCEPTIONS):
        place = f"{PRIVATE}/{MISCONCEPTIONS}/{answer.exercise}.py"
        yield from (Entry(text, place=place) for text in (answer.description, answer.hint) if text)


def _is_aside(assignment: Assignment, path: Path) -> bool:
    parts = path.relative_to(assignment.folder).parts
    return parts[0] == PRIVATE and (parts[1] in NO_TESTS or bool(SCRIPT.search(path.read_text())))


def _once(entries: Iterator[Entry]) -> list[Entry]:
    first: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        first.setdefault(entry.key, entry)
    return list(first.values())


def update(wanted: Wanted, language: About) -> tuple[int, int, int]:
    """Merge the entries into the catalogue. Return the number of entries, and of those left and fuzzy."""
    old = read(wanted.path) if wanted.path.exists() else None
    fresh = merged(wanted.entries, old, language.code, language.plurals)
    save(wanted.path, fresh)
    messages = [message for message in fresh if message.id]
    left = sum(not any(m.string if isinstance(m.string, tuple | list) else [m.string]) for m in messages)
    return len(messages), left, sum(message.fuzzy for message in messages)
