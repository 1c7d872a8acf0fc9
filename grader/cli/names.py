"""Lines that name a few students and count the rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from grader.common.text import printable
from grader.results.document import SCHEMA

SHOWN = 10
"""students that are named on a line; the rest is counted"""


def named(students: Collection[str]) -> str:
    names = ", ".join(printable(student) for student in list(students)[:SHOWN])
    return f"{names} and {len(students) - SHOWN} more" if len(students) > SHOWN else names


def regrade_line(unknown: Mapping[str, str], assignment: str) -> str:
    """Say that records of another version are as good as absent. unknown: student -> version, not empty."""
    forms = ", ".join(sorted({printable(form) for form in unknown.values()}))
    return (
        f"recorded results have the form {forms}, and this grader reads {SCHEMA}: {named(sorted(unknown))}. "
        f"Run `grader autograde {assignment}` to grade them again."
    )
