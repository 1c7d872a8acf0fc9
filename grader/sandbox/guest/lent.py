"""Objects of the judge that a test handed over. The session asks the judge for every operation on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..protocol.operations import LENT


class Lent:
    """A lent object. `_ask` asks the judge. Only attributes without a leading underscore can be read."""

    def __init__(self, ask: Callable[..., Any], content: Any) -> None:
        object.__setattr__(self, "_ask", ask)
        object.__setattr__(self, "_content", content)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._ask(self._content[0], "getattr", (name,), {})

    def __setattr__(self, name: str, value: Any) -> None:
        self._ask(self._content[0], "setattr", (name, value), {})

    def __repr__(self) -> str:
        return f"<{self._content[2]} of the test>"


def _operation(name: str) -> Callable[..., Any]:
    def method(self: Lent, *positional: Any, **named: Any) -> Any:
        return self._ask(self._content[0], name, positional, named)

    method.__name__ = name
    return method


for _name in LENT:
    setattr(Lent, _name, _operation(_name))
