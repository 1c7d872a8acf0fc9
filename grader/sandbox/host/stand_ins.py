"""Stand-ins that a test holds in place of student's classes, objects, functions and errors.

No student code is here. A stand-in has the operations that the session has reported, and each of them asks the session.
The session may lie about all of them, as a student's class may.
"""

from __future__ import annotations

import builtins
import inspect
import linecache
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import RemoteError, WireError
from ..protocol.operations import SPECIALS

if TYPE_CHECKING:
    from .session import Session

OWN_ERRORS: dict[str, type[Exception]] = {
    name: found for name, found in vars(builtins).items() if isinstance(found, type) and issubclass(found, Exception)
} | {"LinAlgError": np.linalg.LinAlgError}
"""The exceptions as which a student's error can be caught."""
MAX_ERROR_BASES = 6
FILES = "<{} in the sandbox>"


class RemoteClass(type):
    # The class of stand-ins for classes. Calls and attributes of such a class happen in the session. This is no
    # docstring, because a test would find it in place of the student's.

    _session: Session
    _content: Any
    _operations: frozenset[str]

    @property
    def __doc__(cls) -> Any:  # type: ignore[override]  # of the student's class
        return cls._session.operate("getattr", cls, ("__doc__",), {}) if "_content" in vars(cls) else None

    def __call__(cls, *positional: Any, **named: Any) -> Any:
        return cls._session.operate("__call__", cls, positional, named)

    def __getattr__(cls, name: str) -> Any:
        # Python and its libraries probe for many special names, and each question would cost an exchange
        if name.startswith("__") and name not in ("__doc__", "__module__"):
            raise AttributeError(name)
        return cls._session.operate("getattr", cls, (name,), {})

    def __setattr__(cls, name: str, value: Any) -> None:
        if name.startswith("_"):
            return super().__setattr__(name, value)
        cls._session.operate("setattr", cls, (name, value), {})

    def __instancecheck__(cls, value: Any) -> bool:
        kind = type(value)
        if isinstance(kind, RemoteClass):
            return cls.__subclasscheck__(kind)
        return bool(kind.__name__ == cls.__name__ and cls._session.objects.made(value))

    def __subclasscheck__(cls, other: Any) -> bool:
        if not isinstance(other, RemoteClass) or other._session is not cls._session:
            return type.__subclasscheck__(cls, other)
        return cls._content[0] == other._content[0] or cls._content[0] in other._content[3]

    def __dir__(cls) -> list[str]:
        return list(cls._session.operate("dir", cls, (), {}))

    def __repr__(cls) -> str:
        return f"<class {cls.__name__!r} in the sandbox>"


RemoteClass.__name__ = "type"  # a finding names the type of a value, and a student's class has the type `type`


class RemoteObject:
    """An object of the student's. `class_of` makes its class, with the operations that the session has reported."""

    _session: Session
    _content: Any

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__dict__":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return self._session.operate("getattr", self, (name,), {})

    def __setattr__(self, name: str, value: Any) -> None:
        self._session.operate("setattr", self, (name, value), {})

    def __delattr__(self, name: str) -> None:
        self._session.operate("delattr", self, (name,), {})

    def __dir__(self) -> list[str]:
        return list(self._session.operate("dir", self, (), {}))

    def __repr__(self) -> str:
        return str(self._session.operate("repr", self, (), {}))

    def __str__(self) -> str:
        return str(self._session.operate("str", self, (), {}))

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError("an object of the sandbox stays there: it cannot be copied or pickled")

    def __copy__(self) -> Any:
        return self._session.operate("copy", self, (), {})

    def __deepcopy__(self, memo: Any) -> Any:
        return self._session.operate("deepcopy", self, (), {})


def _operation(name: str) -> Callable[..., Any]:
    def method(self: RemoteObject, *positional: Any, **named: Any) -> Any:
        try:
            return self._session.operate(name, self, positional, named)
        except WireError:
            if name in ("__eq__", "__ne__"):  # the other value cannot cross the wire, so it is equal to nothing there
                return name == "__ne__"
            raise

    method.__name__ = name
    return method


def _exact(name: str, kind: type) -> Callable[..., Any]:
    """An operation for which Python demands a result of the type `kind`."""
    asked = _operation(name)

    def method(self: RemoteObject, *positional: Any, **named: Any) -> Any:
        answer = asked(self, *positional, **named)
        if not isinstance(answer, kind):
            raise TypeError(f"{name} returned no {kind.__name__}")
        return answer

    return method


# Python looks special methods up in the class, never through __getattr__, so each needs a method of its own
OPERATIONS = {name: _operation(name) for name in SPECIALS}
EXACT = {
    "__len__": int,
    "__bool__": bool,
    "__hash__": int,
    "__index__": int,
    "__float__": float,
    "__array__": np.ndarray,
}
OPERATIONS |= {name: _exact(name, kind) for name, kind in EXACT.items()}
OPERATIONS["__iter__"] = lambda self: RemoteIterator(self._session.operate("__iter__", self, (), {}))


