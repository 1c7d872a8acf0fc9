"""The late policy: what the course's own plugin takes off, and what is left. Nothing here knows nbgrader.

The plugin is nbgrader's (`c.AssignLatePenalties.plugin_class`); it is a stranger's program to us, so that its answer is
checked before it reaches a score.
"""

from __future__ import annotations

import math
from typing import Protocol


class LatePlugin(Protocol):
    """What a course's plugin has to offer."""

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """Points to take off; None for none. Called once for each late notebook, each time that it is graded."""


class PenaltyError(Exception):
    """The course's own plugin for late penalties failed, or gave no number."""


def clamped(penalty: float, points: float) -> float:
    """The part of the penalty that can be taken off: from 0 to all points. No score falls below 0, or grows."""
    return min(max(penalty, 0.0), max(points, 0.0))


def after_penalty(points: float, penalty: float) -> float:
    """The final points of a submission, rounded to 1/100."""
    return round(max(points, 0.0) - clamped(penalty, points), 2)


def late_penalty(plugin: LatePlugin, student: str, points: float, seconds: float) -> float | None:
    """Points that the plugin takes off for so many seconds; None where it says that there is no penalty.

    Raises PenaltyError, with the student's remedy in words, where the plugin fails or answers nonsense.
    """
    try:
        penalty = plugin.late_submission_penalty(student, points, seconds)
        if penalty is None:
            return None
        penalty = float(penalty)
        if math.isnan(penalty):
            raise ValueError("the penalty is not a number")
    except Exception as error:  # a plugin may raise anything
        name, why = type(plugin).__name__, f"{type(error).__name__}: {error}"
        raise PenaltyError(
            f"not graded: {name} could not say the penalty for {seconds:.0f} s ({why[:200]}). Mend it, and start again."
        ) from error
    return clamped(penalty, points)
