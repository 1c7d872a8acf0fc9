"""The operations on an object on the other side of the wire: Python's own, under their special names.

Both sides know this list. The session performs an operation. The judge's stand-in for an object has the operations that
the object's class has.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np


def _swapped(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda one, other: function(other, one)


ARITHMETIC = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "matmul": operator.matmul,
    "truediv": operator.truediv,
    "floordiv": operator.floordiv,
    "mod": operator.mod,
    "divmod": divmod,
    "pow": operator.pow,
    "lshift": operator.lshift,
    "rshift": operator.rshift,
    "and": operator.and_,
    "xor": operator.xor,
    "or": operator.or_,
}
IN_PLACE = [f"i{name}" for name in ARITHMETIC if name != "divmod"]
SPECIALS: dict[str, Callable[..., Any]] = {
    **{f"__{name}__": function for name, function in ARITHMETIC.items()},
    **{f"__r{name}__": _swapped(function) for name, function in ARITHMETIC.items()},
    **{f"__{name}__": getattr(operator, name) for name in IN_PLACE},
    **{f"__{name}__": getattr(operator, name) for name in ("eq", "ne", "lt", "le", "gt", "ge")},
    **{f"__{name}__": getattr(operator, name) for name in ("neg", "pos", "invert", "abs", "index")},
    **{f"__{name}__": getattr(operator, name) for name in ("getitem", "setitem", "delitem", "contains")},
    "__call__": lambda function, *positional, **named: function(*positional, **named),
    "__len__": len,
    "__iter__": iter,
    "__next__": next,
    "__reversed__": reversed,
    "__bool__": bool,
    "__hash__": hash,
    "__float__": float,
    "__int__": int,
    "__complex__": complex,
    "__bytes__": bytes,
    "__round__": round,
    "__trunc__": math.trunc,
    "__floor__": math.floor,
    "__ceil__": math.ceil,
    "__format__": format,
    "__enter__": lambda context: type(context).__enter__(context),
    "__exit__": lambda context, *error: type(context).__exit__(context, *error),
    "__array__": lambda value, *others, **more: np.asarray(value),
}
LENT = ("__call__", "__len__", "__getitem__", "__contains__", "__iter__", "__next__", "__enter__", "__exit__")
"""The operations that a student's code may ask of a test's object."""


def specials_of(kind: type) -> tuple[str, ...]:
    """The operations that a class or one of its bases defines, without those of `object`."""
    brought: dict[str, Any] = {}
    for base in reversed(kind.__mro__[:-1] if kind is not object else ()):
        brought.update(vars(base))
    # None is Python's way to switch an operation off in a subclass, such as __hash__
    return tuple(name for name in SPECIALS if brought.get(name) is not None)
