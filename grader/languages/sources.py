"""Collect the English sentences from code, templates, tests and notebooks."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, nodes

from grader.languages.catalogue import Entry
from grader.languages.literals import sentences_of, titles_of
from grader.languages.paragraphs import comments_of, entries_of_prose, has_words

CALLS = ("say", "say_number", "_", "_n")
RAISES = "raises-exception"
"""Jupyter's tag of a cell that may fail."""


def of_code(paths: Iterable[Path], root: Path) -> Iterator[Entry]:
    """Yield the patterns of all calls of `say` and `say_number` in Python files and templates."""
    for path in paths:
        place = path.relative_to(root).as_posix()
        if path.suffix == ".html":
            yield from _of_template(path.read_text(), place)
        elif path.suffix == ".py":
            yield from _of_python(path.read_text(), place)


def _of_python(text: str, place: str) -> Iterator[Entry]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS and node.args:
            constants = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            if len(constants) == len(node.args):
                yield _entry(constants, "number" in node.func.id or node.func.id == "_n", place)


def _of_template(text: str, place: str) -> Iterator[Entry]:
    for call in Environment().parse(text).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in CALLS:
            constants = [arg.value for arg in call.args if isinstance(arg, nodes.Const)]
            yield _entry(constants, call.node.name == "_n", place)


def _entry(constants: list[str], counts: bool, place: str) -> Entry:
    return Entry(constants[0], (constants[1] if len(constants) > 1 else constants[0]) if counts else "", place=place)


def of_tests(paths: Iterable[Path], root: Path) -> Iterator[Entry]:
    """Yield the sentences of an assignment's tests: calls of `say`, and strings of several words.

    Docstrings, parts of f-strings and texts for the instructor in errors are left out.
    """
    for path in paths:
        source, place = path.read_text(), path.relative_to(root).as_posix()
        tree = ast.parse(source)
        yield from _of_python(source, place)
        aside = {id(part) for node in ast.walk(tree) for part in _not_sentences(node)}
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) and id(node) not in aside else None
            if isinstance(text, str) and " " in text.strip() and has_words(text) and not _is_code(text):
                yield Entry(text, place=place)


def untranslatable(paths: Iterable[Path], root: Path) -> Iterator[str]:
    """Yield a line for each f-string with several words in an assignment's tests: its text is known too late."""
    for path in paths:
        tree = ast.parse(path.read_text())
        # Errors are for the instructor.
        aside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Raise) for part in ast.walk(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr) and id(node) not in aside:
                text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{…}" for part in node.values)
                if " " in text.strip() and has_words(text):
                    where = f"{path.relative_to(root).as_posix()}:{node.lineno}"
                    remedy = 'Write say("… {name}", name=name) in its place'
                    yield f"{where}: {text[:60]!r}: an f-string cannot be translated. {remedy}."


def _is_code(text: str) -> bool:
    """Return True for code, such as f(x, 1), for several lines, and for a regular expression."""
    if "\n" in text or "->" in text or "|" in text:
        return True
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def _not_sentences(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Expr | ast.JoinedStr | ast.Raise):
        yield from ast.walk(node) if not isinstance(node, ast.Expr) or isinstance(node.value, ast.Constant) else ()
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
        yield from ast.walk(node)


def of_notebook(cells: Iterable[Mapping[str, Any]], place: str) -> Iterator[Entry]:
    """Yield the entries of a released notebook. Test cells are the same in all languages."""
    for cell in cells:
        source, name = text_of(cell), str(cell.get("id", ""))
        if cell["cell_type"] == "markdown":
            yield from (Entry(text, context=name, place=place) for text in entries_of_prose(source))
        elif cell["cell_type"] == "code" and not is_test(cell):
            yield from (Entry(comment.text, context=name, place=place) for comment in comments_of(source))
            if may_say(cell):
                yield from (Entry(text, context=name, place=place) for text in sentences_of(source))


def of_figures(cells: Iterable[Mapping[str, Any]], place: str) -> Iterator[Entry]:
    """Yield the titles in figures that the notebook's code draws. `checks` translates them where a font is there."""
    for cell in cells:
        if cell["cell_type"] == "code" and may_say(cell):
            yield from (Entry(text, place=place) for text in titles_of(text_of(cell)))


def of_parts(cells: Iterable[Mapping[str, Any]], place: str) -> Iterator[Entry]:
    """Yield the names of the assignment's parts: the tags of its test cells."""
    for cell in cells:
        if is_test(cell):
            tags = cell["metadata"].get("tags", ())
            yield from (Entry(str(tag), place=place) for tag in tags if tag != RAISES)


def may_say(cell: Mapping[str, Any]) -> bool:
    """Return True for a code cell without a grade, whose sentences may be translated: no test reads them."""
    return not cell.get("metadata", {}).get("nbgrader")


def text_of(cell: Mapping[str, Any]) -> str:
    """Return the source of a cell as one string."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def is_test(cell: Mapping[str, Any]) -> bool:
    """Return True for a cell whose text students must not change."""
    about = cell.get("metadata", {}).get("nbgrader", {})
    return bool(about.get("grade") and not about.get("solution"))
