"""Compare cells by their code, whatever the language of their comments."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator
from functools import lru_cache

LONGER = 4
"""A translation has at most so many times the characters of the English cell. Longer text is not looked at."""
RELEASED_CELLS = 500
"""Released cells whose code is kept. Each submission is compared with the same ones."""

Code = tuple[int, str]
"""The type and the text of a token."""


def bare(source: str) -> list[Code]:
    """Return the tokens of a code cell without comments and docstrings: the code that runs."""
    try:
        return list(_code(source))
    except (tokenize.TokenError, SyntaxError):
        return [(0, source)]


def is_same(source: str, released: str) -> bool:
    """Return True for a student's cell with the released code, in any language.

    The student's text is only split into tokens, and only while it is no longer than a translation can be.
    """
    if source.strip() == released.strip():
        return True
    if not source.strip() or len(source) > LONGER * len(released):
        return False
    wanted = _bare_release(released)
    if wanted is None:
        return False
    try:
        # Most answers differ within their first lines, and splitting a text into tokens is slow: end there.
        return all(found == token for found, token in zip(_code(source), wanted, strict=True))
    except (tokenize.TokenError, SyntaxError, ValueError):
        return False


@lru_cache(maxsize=RELEASED_CELLS)
def _bare_release(released: str) -> tuple[Code, ...] | None:
    """Return the tokens of a released cell as `bare` does, or None for a text that is no Python."""
    try:
        return tuple(_code(released))
    except (tokenize.TokenError, SyntaxError):
        return None


def _code(source: str) -> Iterator[Code]:
    """Yield the tokens of `bare`. Raises TokenError or SyntaxError at the first place that is no Python."""
    before = None
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        is_docstring = token.type == tokenize.STRING and before in (None, tokenize.INDENT, tokenize.NEWLINE)
        if token.type not in (tokenize.COMMENT, tokenize.NL):
            string = "" if token.type == tokenize.NEWLINE else token.string
            yield token.type, '""' if is_docstring else string
        if token.type not in (tokenize.NL, tokenize.COMMENT, tokenize.DEDENT):
            before = token.type
