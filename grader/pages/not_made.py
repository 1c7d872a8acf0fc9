"""The page in place of a submission's page that could not be made."""

from __future__ import annotations

from collections.abc import Sequence

from grader.pages import page


def not_made_page(student: str, why: str, links: Sequence[tuple[str, str]] = (), score: str = "") -> str:
    """why: a clause without a full stop; links: words and address; score: in words, empty where it is not known."""
    return page("not_made.html", student=student[:200], why=why[:500], links=links, score=score)
