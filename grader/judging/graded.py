"""What comes of one job: the typed result, and the notebook to be filed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.results.records import Result


@dataclass(frozen=True)
class Graded:
    """What came of a job. Picklable: the cells' outputs are in the notebook, no longer in the result."""

    student: str
    result: Result
    notebook: bytes
    """the submission with outputs, scores and the tests of the master"""
    untouched: tuple[str, ...]
    """grade ids of solution cells that are as they were released"""
    submission: str
    """the job's digest"""
    bundle: str
    """the assignment's digest"""
    versions: Mapping[str, str]
    """of grader, Python and NumPy"""
