"""Lines that name a few students and count the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from grader.common.text import printable
from grader.results.document import SCHEMA

SHOWN = 10
"""Students named in a line. The others are counted."""


def named(students: Collection[str]) -> str:
    names = ", ".join(printable(student) for student in list(students)[:SHOWN])
    # A class of a thousand would hide all other lines.
    return f"{names} and {len(students) - SHOWN} more" if len(students) > SHOWN else names


def regrade_line(unknown: Mapping[str, str], assignment: str) -> str:
    """Return the warning that records of another version are ignored. unknown: student -> version, not empty."""
    forms = ", ".join(sorted({printable(form) for form in unknown.values()}))
    return (
        f"recorded results have the form {forms}, and this grader reads {SCHEMA}: {named(sorted(unknown))}. "
        f"Run `grader autograde {assignment}` to grade them again."
    )
