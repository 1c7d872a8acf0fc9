"""How submissions are graded: the course's choices and limits, as one record that travels with each assignment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.sandbox import Limits


@dataclass(frozen=True)
class GradingPolicy:
    """How submissions are graded; `nbgrader_config.py` sets them."""

    limits: Limits = field(default_factory=Limits)
    carry_forward: bool = True
    """judge a failed exercise once more with the reference in place of earlier exercises that failed"""
    parts: Mapping[str, bool] = field(default_factory=dict)
    """part of an assignment -> whether it counts"""
    max_notebook_bytes: int = 5_000_000
    """of a notebook without its outputs; a larger one is not read"""
    exercise_seconds: float = 20.0
    """wall clock of all calls of one judgement of one exercise together"""
    minimal_counterexample: bool = True
    """show the smallest input that a failed exercise gets wrong"""
    max_sessions: int = 20
    """sessions that one submission may use up by crashes and time limits"""
