"""Records of a student's own classes that travel as values: named tuples, plain dataclasses, members of enums.

The judge never has the class. It makes a stand-in with the same name and fields. `==`, `isinstance` with the student's
class, unpacking and fields work with it; methods do not. The session finds its own class again by name.
"""

from __future__ import annotations

import dataclasses
import enum
import inspect
import keyword
from collections import namedtuple
from collections.abc import Callable
from typing import Any

MAX_FIELDS = 100
MAX_STAND_INS = 1_000
"""Classes that one session may define on the judge's side."""
GENERATED = frozenset(dir(type("Plain", (), {"__annotations__": {}}))) | {
    "__match_args__",
    "__dataclass_params__",
    "__dataclass_fields__",
    "__replace__",
    "__setstate__",
    "__static_attributes__",
    "__firstlineno__",
    "__annotate__",
    "__annotate_func__",
    "__annotations_cache__",
}
"""Names that @dataclass or Python writes into a class. Newer versions of Python add some of them."""

NAMED_TUPLE, DATACLASS, MEMBER = "namedtuple", "dataclass", "enum"
BASES: dict[str, type] = {"": object, "int": int, "str": str}
"""The second base class of an enum, such as `int` in `class Colour(int, Enum)`."""


def as_record(value: Any) -> tuple[str, tuple[Any, ...]] | None:
    """The kind of a record and its content; None if the value is no record, or its class has methods."""
    kind = type(value)
    if issubclass(kind, enum.Enum):
        base = next((name for name, of in BASES.items() if name and issubclass(kind, of)), "")
        return MEMBER, (kind.__name__, value.name, value.value, base)
    if issubclass(kind, tuple) and (fields := _names_of_named_tuple(kind)) is not None:
        return NAMED_TUPLE, (kind.__name__, fields, tuple(tuple.__iter__(value)))
    if is_plain_dataclass(kind):
        fields = tuple(field.name for field in dataclasses.fields(kind))
        if all(hasattr(value, name) for name in fields) and vars(value).keys() <= set(fields):
            return DATACLASS, (kind.__name__, fields, tuple(getattr(value, name) for name in fields), _flags(kind))
    return None


def _names_of_named_tuple(kind: type) -> tuple[str, ...] | None:
    fields = getattr(kind, "_fields", None)
    return fields if type(fields) is tuple and all(type(name) is str for name in fields) else None


def is_plain_dataclass(kind: type) -> bool:
    """Whether the class is a dataclass without methods, properties or base classes of its own."""
    if not dataclasses.is_dataclass(kind) or kind.__bases__ != (object,) or "__slots__" in vars(kind):
        return False
    names = {field.name for field in dataclasses.fields(kind)}
    return "__post_init__" not in vars(kind) and vars(kind).keys() <= GENERATED | names


def _flags(kind: type) -> tuple[bool, bool, bool]:
    parameters = vars(kind)["__dataclass_params__"]
    return bool(parameters.eq), bool(parameters.order), bool(parameters.frozen)


class StandIns:
    """The stand-ins of one session. They are made when its records arrive."""

    def __init__(self) -> None:
        self._classes: dict[tuple[Any, ...], Any] = {}
        self._members: dict[tuple[str, str], enum.Enum] = {}

    def together(self, kind: str, content: tuple[Any, ...]) -> Any:
        """The record as an instance of a stand-in. Raises ValueError, TypeError or KeyError if it is malformed."""
        if kind == MEMBER:
            return self._member(*content)
        name, fields, values, *flags = content
        made = self.named_tuple(name, fields) if kind == NAMED_TUPLE else self.dataclass(name, fields, *flags)
        if len(values) != len(fields):
            raise ValueError("a record has a value for each field")
        return made(*values)

    def has(self, kind: type) -> bool:
        """Whether the class is a stand-in of this session."""
        return any(kind is of for of in self._classes.values()) or any(kind is type(m) for m in self._members.values())

    def named_tuple(self, name: str, fields: tuple[str, ...]) -> Any:
        """The stand-in for a named tuple's class."""
        _checked(name, fields)
        return self._class((NAMED_TUPLE, name, fields), lambda: namedtuple(name, fields))

    def dataclass(self, name: str, fields: tuple[str, ...], flags: tuple[bool, bool, bool]) -> Any:
        """The stand-in for a dataclass. flags: its eq, order and frozen."""
        _checked(name, fields)
        equal, order, frozen = map(bool, flags)

        def made() -> type:
            return dataclasses.make_dataclass(name, fields, eq=equal or order, order=order, frozen=frozen)

        return self._class((DATACLASS, name, fields, equal, order, frozen), made)

    def _class(self, key: tuple[Any, ...], make: Callable[[], type]) -> Any:
        if key not in self._classes:
            if len(self._classes) >= MAX_STAND_INS:
                raise ValueError("too many classes")
            self._classes[key] = make()
        return self._classes[key]

    def _member(self, name: str, member: str, value: Any, base: str) -> Any:
        """The stand-in for a member of an enum. It is the same object each time, because code compares with `is`."""
        _checked(name, (member,))
        if (name, member) not in self._members:
            if len(self._members) >= MAX_STAND_INS:
                raise ValueError("too many members of enums")
            of = (BASES[base], enum.Enum) if base else (enum.Enum,)
            if base and type(value) is not BASES[base]:
                raise ValueError("the value of a member is not of its base")
            make: enum.EnumType = enum.Enum
            self._members[name, member] = make(name, {member: value}, type=BASES[base] if base else None)[member]
            assert isinstance(self._members[name, member], of)
        return self._members[name, member]


def _checked(name: Any, fields: Any) -> None:
    """Raise ValueError unless all names are identifiers. namedtuple() and make_dataclass() execute them as code."""
    if type(fields) is not tuple or len(fields) > MAX_FIELDS:
        raise ValueError("expected the names of a record's fields")
    for text in (name, *fields):
        if type(text) is not str or len(text) > 200 or not text.isidentifier() or keyword.iskeyword(text):
            raise ValueError("expected a name")
    if any(field.startswith("__") for field in fields):
        raise ValueError("expected the names of a record's fields")


class OwnClasses:
    """The session's end: it makes records into instances of the student's own classes again."""

    def __init__(self, find: Callable[[str], Any]) -> None:
        """find: the value of a name in the student's namespace."""
        self._find = find
        self._seen: dict[str, type] = {}
        self._others = StandIns()

    def note(self, kind: type) -> None:
        """Remember a class, which need not be a global name."""
        self._seen[kind.__name__] = kind

    def together(self, kind: str, content: tuple[Any, ...]) -> Any:
        """The record as an instance of the student's class, or of a stand-in if the class is gone."""
        name = content[0]
        found = self._seen.get(name) or self._find(name)
        if not inspect.isclass(found):
            return self._others.together(kind, content)
        if kind == MEMBER:
            if not isinstance(found, enum.EnumType):
                raise TypeError(f"{name} is no enum")
            return found[content[1]]
        fields, values = content[1], content[2]
        if kind == NAMED_TUPLE:
            if not issubclass(found, tuple):
                raise TypeError(f"{name} is no named tuple")
            return tuple.__new__(found, values)
        # without __init__: the record exists already, and the student's code would run a second time
        made = found.__new__(found)
        for field, value in zip(fields, values, strict=True):
            object.__setattr__(made, field, value)
        return made
