"""The global random generators of a test travel with its calls: `np.random.seed(1)` before a call seeds the session's.

Only for tests that use them: to ask for the state takes two exchanges a call.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .session import Session


class RandomState:
    """Made where the test begins: until the test has changed a generator, the session's own are left alone."""

    def __init__(self) -> None:
        self._known = _state()
        self._is_linked = False

    def send(self, session: Session) -> None:
        """Before a call: the session's generators get the state of ours, if ours has changed."""
        now = _state()
        if self._is_linked or now != self._known:
            self._is_linked = True
            session.random_state(random.getstate(), np.random.get_state())

    def fetch(self, session: Session) -> None:
        """After it: ours go on where the session's stopped."""
        if self._is_linked:
            python, numpy = session.random_state()
            try:
                random.setstate(python)
                np.random.set_state(numpy)
            except (TypeError, ValueError, OverflowError):
                return  # the student's own generators, of another form
            self._known = _state()


def _state() -> tuple[Any, ...]:
    state = np.random.get_state()
    assert isinstance(state, tuple)  # a dict only if one asks for it
    name, keys, *rest = state
    return random.getstate(), name, keys.tobytes(), *rest
