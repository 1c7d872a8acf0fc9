"""The session's end of objects that stay here: their references for the judge, and their descriptions.

This module shares an interpreter with student code, so the judge trusts none of its answers.
"""

from __future__ import annotations

import functools
import inspect
import linecache
import types
from collections.abc import Callable
from typing import Any

from ..errors import WireError
from ..protocol.kinds import has_named
from ..protocol.operations import specials_of
from ..protocol.records import OwnClasses
from .lent import Lent

MAX_OBJECTS = 20_000
"""Objects that one session keeps for the judge."""
MAX_SOURCE, MAX_DOC = 64_000, 4_000
"""Characters of a source and of a docstring that travel with a function or a class."""
MAX_CLASSES = 20
"""Bases of a class that are reported."""
FUNCTIONS = (
    types.FunctionType,
    types.MethodType,
    types.BuiltinFunctionType,
    types.MethodWrapperType,
    functools.partial,
    type(functools.cache(len)),
)
OURS, THEIRS = "guest", "host"
"""The kinds of references: to an object of the session, and to one of the judge."""


class Objects:
    """The references that cross the session's wire."""

    def __init__(self, find: Callable[[str], Any], ask: Callable[..., Any]) -> None:
        """find: the student's class of a name. ask: asks the judge for an operation on one of its own objects."""
        self.ask = ask
        self.told: set[int] = set()
        """The numbers of the classes and functions that have been described to the judge."""
        self.brief = False
        """Write references as the judge does, with only their numbers."""
        self._objects: dict[int, Any] = {}
        self._numbers: dict[Any, int] = {}
        self._own_classes = OwnClasses(find)
        self._lent: dict[int, Any] = {}
        self._contents: dict[int, Any] = {}
        """id() of a lent function -> the content of its reference."""

    def refer(self, value: Any) -> tuple[str, Any]:
        """The kind and the content of a reference to the value."""
        if type(value) is Lent:  # isinstance() would ask the student's class
            return THEIRS, object.__getattribute__(value, "_content")
        if id(value) in self._contents:
            return THEIRS, self._contents[id(value)]
        number = self.number(value)
        return OURS, (number,) if self.brief else (number, *self.described(value, number))

    def resolve(self, kind: str, content: Any) -> Any:
        """The object that a reference from the judge stands for."""
        if kind == OURS:
            return self._objects[content[0]]
        if kind == THEIRS:
            return self._lent_object(content)
        return self._own_classes.together(kind, content)

    def number(self, value: Any) -> int:
        """The number of the object. The object is kept as long as the session lives."""
        key = _key(value)
        number = self._numbers.get(key)
        if number is None:
            if len(self._objects) >= MAX_OBJECTS:
                raise WireError("too many objects were returned")
            number = len(self._objects)
            self._objects[number] = value
            self._numbers[key] = number
        return number

    def described(self, value: Any, number: int) -> tuple[Any, ...]:
        """The form of an object, and the facts for its stand-in. A class or a function is described only once."""
        # issubclass of the type, because an object can lie about its class to isinstance()
        if issubclass(type(value), type):
            return "class", *self._once(number, lambda: _about_class(value, self.number))
        if issubclass(type(value), FUNCTIONS):
            return "function", *self._once(number, lambda: (about_function(value),))
        kind = type(value)
        self._own_classes.note(kind)
        of = self.number(kind)
        return "object", (of, *self._once(of, lambda: _about_class(kind, self.number)))

    def _once(self, number: int, about: Callable[[], tuple[Any, ...]]) -> tuple[Any, ...]:
        if number in self.told:
            return ()
        self.told.add(number)
        return about()

    def _lent_object(self, content: Any) -> Any:
        number, form, name = content
        if number not in self._lent:
            if form == "function":
                self._lent[number] = _lent_function(self.ask, number, name)
                self._contents[id(self._lent[number])] = content
            else:
                self._lent[number] = Lent(self.ask, content)
        return self._lent[number]


