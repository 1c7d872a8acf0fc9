"""The texts of a notebook that are translated: paragraphs of its prose, comments and docstrings of its code."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from grader.languages.catalogue import CODE, FORMULA, TAG, WORDS
from grader.languages.literals import with_outputs
from grader.notebooks.regions import SOLUTION_MARKS

Translate = Callable[[str], str]
NOTHING: Mapping[str, str] = MappingProxyType({})
FENCE = re.compile(r"^(\s*(?:> ?)*)(```|~~~)")
PYTHON = re.compile(r"^(?:```|~~~)\s*(?:python|py)\b")
"""Beginning of a fenced block of Python, whose comments are entries."""
OUTPUT = re.compile(r"\s*(?:> ?)*(?:```|~~~)\s*text\b")
"""Beginning of a fenced block with the expected output of the code cell before it."""
LEAD = re.compile(r"^(\s*(?:> ?)*(?:#{1,6} +|[-*+] +|\d+[.)] +)?)")
"""Indent, marks of a quotation, and the mark of a heading or of a list item."""
STARTS = re.compile(r"^\s*(?:> ?)*(?:#{1,6} |[-*+] |\d+[.)] |\||<|```|~~~|\$\$)")
"""Beginning of a line that does not continue a paragraph."""
FORMULAS = "$$"
"""Mark of a block of formulas."""
SUMMARY = re.compile(r"(<summary>)(.*?)(</summary>)")
ALT = re.compile(r'(\balt=")([^"]*)(")')
LETTER = re.compile(r"[^\W\d_]")
RULE = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")
VOID = frozenset({"br", "hr", "img", "wbr"})
"""Tags without an end."""
NAMED = re.compile(r"\s*\w[\w, *]*:(?: |$)")
"""Beginning of an argument in a docstring."""


@dataclass(frozen=True)
class Piece:
    """A part of a text. All pieces, one after the other, are the text."""

    text: str
    is_entry: bool = False


def has_words(text: str) -> bool:
    """Return True if there are words outside code, formulas and tags."""
    return bool(LETTER.search(TAG.sub(" ", FORMULA.sub(" ", CODE.sub(" ", text)))))


def pieces_of_prose(source: str) -> list[Piece]:
    """Split a text cell into entries and the parts between them."""
    lines, found, i = source.split("\n"), [], 0
    while i < len(lines):
        line, first = lines[i], i
        fence = FENCE.match(line)
        if fence:
            i = _end(lines, i, partial(_holds, fence[2]))
            found.append(Piece("\n".join(lines[first:i])))
        elif line.strip().startswith("$$"):
            whole = line.strip().endswith("$$") and len(line.strip()) > 2
            i = i + 1 if whole else _end(lines, i, lambda later: later.strip().endswith("$$"))
            found.append(Piece("\n".join(lines[first:i])))
        elif line.strip().startswith("<"):
            found += _tagged(line)
            i += 1
        elif line.strip().startswith("|"):
            found.append(Piece(line, has_words(line) and not RULE.match(line)))
            i += 1
        else:
            lead = LEAD.match(line)[1]  # type: ignore[index]  # the pattern matches any line
            i += 1
            heading = lead.strip().startswith("#")
            while (
                not heading
                and i < len(lines)
                and lines[i].strip(" >")
                and line.strip(" >")
                and not STARTS.match(lines[i])
            ):
                i += 1
            text = "\n".join([line[len(lead) :], *lines[first + 1 : i]])
            found += [Piece(lead), Piece(text, has_words(text))]
        found.append(Piece("\n"))
    return found[:-1]


def _holds(mark: str, line: str) -> bool:
    return mark in line


def _end(lines: list[str], start: int, closes: Callable[[str], bool]) -> int:
    return next((i + 1 for i in range(start + 1, len(lines)) if closes(lines[i])), len(lines))


def _tagged(line: str) -> Iterator[Piece]:
    """Yield the pieces of a line of HTML: a summary and an alternative text are entries."""
    at = 0
    for found in sorted((*SUMMARY.finditer(line), *ALT.finditer(line)), key=lambda match: match.start()):
        yield Piece(line[at : found.start(2)])
        yield Piece(found[2], has_words(found[2]))
        at = found.end(2)
    yield Piece(line[at:])


def entries_of_prose(source: str) -> Iterator[str]:
    """Yield the texts of a text cell to translate: its entries, and the comments in its blocks of Python."""
    for piece in pieces_of_prose(source):
        if piece.is_entry:
            yield piece.text
        elif PYTHON.match(piece.text):
            yield from (comment.text for comment in comments_of(in_fence(piece.text)))
        elif is_formula(piece.text):
            yield from (words[2].strip() for words in WORDS.finditer(piece.text) if has_words(words[2]))


def is_formula(block: str) -> bool:
    """Return True for a block of formulas."""
    return block.strip(" >").startswith(FORMULAS)


def translated_pieces(source: str, translate: Translate, outputs: Mapping[str, str] = NOTHING) -> Iterator[Piece]:
    """Yield the pieces of a text cell, translated. outputs: sentence that the code prints -> translation."""

    def words(found: re.Match[str]) -> str:
        core = found[2].strip()
        return found[1] + (found[2].replace(core, translate(core)) if has_words(core) else found[2]) + found[3]

    for piece in pieces_of_prose(source):
        if piece.is_entry:
            yield Piece(translate(piece.text), is_entry=True)
        elif PYTHON.match(piece.text):
            inner = in_fence(piece.text)
            yield Piece(piece.text.replace(inner, code(inner, translate))) if inner else piece
        elif is_formula(piece.text):
            yield Piece(WORDS.sub(words, piece.text))
        elif OUTPUT.match(piece.text):
            yield Piece(with_outputs(piece.text, outputs))
        else:
            yield piece


def misnested(source: str) -> str:
    """Return a sentence on the first tag of a text cell that is closed in a wrong order, or not at all; or nothing."""
    opened: list[str] = []
    for piece in pieces_of_prose(source):
        if FENCE.match(piece.text) or piece.text.strip().startswith("$$"):
            continue
        for tag in TAG.findall(FORMULA.sub(" ", CODE.sub(" ", piece.text))):
            name = re.sub(r"\W.*", "", tag.strip("</>"), flags=re.DOTALL).lower()
            if name in VOID or tag.endswith("/>"):
                continue
            if not tag.startswith("</"):
                opened.append(name)
            elif not opened or opened.pop() != name:
                return f"{tag} closes another element than the last one opened."
    return f"<{opened[-1]}> is not closed." if opened else ""


def in_fence(block: str) -> str:
    """Return the code between the first and the last line of a fenced block."""
    return "\n".join(block.split("\n")[1:-1])


def prose(source: str, translate: Translate) -> str:
    """Return the text cell with its entries translated."""
    return "".join(piece.text for piece in translated_pieces(source, translate))


@dataclass(frozen=True)
class Comment:
    """Comment lines, or a paragraph of a docstring, in a code cell."""

    first: int
    last: int
    """Lines, from 0."""
    start: int
    """Column of the text in the first line."""
    lead: str
    """Beginning of each further line."""
    text: str
    end: str = ""
    """Rest of the last line: the quotes of a docstring."""


def comments_of(source: str) -> list[Comment]:
    """Return the comments and docstrings of a code cell, in its order, without code and marks of solutions.

    A cell that is not Python gives none.
    """
    if source.lstrip().startswith("%%"):
        return []
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return []
    lines, before = source.split("\n"), None
    found: list[Comment] = []
    for token in tokens:
        if token.type == tokenize.COMMENT and not _is_code(token.string):
            (row, column), text = (token.start[0] - 1, token.start[1]), token.string.lstrip("#").lstrip(" ")
            start = column + len(token.string) - len(text)
            alone = not lines[row][:column].strip()
            last = found[-1] if found else None
            if alone and last and last.last == row - 1 and last.lead == lines[row][:start] and not last.end:
                found[-1] = Comment(last.first, row, last.start, last.lead, f"{last.text}\n{text}")
            elif has_words(text):
                found.append(Comment(row, row, start, lines[row][:start] if alone else " " * column + "# ", text))
        elif (
            token.type == tokenize.STRING
            and token.string.startswith('"""')
            and before in (None, tokenize.INDENT, tokenize.NEWLINE)
        ):
            found += _of_docstring(token, lines)
        if token.type not in (tokenize.NL, tokenize.COMMENT, tokenize.DEDENT):
            before = token.type
    return found


