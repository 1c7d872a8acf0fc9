"""The words in figures: texts of SVG files, which are translated where they stand.

A figure needs no second drawing for a language. Its shapes and the places of its texts stay, and so do texts that are
only code, names in a monospaced `<tspan>`, or numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from xml.sax.saxutils import escape

from grader.languages.catalogue import CODE
from grader.languages.paragraphs import Translate, has_words

PATTERN = "*.svg"
TEXT = re.compile(r"(<(text|title|desc)\b[^>]*>)(.*?)(</\2>)", re.DOTALL)
"""A text that is shown, or read by a screen reader."""
CODE_TAG = '<tspan class="code">'
NAMED = re.compile(rf"{CODE_TAG}([^<`]*)</tspan>")
"""Code in a text. It is written with backticks in the catalogue, as in a notebook."""
LEAF = re.compile(r"[^<>]+(?![^<>]*>)")
"""Characters between two tags."""
ROOT = re.compile(r"<svg\b([^>]*)>")
LANGUAGE = re.compile(r"""\s(?:xml:)?lang=(?:"[^"]*"|'[^']*')""")
RIGHT_TO_LEFT, LEFT_TO_RIGHT, END = "\u2067", "\u2066", "\u2069"
"""Unicode's isolates. A text keeps its anchor and its place, whichever way its words run."""


def figures_in(release: Path) -> list[Path]:
    """Return the figures of a released folder."""
    return sorted(path for path in release.rglob(PATTERN) if path.is_file())


def entries_of_figure(svg: str) -> Iterator[str]:
    """Yield the texts of a figure to translate, with code in backticks."""
    for found in TEXT.finditer(svg):
        yield from (text for text in _texts(found[3]) if has_words(text))


def translated_figure(svg: str, translate: Translate, code: str, is_rtl: bool) -> str:
    """Return the figure with its texts translated. code: the language, which chooses the browser's font."""

    def text(found: re.Match[str]) -> str:
        inner = found[3]
        for english in _texts(inner):
            if has_words(english):
                fresh = _as_svg(translate(english), is_rtl)
                inner = fresh if "`" in english or "<" not in inner else inner.replace(escape(english), fresh, 1)
        return f"{found[1]}{inner}{found[4]}"

    def root(found: re.Match[str]) -> str:
        return f'<svg lang="{code}" xml:lang="{code}"{LANGUAGE.sub("", found[1])}>'

    return ROOT.sub(root, TEXT.sub(text, svg), count=1)


def _texts(inner: str) -> list[str]:
    """Return the text of an element as one, or one for each line if it holds other elements than code."""
    plain = NAMED.sub(r"`\1`", inner)
    return [unescape(text.strip()) for text in ([plain] if "<" not in plain else LEAF.findall(inner)) if text.strip()]


def _as_svg(text: str, is_rtl: bool) -> str:
    before, after = (LEFT_TO_RIGHT, END) if is_rtl else ("", "")
    shown = CODE.sub(lambda code: f"{before}{CODE_TAG}{code[0][1:-1]}</tspan>{after}", escape(text))
    return f"{RIGHT_TO_LEFT}{shown}{END}" if is_rtl else shown
