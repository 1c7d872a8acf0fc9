"""The page that replaces a submission's page if that could not be made."""

from __future__ import annotations

from collections.abc import Sequence

from grader.pages import page


def not_made_page(student: str, why: str, links: Sequence[tuple[str, str]] = (), score: str = "") -> str:
    """Return the page. why: a clause without full stop. links: text and address. score: in words, or empty."""
    return page("not_made.html", student=student[:200], why=why[:500], links=links, score=score)
