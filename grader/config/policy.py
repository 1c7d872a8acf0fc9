"""The grading policy: the course's choices and limits, as one record that travels with each assignment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.sandbox import Limits


@dataclass(frozen=True)
class GradingPolicy:
    """The choices and limits for grading submissions. `nbgrader_config.py` sets them."""

    limits: Limits = field(default_factory=Limits)
    """Limits of one session of the sandbox."""
    carry_forward: bool = True
    """Judge a failed exercise once more with the reference in place of earlier exercises that failed."""
    parts: Mapping[str, bool] = field(default_factory=dict)
    """Part of an assignment -> whether it counts."""
    max_notebook_bytes: int = 5_000_000
    """Bytes of a notebook without its outputs. A larger notebook is not read."""
    exercise_seconds: float = 20.0
    """Own time, in seconds, of all calls of one judgement of one exercise together."""
    pictures: bool = True
    """Draw the figures of the notebook's cells. False if only the scores and messages are needed."""
    minimal_counterexample: bool = True
    """Show the smallest input that a failed exercise gets wrong."""
    # a session costs a fork and the student's own cells again, so crashes must not multiply without end
    max_sessions: int = 20
    """Sessions that one submission may use up by crashes and time limits."""
