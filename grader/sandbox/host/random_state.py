"""Keep the session's global random generators equal to the test's, so that `np.random.seed(1)` works as in a notebook.

This is done only for tests that use the generators, because it takes two more exchanges per call.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .session import Session


class RandomState:
    """The link between both sides' generators, made at the start of a test.

    The session keeps its own generators until the test changes one.
    """

    def __init__(self) -> None:
        self._known = _state()
        self._is_linked = False

    def send(self, session: Session) -> None:
        """Before a call: give the session's generators the state of ours, if ours has changed."""
        now = _state()
        if self._is_linked or now != self._known:
            self._is_linked = True
            session.random_state(random.getstate(), np.random.get_state())

    def fetch(self, session: Session) -> None:
        """After the call: give our generators the state of the session's."""
        if self._is_linked:
            python, numpy = session.random_state()
            try:
                random.setstate(python)
                np.random.set_state(numpy)
            except (TypeError, ValueError, OverflowError):
                return  # the student has replaced a generator by another type
            self._known = _state()


def _state() -> tuple[Any, ...]:
    state = np.random.get_state()
    assert isinstance(state, tuple)  # get_state returns a dict only with legacy=False
    name, keys, *rest = state
    return random.getstate(), name, keys.tobytes(), *rest
