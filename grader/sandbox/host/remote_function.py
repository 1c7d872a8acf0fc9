"""A function of the student's, as the judge calls it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .session import Session


class RemoteFunction:
    """A function of the student's namespace. A call copies the arguments in and, where it changed them, out again."""

    def __init__(self, session: Session, name: str, number: int, about: dict[str, Any]) -> None:
        self._session = session
        self.__name__ = self.__qualname__ = name
        self.number = number
        """the session's, of this object"""
        self.about = {**about, "name": name}
        """docstring, parameters and source, as the session describes them"""

    def __call__(self, *positional: Any, **named: Any) -> Any:
        return self._session.call(self.__name__, positional, named)

    def call_each(self, arguments: Sequence[tuple[Any, ...]]) -> Generator[Any, None, None]:
        """A call for each tuple of positional arguments, in turn; yields what it returned, or the RemoteError that it
        raised. The sandbox has the next call at hand when it has finished one: cheaper than calls one by one."""
        return self._session.call_each(self.__name__, arguments)

    def __repr__(self) -> str:
        return f"<function {self.__name__} in the sandbox>"
