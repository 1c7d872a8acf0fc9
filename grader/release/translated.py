"""The release in another language: the English release with translated texts, and its gate."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog

from checks.messages import CATALOGUE
from grader.assignments.assignment import Assignment
from grader.assignments.layout import MISCONCEPTIONS, PRIVATE
from grader.languages.available import NOTEBOOK, TESTS, About, joined
from grader.languages.catalogue import NUMBER, WORDS, problems_of, read
from grader.languages.cells import BLOCK, texts_of, translated_cells, translated_text
from grader.languages.figures import figures_in, translated_figure
from grader.languages.literals import without_sentences
from grader.languages.paragraphs import PYTHON, Translate, comments_of, in_fence, is_formula, misnested, pieces_of_prose
from grader.languages.sources import is_test, may_say, text_of
from grader.languages.update import README, Wanted, engine, of_assignment
from grader.notebooks.same_code import bare
from grader.release.leaks import leaks
from grader.release.one_file import FOLDER, add_one_file

Raw = dict[str, Any]


def catalogue_problems(assignment: Assignment, language: About, english: Path) -> list[str]:
    """Return a line for each entry that keeps the assignment from being released in the language.

    english: the folder of the English release. Raises LanguageError for a catalogue that cannot be read.
    """
    found: list[str] = []
    for wanted in [*engine(language), *of_assignment(assignment, language, english)]:
        if wanted.path.exists():
            found += problems_of(wanted.path, read(wanted.path), wanted.entries, language.forms)
        else:
            found.append(f"{wanted.path}: does not exist. Run `grader languages update {language.code}`.")
    return found


def translate_release(assignment: Assignment, language: About, english: Path, place: Path) -> None:
    """Write the folder `place`: a copy of the English release with texts in the language. Missing ones stay English."""
    shutil.copytree(english, place, ignore=shutil.ignore_patterns(FOLDER))
    wanted = {found.path.name: found for found in [*engine(language), *of_assignment(assignment, language, english)]}
    texts, is_rtl = texts_of(wanted[NOTEBOOK].path), language.direction == "rtl"
    notebooks = [place / one.master_path.name for one in assignment.notebooks]
    for path in notebooks:
        notebook = json.loads(path.read_bytes())
        notebook["cells"] = translated_cells(notebook["cells"], texts, is_rtl)
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    public = [_public(wanted["checks.po"]), _public(wanted[TESTS])]
    # Packed, as in the data file of the tests: hints are for those who made the mistake. No time stamp: same bytes.
    (place / CATALOGUE).write_bytes(gzip.compress(joined(public, language), mtime=0))
    readme = place / README
    if readme.exists():
        text = translated_text(readme.read_text(encoding="utf-8"), _texts_of(texts, README), is_rtl)
        readme.write_text(text, encoding="utf-8")
    for path in figures_in(place):
        name = path.relative_to(place).as_posix()
        svg = translated_figure(path.read_text(encoding="utf-8"), _texts_of(texts, name), language.code, is_rtl)
        path.write_text(svg, encoding="utf-8")
    (place / CATALOGUE).chmod(notebooks[0].stat().st_mode)
    for path in notebooks:
        add_one_file(place, path.name)


def _texts_of(texts: Mapping[tuple[str, str], str], context: str) -> Translate:
    """Return English -> translation for the entries of one file; without a translation, the English itself."""
    return lambda english: texts.get((context, english), english)


def is_same_release(fresh: Path, released: Path) -> bool:
    """Return True if the two folders hold the same files, without the notebook in one file, which is made of them."""

    def content(folder: Path) -> dict[str, bytes]:
        paths = (path for path in folder.rglob("*") if path.is_file() and FOLDER not in path.relative_to(folder).parts)
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}

    return content(fresh) == content(released)


def _public(wanted: Wanted) -> Catalog:
    """Return the catalogue without sentences of hidden tests: students can read the compiled catalogue."""
    shown = {entry.id for entry in wanted.entries if _is_public(entry.place)}
    found = Catalog(fuzzy=False)
    for message in read(wanted.path) if wanted.path.exists() else ():
        key = message.id[0] if isinstance(message.id, tuple | list) else message.id
        if key in shown:
            found[message.id] = message
    return found


def _is_public(place: str) -> bool:
    # Students have the known mistakes already, in the data file of the public tests.
    return not place.startswith(f"{PRIVATE}/") or place.startswith(f"{PRIVATE}/{MISCONCEPTIONS}/")


def translation_problems(assignment: Assignment, english: Path, place: Path) -> Iterator[str]:
    """Yield what differs between the two releases, other than texts, and each secret line in the translated one."""
    for one in assignment.notebooks:
        yield from _differences(one.master_path.name, english, place)
    yield from filter(None, leaks(assignment, place))


def _differences(name: str, english: Path, place: Path) -> Iterator[str]:
    before = json.loads((english / name).read_bytes())["cells"]
    after = json.loads((place / name).read_bytes())["cells"]
    ids = [[(cell.get("id"), cell["cell_type"], cell["metadata"]) for cell in cells] for cells in (before, after)]
    if ids[0] != ids[1]:
        yield f"{name}: the cells, their ids or their metadata differ from the English release."
    for old, new in zip(before, after, strict=False):
        label = f"{name}: cell {old.get('id')}"
        if old["cell_type"] != "markdown" and _code(old) != _code(new):
            yield f"{label}: the code differs. A translation of a comment or docstring ends it too early: look for quotes."
        elif old["cell_type"] != "markdown" and not is_test(old):
            if len(comments_of(text_of(old))) > len(comments_of(text_of(new))):
                yield f"{label}: a translated comment reads as code. Write it as a sentence."
        elif old["cell_type"] == "markdown":
            kept = [_verbatim(text_of(cell)) for cell in (old, new)]
            if kept[0] != kept[1]:
                yield f"{label}: code blocks, formulas or pictures differ. A translation must stay one paragraph."
            if (wrong := misnested(text_of(new))) and not misnested(text_of(old)):
                yield f"{label}: {wrong} A browser would end a hint too early. Compare the tags of its entries."


def _code(cell: Raw) -> list[tuple[int, str]]:
    """Return the code that must be the same: without comments, docstrings and, in a cell without a grade, sentences."""
    return bare(without_sentences(text_of(cell)) if may_say(cell) else text_of(cell))


def _verbatim(source: str) -> list[object]:
    """Return the parts of code blocks, formula blocks and pictures that are the same in all languages: no comments and
    words, and of an expected output its lines and numbers.
    """
    blocks = (p.text for p in pieces_of_prose(source) if not p.is_entry and BLOCK.match(p.text))
    kept = (
        bare(in_fence(block))
        if PYTHON.match(block)
        else WORDS.sub("", block).strip()
        if is_formula(block)
        else [NUMBER.findall(line) for line in block.strip().split("\n")]
        for block in blocks
    )
    return [*kept, *re.findall(r'\bsrc="[^"]*"', source)]
