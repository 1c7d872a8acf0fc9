"""Values that are objects too: instances of a student's subclass of list, tuple, str and so on with methods of its own.

A test may call the methods, or take the instance for a plain list. So both travel, and the judge takes the object if
its test expects objects.
"""

from __future__ import annotations

import enum
from collections import namedtuple
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .records import GENERATED, as_record

OF_NAMED_TUPLE = frozenset(vars(namedtuple("OfTuple", "one"))) | {"__orig_bases__"}
"""Names that namedtuple() writes into a class."""


@dataclass(frozen=True)
class Ready:
    """A kind and its content, made already."""

    name: str
    content: Any


def as_either(
    value: Any, refer: Callable[[Any], Any], bases: Mapping[type, Callable[[Any], Any]]
) -> tuple[Ready, Any] | None:
    """The reference to such an instance, and its value; None if it is no such instance, or not of the session.

    bases: built-in type -> makes it of an instance of a subclass.
    """
    kind = type(value)
    base = next((base for base in bases if issubclass(kind, base)), None)
    if base is None or kind.__module__ != "__main__" or issubclass(kind, enum.Enum) or not _has_methods(kind):
        return None
    reference = refer(value)
    if reference is None or reference[0] != "guest":  # a test's own object arrives as a plain value
        return None
    record = as_record(value)
    return Ready(*reference), bases[base](value) if record is None else Ready(*record)


def _has_methods(kind: type) -> bool:
    return any(_own_names(of) for of in kind.__mro__ if of.__module__ == "__main__")


def _own_names(kind: type) -> set[str]:
    fields = getattr(kind, "_fields", ())
    known = GENERATED | OF_NAMED_TUPLE | set(fields if isinstance(fields, tuple) else ())
    return {name for name, member in vars(kind).items() if name not in known and _is_code(member)}


def _is_code(member: Any) -> bool:
    return callable(member) or isinstance(member, property | classmethod | staticmethod)
