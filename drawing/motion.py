"""Time for animated figures: the visible groups of each step of an SMIL animation with a few rounds."""

from dataclasses import dataclass

from markup import number

ROUNDS = 3
"""Rounds of an animation. A figure that never rests draws attention away from the text next to it."""


@dataclass(frozen=True)
class Span:
    """Visible from the start of step `first` up to the start of step `end`."""

    first: int
    end: int


@dataclass(frozen=True)
class Timeline:
    """`steps` steps of equal length. The last one rests for a while before the next round.

    After the last round, and without animation (print, reduced motion), the figure shows the end of the last step, when
    every value is visible.
    """

    steps: int
    seconds_per_step: float = 1.4
    seconds_of_rest: float = 2.6

    @property
    def seconds(self) -> float:
        """Seconds of one round, including the rest."""
        return self.steps * self.seconds_per_step + self.seconds_of_rest

    def during(self, step: int) -> Span:
        """Return the span of this step only."""
        return Span(step, step + 1)

    def since(self, step: int) -> Span:
        """Return the span from this step to the end of the round."""
        return Span(step, self.steps)

    def is_last(self, span: Span) -> bool:
        """Return True if the span lasts to the end of the round."""
        return span.end >= self.steps

    def opening(self, span: Span) -> str:
        """Return the opening tag of a group with its animation."""
        state, visibility = ("rest", "visible") if self.is_last(span) else ("passing", "hidden")
        return f'<g class="{state}" visibility="{visibility}">{self._animation(span)}'

    def _animation(self, span: Span) -> str:
        changes = [(0.0, "visible" if span.first == 0 else "hidden")]
        if span.first > 0:
            changes.append((self._fraction(span.first), "visible"))
        if not self.is_last(span):
            changes.append((self._fraction(span.end), "hidden"))
        # Visible all the time: an animation would change nothing.
        if len(changes) == 1:
            return ""
        values = ";".join(value for _, value in changes)
        times = ";".join(number(time, digits=4) for time, _ in changes)
        return (
            f'<animate attributeName="visibility" calcMode="discrete" values="{values}" keyTimes="{times}" '
            f'dur="{number(self.seconds)}s" repeatCount="{ROUNDS}"/>'
        )

    def _fraction(self, step: int) -> float:
        return step * self.seconds_per_step / self.seconds
