"""Discard the output of code that runs in the judge's process."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator


class _Nowhere(io.TextIOBase):
    """A text stream that keeps nothing: a student may print without end."""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        return len(text)


@contextlib.contextmanager
def silenced() -> Iterator[None]:
    """Discard text printed inside the context. Also a decorator.

    Tests may still capture the output of a call: their redirection is the inner one.
    """
    with contextlib.redirect_stdout(_Nowhere()), contextlib.redirect_stderr(_Nowhere()):
        yield
