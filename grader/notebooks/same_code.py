"""Compare cells by their code, whatever the language of their comments."""

from __future__ import annotations

import io
import tokenize

LONGER = 4
"""A translation has at most so many times the characters of the English cell. Longer text is not looked at."""


def bare(source: str) -> list[tuple[int, str]]:
    """Return the tokens of a code cell without comments and docstrings: the code that runs."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return [(0, source)]
    kept, before = [], None
    for token in tokens:
        is_docstring = token.type == tokenize.STRING and before in (None, tokenize.INDENT, tokenize.NEWLINE)
        if token.type not in (tokenize.COMMENT, tokenize.NL):
            string = "" if token.type == tokenize.NEWLINE else token.string
            kept.append((token.type, '""' if is_docstring else string))
        if token.type not in (tokenize.NL, tokenize.COMMENT, tokenize.DEDENT):
            before = token.type
    return kept


def is_same(source: str, released: str) -> bool:
    """Return True for a student's cell with the released code, in any language.

    The student's text is only split into tokens, and only while it is no longer than a translation can be.
    """
    if source.strip() == released.strip():
        return True
    if not source.strip() or len(source) > LONGER * len(released):
        return False
    return bare(source) == bare(released) != [(0, released)]