def _of_docstring(token: tokenize.TokenInfo, lines: list[str]) -> Iterator[Comment]:
    (first, column), (last, end) = (token.start[0] - 1, token.start[1]), (token.end[0] - 1, token.end[1] - 3)
    rows = [lines[row][: end if row == last else None] for row in range(first, last + 1)]
    row = 0
    while row < len(rows):
        start = column + 3 if row == 0 else len(rows[row]) - len(rows[row].lstrip())
        after = row + 1
        while rows[row][start:].strip() and after < len(rows) and rows[after].strip() and not NAMED.match(rows[after]):
            after += 1
        text = "\n".join([rows[row][start:], *(line.strip() for line in rows[row + 1 : after])])
        if has_words(text):
            rest = lines[last][end:] if first + after - 1 == last else ""
            yield Comment(
                first + row,
                first + after - 1,
                start,
                rows[after - 1][: len(rows[after - 1]) - len(rows[after - 1].lstrip())]
                if after > row + 1
                else " " * start,
                text,
                rest,
            )
        row = after


def _is_code(comment: str) -> bool:
    """Return True for a mark of a solution, and for a line of code that stands in a comment."""
    if any(mark in comment for pair in SOLUTION_MARKS for mark in pair):
        return True
    try:
        body = ast.parse(comment.lstrip("#").strip()).body
    except (SyntaxError, ValueError):
        return False
    return not all(isinstance(node, ast.Expr) and isinstance(node.value, ast.Name) for node in body)


def code(source: str, translate: Translate) -> str:
    """Return the code cell with its comments and docstrings translated."""
    lines = source.split("\n")
    for comment in reversed(comments_of(source)):
        text = translate(comment.text).split("\n")
        if comment.lead.strip() and lines[comment.first][: comment.start].strip(" #"):
            text = [" ".join(text)]  # a comment behind code has no room for a second line
        fresh = [lines[comment.first][: comment.start] + text[0], *(comment.lead + line for line in text[1:])]
        fresh[-1] += comment.end
        lines[comment.first : comment.last + 1] = fresh
    return "\n".join(lines)