def _key(value: Any) -> Any:
    """A key that is the same for the same object. Python makes a new object for each access to a bound method."""
    if type(value) is types.MethodType:
        return id(value.__self__), id(value.__func__)
    if type(value) is types.BuiltinFunctionType and value.__self__ is not None:
        return id(value.__self__), value.__name__
    return id(value)


def _lent_function(ask: Callable[..., Any], number: int, name: str) -> Callable[..., Any]:
    def function(*positional: Any, **named: Any) -> Any:
        return ask(number, "__call__", positional, named)

    function.__name__ = function.__qualname__ = name
    return function


def _about_class(kind: type, number: Callable[[Any], int]) -> tuple[Any, ...]:
    """A class's name, numbers of its bases, operations, operations of its metaclass, whether it is an exception, names
    of its built-in bases, and source."""
    bases = tuple(number(base) for base in kind.__mro__[1:-1][:MAX_CLASSES])
    builtin = tuple(base.__name__ for base in kind.__mro__ if base.__module__ == "builtins")
    is_error = issubclass(kind, BaseException)
    return kind.__name__, bases, specials_of(kind), specials_of(type(kind)), is_error, builtin, _source(kind)


def about_function(function: Any) -> dict[str, Any]:
    """A function's name, docstring, parameters and source, as far as they are known."""
    try:
        return {
            "name": _text(getattr(function, "__name__", type(function).__name__), 200),
            "doc": _text(getattr(function, "__doc__", None), MAX_DOC),
            "parameters": _parameters(function),
            "annotations": _annotations(function),
            "source": _source(function),
        }
    except BaseException:  # a student's callable may do anything when it is asked for an attribute
        return {}


def _text(value: Any, most: int) -> str | None:
    return value[:most] if isinstance(value, str) else None


def _parameters(function: Any) -> list[tuple[Any, ...]] | None:
    """For each parameter: name, kind, whether it has a default, the default, and the annotation."""
    try:
        signature = inspect.signature(function)
    except (ValueError, TypeError):
        return None
    empty = inspect.Parameter.empty
    found = []
    for parameter in list(signature.parameters.values())[:100]:
        annotation = None if parameter.annotation is empty else _annotation(parameter.annotation)
        default = None if parameter.default is empty else parameter.default
        if callable(default):
            default = repr(default)
        found.append((parameter.name, int(parameter.kind), parameter.default is not empty, default, annotation))
    return found


def _annotations(function: Any) -> dict[str, Any]:
    """Name of a parameter, or "return" -> its annotation."""
    found = getattr(function, "__annotations__", None)
    items = list(found.items())[:100] if isinstance(found, dict) else []
    return {name[:200]: _annotation(note) for name, note in items if isinstance(name, str)}


def _annotation(note: Any) -> Any:
    """An annotation in a form that can travel: None, a text, or a type that both sides have; else its source text."""
    known = note is None or isinstance(note, str) or has_named(note)
    return note[:MAX_DOC] if isinstance(note, str) else note if known else inspect.formatannotation(note)[:MAX_DOC]


def _source(found: Any) -> tuple[str, int, str] | None:
    """The name of the file, the number of the first line, and the file's text, which `inspect` needs for the source."""
    code = getattr(inspect.unwrap(found) if callable(found) else found, "__code__", None)
    try:
        file = code.co_filename if code is not None else _file_of_class(found)
        first = code.co_firstlineno if code is not None else 1
        text = "".join(linecache.getlines(file))
    except Exception:  # __code__ may be an attribute of the student's own class
        return None
    return (str(file), int(first), text) if text and len(text) <= MAX_SOURCE else None


def _file_of_class(kind: Any) -> str:
    """The name of the cell or file with the class's first method. A class does not record its file. Raises OSError."""
    for member in vars(kind).values():
        code = getattr(getattr(member, "__func__", member), "__code__", None)
        if code is not None and linecache.getlines(code.co_filename):
            return str(code.co_filename)
    raise OSError("its source is not known")