class RemoteIterator:
    """Iterates over the values of a student's object, with a limit on their number."""

    MOST = 100_000
    """Values of one iterator. A student's generator may have no end."""

    def __init__(self, source: Any) -> None:
        self._source, self._left = source, self.MOST

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        if not isinstance(self._source, RemoteObject):
            raise TypeError("iter() returned no iterator")
        self._left -= 1
        if self._left < 0:
            raise RuntimeError(f"more than {self.MOST:,} values came: does it ever end?")
        return self._source._session.operate("__next__", self._source, (), {})


def class_of(session: Session, content: Sequence[Any]) -> type[RemoteObject]:
    """Make a stand-in for a class, or for the class of an object. content: the session's description of the class.

    Raises ValueError or TypeError if the content is malformed.
    """
    number, name, bases, operations, own_operations = content[0], *content[2:6]
    if not (type(number) is int and type(name) is str and all(type(base) is int for base in bases)):
        raise ValueError("a class is malformed")
    methods: dict[str, Any] = {name: OPERATIONS[name] for name in operations if name in OPERATIONS}
    methods |= {"__module__": "sandbox", "_session": session, "_content": tuple(content)}
    of_class = {name: OPERATIONS[name] for name in own_operations if name in OPERATIONS and name not in NEVER_OF_CLASS}
    of_class["__doc__"] = vars(RemoteClass)["__doc__"]  # otherwise type() writes None into the new class
    meta = type("type", (RemoteClass,), of_class) if len(of_class) > 1 else RemoteClass
    # type.__call__, because calling the metaclass would create an object in the session
    made: type[RemoteObject] = type.__call__(meta, name[:200], (RemoteObject,), methods)
    return made


NEVER_OF_CLASS = frozenset({"__call__", "__eq__", "__ne__", "__hash__"})
"""Operations of a metaclass that the stand-in performs itself."""


def object_of(kind: type[RemoteObject], content: Sequence[Any]) -> RemoteObject:
    """Make a stand-in for an object, of a class that `class_of` has made."""
    made = object.__new__(kind)
    object.__setattr__(made, "_content", tuple(content))
    return made


def function_of(call: Callable[..., Any], about: Any) -> Callable[..., Any]:
    """Make a real function that calls the student's. `inspect` finds its name, docstring, parameters and source.

    call: makes the remote call. about: the session's description of the function.
    """

    def remote(*positional: Any, **named: Any) -> Any:
        return call(*positional, **named)

    name = about.get("name") or "function"
    remote.__name__ = remote.__qualname__ = str(name)
    remote.__doc__ = about.get("doc")
    annotations = about.get("annotations")
    remote.__annotations__ = annotations if isinstance(annotations, dict) else {}
    if about.get("parameters") is not None:
        remote.__signature__ = _signature(about["parameters"])  # type: ignore[attr-defined]  # read by inspect
    if about.get("source") is not None:
        file, first, text = about["source"]
        remote.__code__ = remote.__code__.replace(
            co_filename=_kept(file, text), co_firstlineno=first, co_name=str(name)
        )
    return remote


def _kept(file: Any, text: Any) -> str:
    """Put the source where `inspect` looks for it, under a name that no file has. Returns the name."""
    name = FILES.format(str(file)[:200])
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    return name


def _signature(parameters: Sequence[Sequence[Any]]) -> inspect.Signature | None:
    found = []
    for name, kind, has_default, default, annotation in parameters:
        value = default if has_default else inspect.Parameter.empty
        note = inspect.Parameter.empty if annotation is None else annotation
        found.append(inspect.Parameter(name, inspect._ParameterKind(kind), default=value, annotation=note))
    return inspect.Signature(found)


def made_error(kind: Callable[..., RemoteError], *about: Any) -> RemoteError:
    """Make an exception that came. kind: a class made by `error_class`. about: the arguments of RemoteError."""
    error = kind()
    RemoteError.__init__(error, *about)
    return error


def error_class(name: str, bases: Sequence[str]) -> type[RemoteError]:
    """Make a class of exceptions that is a RemoteError and also inherits the built-in exceptions of these names."""
    wanted = [OWN_ERRORS[base] for base in bases[:MAX_ERROR_BASES] if base in OWN_ERRORS and base != "Exception"]
    while True:
        try:
            return type(
                name[:200], (RemoteError, *wanted), {"__module__": "sandbox", "__init__": RemoteError.raised_here}
            )
        except TypeError:  # Python refuses bases of different layouts, and some orders of bases
            wanted.pop()
