"""A student's function, in the form in which the judge calls it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .session import Session


class RemoteFunction:
    """A function of the student's namespace. A call copies the arguments in, and changed arguments out again."""

    def __init__(self, session: Session, name: str, number: int, about: dict[str, Any]) -> None:
        self._session = session
        self.__name__ = self.__qualname__ = name
        self.number = number
        """The function's number in the session."""
        self.about = {**about, "name": name}
        """Docstring, parameters and source, from the session, so untrusted."""

    def __call__(self, *positional: Any, **named: Any) -> Any:
        return self._session.call(self.__name__, positional, named)

    def call_each(self, arguments: Sequence[tuple[Any, ...]]) -> Generator[Any, None, None]:
        """Call the function for each tuple of positional arguments. Yields each result, or the RemoteError raised.

        The session gets the next call before it has finished one, which is cheaper than single calls.
        """
        return self._session.call_each(self.__name__, arguments)

    def __repr__(self) -> str:
        return f"<function {self.__name__} in the sandbox>"
