"""The late policy: the penalty of the course's plugin, and the points that remain. Without nbgrader.

The plugin is nbgrader's `c.AssignLatePenalties.plugin_class`. It is code of the course, so its answer is checked before
it reaches a score.
"""

from __future__ import annotations

import math
from typing import Protocol


class LatePlugin(Protocol):
    """The interface of a course's plugin."""

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """Return the points to take off, or None for no penalty. Called once per late notebook at each grading."""


class PenaltyError(Exception):
    """The course's plugin for late penalties failed, or did not return a number."""


def clamped(penalty: float, points: float) -> float:
    """Return the part of the penalty that can be taken off, so that a score never grows or falls below 0."""
    return min(max(penalty, 0.0), max(points, 0.0))


def after_penalty(points: float, penalty: float) -> float:
    """Return the final points of a submission, rounded to 1/100."""
    return round(max(points, 0.0) - clamped(penalty, points), 2)


def late_penalty(plugin: LatePlugin, student: str, points: float, seconds: float) -> float | None:
    """Return the points that the plugin takes off, or None if it reports no penalty.

    points: the notebook's points before the penalty. seconds: the time after the due date, extension included.
    Raises PenaltyError, with the next step in its message, if the plugin fails or does not return a number.
    """
    try:
        penalty = plugin.late_submission_penalty(student, points, seconds)
        if penalty is None:
            return None
        # A plugin may return an integer or a NumPy number; the gradebook's column holds a float.
        penalty = float(penalty)
        # min and max with NaN depend on the order of their arguments, so clamped() would let NaN through.
        if math.isnan(penalty):
            raise ValueError("the penalty is not a number")
    except Exception as error:  # a plugin may raise anything
        name, why = type(plugin).__name__, f"{type(error).__name__}: {error}"
        raise PenaltyError(
            f"not graded: {name} could not compute the penalty for {seconds:.0f} s ({why[:200]}). "
            "Fix it, and start again."
        ) from error
    return clamped(penalty, points)
