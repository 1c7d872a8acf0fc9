"""The parts of an assignment. A tag on a test cell names its part; a setting decides whether the part counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def part_of(tags: Iterable[str], parts: Mapping[str, bool]) -> str:
    """The part that a test cell's tags name; empty for none."""
    return next((tag for tag in tags if tag in parts), "")


BONUS = "bonus"
"""The tag of a graded cell with a bonus. Its points are not part of the points possible."""


def is_bonus(tags: Iterable[str], parts: Mapping[str, bool]) -> bool:
    """Whether the points of a graded cell with these tags are a bonus."""
    tags = list(tags)
    # a course may have a part of the name `bonus`, and then the tag names that part
    return BONUS in tags and BONUS not in parts and counts(tags, parts)


def counts(tags: Iterable[str], parts: Mapping[str, bool]) -> bool:
    """Whether the points of a test cell with these tags count. Points of a cell without a part always count."""
    return parts.get(part_of(tags, parts), True)
