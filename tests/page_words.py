"""The words of a page as a reader finds them."""

from __future__ import annotations

import html
import re


def words(page: str) -> str:
    """What a reader finds in the body, on one line."""
    body = page[page.index("<main") :]
    inline = re.sub(r"</?(?:code|b|a|mark)\b[^>]*>", "", body)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", inline)).split())


def row(page: str, name: str) -> str:
    """The overview's row of that exercise."""
    rows = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
    return words("<main" + next(row for row in rows if f"<code>{name}</code>" in row))
