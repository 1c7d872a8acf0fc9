"""The output of one job: the typed result and the notebook to file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.results.records import Result


@dataclass(frozen=True)
class Graded:
    """The output of a job. It can be pickled: the cells' outputs are in the notebook and no longer in the result."""

    student: str
    result: Result
    notebooks: Mapping[str, bytes]
    """Name of each notebook -> the submitted one with outputs, scores and the master's tests."""
    untouched: tuple[str, ...]
    """Grade ids of solution cells that are unchanged since the release."""
    submission: str
    """The job's digest."""
    bundle: str
    """The assignment's digest."""
    versions: Mapping[str, str]
    """Versions of grader, Python and NumPy."""
