"""The parts of an assignment: a tag on a test cell names one, a setting says whether it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def part_of(tags: Iterable[str], parts: Mapping[str, bool]) -> str:
    """The part that a test cell's tags name; empty for none."""
    return next((tag for tag in tags if tag in parts), "")


BONUS = "bonus"
"""the tag of a graded cell whose points are no part of the points possible"""


def is_bonus(tags: Iterable[str], parts: Mapping[str, bool]) -> bool:
    """Do the points of a graded cell with these tags come on top? A part that is called `bonus` is a part."""
    tags = list(tags)
    return BONUS in tags and BONUS not in parts and counts(tags, parts)


def counts(tags: Iterable[str], parts: Mapping[str, bool]) -> bool:
    """Do the points of a test cell with these tags count?"""
    return parts.get(part_of(tags, parts), True)
