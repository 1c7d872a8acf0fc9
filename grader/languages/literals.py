"""The sentences in a notebook's code: strings that a cell prints, raises or gives to a figure as its description.

A value in an f-string is a numbered place in its entry: f"{x} of {y}" is "{1} of {2}". Titles of matplotlib are no
entries here: whether they can be translated depends on the fonts of the student's machine (`checks/figures.py`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from checks.messages import FIELD

SAYS = frozenset({"print", "show_figure", "warn", "input"})
"""Functions with arguments that a student reads."""
SHOWS = "show_figure"
LITERAL = re.compile(r"""([A-Za-z]*)(\"{3}|'{3}|["'])((?:\\.|(?!\2).)*)\2""", re.DOTALL)
"""One string literal: prefix, quotes, body."""
BETWEEN = re.compile(r"(?:\s|\\\n)*")
WORD = re.compile(r"[^\W\d_]{2}")
LEFT_TO_RIGHT = "\u200e"
"""Unicode's mark, as strong as a letter from left to right. An output has no tags for directions."""
PART = re.compile(r"\b[A-Za-z_]\w*(?:\.\w+|\[[^\]]*\])+")
"""A part of a value in a label, such as A[1, 1] or A.shape."""
LABEL = re.compile(r"\s*=\s*$")
"""End of the name of a value, as in "x.shape ="."""


@dataclass(frozen=True)
class Literal:
    """A string in code, over one or several literals that Python joins."""

    start: int
    end: int
    quotes: str
    text: str
    """The entry, with numbered places for values."""
    values: tuple[str, ...]
    """Source of each value, with braces."""

    @property
    def is_sentence(self) -> bool:
        """True for a text with words of its own, other than the name of a value in front of it."""
        plain = PART.sub("", FIELD.sub("", self.text))
        return bool(WORD.search(plain)) and not _is_name(self.text)

    def translated(self, text: str) -> str:
        """Return the source of the literal with this text in place of its own."""
        parts, at = [], 0
        is_pattern = bool(self.values)
        for field in FIELD.finditer(text):
            if field[1].isdigit() and 1 <= int(field[1]) <= len(self.values):
                parts += [self._escaped(text[at : field.start()]), self.values[int(field[1]) - 1]]
                at = field.end()
        body = "".join([*parts, self._escaped(text[at:])])
        return f"{'f' if is_pattern else ''}{self.quotes}{body}{self.quotes}"

    def _escaped(self, text: str) -> str:
        text = (
            text.replace("\\", r"\\").replace("\n", r"\n").replace("\t", r"\t").replace(self.quotes, "\\" + self.quotes)
        )
        return text.replace("{", "{{").replace("}", "}}") if self.values else text


def sentences_of(source: str) -> Iterator[str]:
    """Yield the entries of a code cell."""
    yield from (found.text for found in _spoken(source) if found.is_sentence)


def titles_of(source: str) -> Iterator[str]:
    """Yield the constant texts in a cell's figure, such as titles: its other strings of several words."""
    if f"{SHOWS}(" not in source:
        return
    spoken = {found.start for found in _spoken(source)}
    for found in _literals(source, ast.walk):
        if found.start not in spoken and found.is_sentence and " " in found.text.strip() and not found.values:
            yield found.text


def with_sentences(source: str, translate: Callable[[str], str]) -> str:
    """Return the code cell with its sentences translated."""
    for found in sorted(_spoken(source), key=lambda one: one.start, reverse=True):
        fresh = translate(found.text) if found.is_sentence else found.text
        if fresh != found.text:
            source = source[: found.start] + found.translated(fresh) + source[found.end :]
    return source


def without_sentences(source: str) -> str:
    """Return the code cell with empty strings in place of all that it says, for a comparison of languages."""
    for found in sorted(_spoken(source), key=lambda one: one.start, reverse=True):
        source = source[: found.start] + '""' + source[found.end :]
    return source


def with_outputs(block: str, texts: Mapping[str, str]) -> str:
    """Return a block of expected output with the printed sentences translated. texts: entry -> translation."""
    for english in sorted(texts, key=len, reverse=True):
        parts = FIELD.split(english)
        pattern = "".join(f"(?P<v{part}>.*?)" if i % 2 else re.escape(part) for i, part in enumerate(parts))
        pattern += "$" if not parts[-1] else r"(?!\w)"  # a value at the end reaches to the end of the line
        block = re.sub(rf"(?m)(?<!\w){pattern}", partial(_filled, texts[english]), block)
    return block


def values_left_to_right(english: str, text: str) -> str:
    """Return the translation with marks that keep a printed value, such as a shape, from left to right."""
    return text if text == english else FIELD.sub(rf"{LEFT_TO_RIGHT}\g<0>", text) + LEFT_TO_RIGHT


def _filled(text: str, found: re.Match[str]) -> str:
    return FIELD.sub(lambda field: found[f"v{field[1]}"], text)


def _spoken(source: str) -> list[Literal]:
    return list(_literals(source, _said))


def _said(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in SAYS:
            yield from (part for argument in node.args for part in _joined(argument))
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            yield from (part for argument in node.exc.args for part in _joined(argument))
        elif isinstance(node, ast.Assert) and node.msg is not None:
            yield from _joined(node.msg)


def _joined(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the strings that become the text: not those inside a call or an index, which code reads."""
    yield node
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.IfExp):
        parts = [node.body, node.orelse] if isinstance(node, ast.IfExp) else list(ast.iter_child_nodes(node))
        for part in parts:
            yield from _joined(part)


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _literals(source: str, choose: Callable[[ast.AST], Iterator[ast.AST]]) -> Iterator[Literal]:
    """Yield the literals of a cell, without docstrings. A cell that is not Python gives none."""
    # Lines of IPython become comments of the same length, so that places stay.
    python = "\n".join("#" + line[1:] if line.lstrip().startswith(("%", "!")) else line for line in source.split("\n"))
    try:
        tree = ast.parse(python)
    except (SyntaxError, ValueError):
        return
    aside = {id(part) for node in ast.walk(tree) for part in _aside(node)}
    starts = [0]
    for line in python.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    lines, seen = python.split("\n"), set()
    for node in choose(tree):
        if not isinstance(node, ast.JoinedStr | ast.Constant) or id(node) in aside or id(node) in seen:
            continue
        if isinstance(node, ast.Constant) and not isinstance(node.value, str):
            continue
        seen.add(id(node))
        start, end = (
            starts[row - 1] + len(lines[row - 1].encode()[:column].decode())  # Python counts bytes
            for row, column in ((node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0))
        )
        found = _read(python, start, end)
        if found is not None and _same(node, found):
            yield found


def _aside(node: ast.AST) -> Iterator[ast.AST]:
    """Yield docstrings, and all parts of f-strings: the f-string itself is the literal."""
    if isinstance(node, ast.Expr):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield from (part for part in ast.walk(node) if part is not node)


def _read(source: str, start: int, end: int) -> Literal | None:
    """Return the literal at the place, or None if it is written in a way that is not understood."""
    at, text, quotes = start, "", ""
    values: list[str] = []
    while at < end:
        found = LITERAL.match(source, at, end)
        if found is None or set(found[1].lower()) - {"f"}:
            return None
        quotes = quotes or found[2][0]
        for part in _parts(found[3]) if found[1] else [found[3]]:
            if part.startswith("{") and found[1] and not part.startswith("{{"):
                values.append(part)
                text += f"{{{len(values)}}}"
            else:
                plain = part.replace("{{", "{").replace("}}", "}") if found[1] else part
                text += str(ast.literal_eval(f"{found[2]}{plain}{found[2]}"))
        at = BETWEEN.match(source, found.end(), end).end()  # type: ignore[union-attr]  # it matches nothing as well
    return Literal(start, end, quotes, text, tuple(values))


def _parts(body: str) -> Iterator[str]:
    """Split the body of an f-string into texts and values with their braces."""
    at = i = 0
    while i < len(body):
        if body[i] == "{" and body[i : i + 2] != "{{":
            if at < i:
                yield body[at:i]
            depth, at = 1, i
            while depth and i + 1 < len(body):
                i += 1
                depth += {"{": 1, "}": -1}.get(body[i], 0)
            yield body[at : i + 1]
            at = i + 1
        elif body[i : i + 2] in ("{{", "}}"):
            i += 1
        i += 1
    if at < len(body):
        yield body[at:]


def _same(node: ast.expr, found: Literal) -> bool:
    """Return True if the literal, written again, is the same expression."""
    try:
        again = ast.parse(found.translated(found.text), mode="eval").body
    except (SyntaxError, ValueError):
        return False
    return ast.dump(again) == ast.dump(node)


def _is_name(text: str) -> bool:
    """Return True for code, such as "x.shape =", and for a single name that is no word, such as "n_C"."""
    name = LABEL.sub("", FIELD.sub("0", text)).strip()
    if name.isalpha() and name == text.strip():
        return False
    try:
        ast.parse(name, mode="eval")
    except (SyntaxError, ValueError):
        return False
    return True
