"""Values that travel as plain content under the name of their type, and keep the type.

A kind takes a value apart into content that the wire knows, and puts it together on the other side. The content may
come from a hostile process. So `together` builds only the types listed here, and limits values that a small content
could make large. `tables` has the kinds of pandas, and `records` those of a student's own classes.
"""

from __future__ import annotations

import builtins
import datetime
import random
import re
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from .values import DTYPE_BY_CODE, MAX_KEYS, is_plain_key

MAX_HASHED = 4_000
"""Members of a set, or keys of a dict, that are not plain keys. A student can choose them with equal hashes, so that
each one is compared with all before it."""
MAX_RANGE = 10_000_000
"""Numbers of a range, because a test may make a list of it."""
MAX_EXPONENT = 10_000
"""Exponent of a Decimal. Converted to an integer, it has as many digits."""
MAX_TEXT = 10_000
"""Characters of a Decimal or a date."""
TEXT_DTYPE = re.compile(r"[<>|=]?[USMm]\d{0,9}(\[\d{0,6}(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as|generic)\])?")
BIT_GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")
FACTORIES = {kind.__name__: kind for kind in (int, float, str, bool, list, dict, set, tuple)}
"""The default factories of a defaultdict that can travel."""
TYPES = {
    f"builtins.{kind.__name__}": kind
    for kind in (bool, bytearray, bytes, complex, dict, float, frozenset, int, list, object, range, set, str, tuple)
} | {
    f"numpy.{name}": found
    for name, found in vars(np).items()
    if isinstance(found, type) and (found is np.ndarray or issubclass(found, np.generic))
}
"""Name -> type, for types that both sides have."""
FUNCTIONS = {
    f"builtins.{name}": getattr(builtins, name)
    for name in ("abs", "all", "any", "divmod", "len", "max", "min", "pow", "round", "sorted", "sum")
} | {f"numpy.{name}": found for name, found in vars(np).items() if isinstance(found, np.ufunc)}
"""Name -> function, for pure functions that both sides have."""
# reversed, so that the first of several names of one object wins
NAMES = {id(found): name for name, found in reversed((TYPES | FUNCTIONS).items())}


@dataclass(frozen=True)
class Kind:
    """The form in which values of some types travel."""

    name: str
    types: tuple[type, ...]
    apart: Callable[[Any], Any]
    """Takes a value apart into plain content. Raises ValueError if it is too large."""
    together: Callable[[Any], Any]
    """Makes the value again. Raises ValueError, TypeError or ArithmeticError if the content is malformed."""


def hashed(items: Iterable[Any]) -> list[Any]:
    """The members of a set or the keys of a dict. Raises ValueError if there are too many to be compared."""
    found = list(items)
    most = MAX_KEYS if all(map(is_plain_key, found)) else MAX_HASHED
    if len(found) > most:
        raise ValueError(f"it has more than {most:,} members")
    return found


def _pairs(content: Any) -> list[tuple[Any, Any]]:
    pairs = [(key, value) for key, value in content]
    hashed(key for key, _ in pairs)
    return pairs


def _apart_pairs(value: dict[Any, Any]) -> list[tuple[Any, Any]]:
    return _pairs(dict.items(value))


def _range_apart(value: range) -> tuple[int, int, int]:
    if (value.stop - value.start) // value.step > MAX_RANGE:
        raise ValueError(f"it has more than {MAX_RANGE:,} numbers")
    return value.start, value.stop, value.step


def _range(content: Any) -> range:
    made = range(*map(int, content))
    _range_apart(made)
    return made


def _deque(content: Any) -> deque[Any]:
    items, length = content
    return deque(items, None if length is None else int(length))


def _defaultdict_apart(value: defaultdict[Any, Any]) -> tuple[str | None, list[tuple[Any, Any]]]:
    factory = value.default_factory
    name = next((name for name, kind in FACTORIES.items() if kind is factory), None)
    return name, _apart_pairs(value)


def _defaultdict(content: Any) -> defaultdict[Any, Any]:
    name, pairs = content
    return defaultdict(None if name is None else FACTORIES[name], _pairs(pairs))


def _decimal_apart(value: Decimal) -> str:
    if value.is_finite() and abs(value.adjusted()) > MAX_EXPONENT:
        raise ValueError("its exponent is too large")
    return str(value)


def _decimal(content: Any) -> Decimal:
    number = Decimal(_short(content))
    _decimal_apart(number)
    return number


def _short(content: Any) -> str:
    if type(content) is not str or len(content) > MAX_TEXT:
        raise ValueError("expected a short text")
    return content


def _array_apart(value: np.ndarray[Any, Any]) -> tuple[Any, ...]:
    return value.dtype.str, value.shape, bool(value.flags.writeable), value.tobytes()


def _array(content: Any) -> np.ndarray[Any, Any]:
    """An array of texts or of times."""
    name, shape, writeable, data = content
    array = _of_bytes(_text_dtype(name), data).reshape(shape)
    array.flags.writeable = bool(writeable)
    return array


def _text_dtype(name: Any) -> np.dtype[Any]:
    # a dtype's name can also ask for objects or for a record of many fields
    if not TEXT_DTYPE.fullmatch(_short(name)):
        raise ValueError("not a dtype of texts or times")
    dtype: np.dtype[Any] = np.dtype(name)
    return dtype


def array_of(name: str, data: bytes) -> np.ndarray[Any, Any]:
    """An array of one dimension, of any dtype that can travel. Raises ValueError if it is malformed."""
    dtype = next((dtype for dtype in DTYPE_BY_CODE if dtype.str == name), None)
    return _of_bytes(_text_dtype(name) if dtype is None else dtype, data)


def _of_bytes(dtype: np.dtype[Any], data: bytes) -> np.ndarray[Any, Any]:
    array = np.frombuffer(data, dtype).copy()
    # NumPy does not check the characters: one beyond Unicode would fail later, wherever a test uses the text
    if dtype.kind == "U" and array.size and np.frombuffer(data, f"{dtype.str[0]}u4").max() > 0x10FFFF:
        raise ValueError("a character that does not exist")
    # nor the bytes of bools
    return array if dtype.kind != "b" else array.view(np.uint8).astype(np.bool_)


def _masked(content: Any) -> np.ma.MaskedArray[Any, Any]:
    data, mask, fill = content
    if not isinstance(data, np.ndarray) or not isinstance(mask, np.ndarray | np.bool_ | bool):
        raise ValueError("expected two arrays")
    return np.ma.MaskedArray(data, mask=mask, fill_value=fill)


def _generator(content: Any) -> np.random.Generator:
    name, state = content
    if name not in BIT_GENERATORS:
        raise ValueError("unknown bit generator")
    bits = getattr(np.random, name)()
    bits.state = state
    return np.random.Generator(bits)


def _random_state(content: Any) -> np.random.RandomState:
    made = np.random.RandomState()
    made.set_state(content)
    return made


def _random(content: Any) -> random.Random:
    made = random.Random()
    made.setstate(content)
    return made


def _named(content: Any) -> Any:
    return (TYPES | FUNCTIONS)[_short(content)]


def has_named(value: Any) -> bool:
    """Whether the value is a type or a function that both sides have."""
    return id(value) in NAMES


KINDS = (
    Kind("set", (set,), hashed, lambda content: set(hashed(content))),
    Kind("frozenset", (frozenset,), hashed, lambda content: frozenset(hashed(content))),
    Kind("dict", (), _apart_pairs, lambda content: dict(_pairs(content))),
    Kind("Counter", (Counter,), _apart_pairs, lambda content: Counter(dict(_pairs(content)))),
    Kind("OrderedDict", (OrderedDict,), _apart_pairs, lambda content: OrderedDict(_pairs(content))),
    Kind("defaultdict", (defaultdict,), _defaultdict_apart, _defaultdict),
    Kind("deque", (deque,), lambda value: (list(value), value.maxlen), _deque),
    Kind("range", (range,), _range_apart, _range),
    Kind("slice", (slice,), lambda value: (value.start, value.stop, value.step), lambda content: slice(*content)),
    Kind("bytearray", (bytearray,), bytes, bytearray),
    Kind("dict_keys", (type({}.keys()),), hashed, lambda content: dict.fromkeys(hashed(content)).keys()),
    Kind("dict_values", (type({}.values()),), list, lambda content: dict(enumerate(content)).values()),
    Kind("dict_items", (type({}.items()),), _pairs, lambda content: dict(_pairs(content)).items()),
    Kind("Ellipsis", (type(...),), lambda value: None, lambda content: ...),
    Kind("NotImplemented", (type(NotImplemented),), lambda value: None, lambda content: NotImplemented),
    Kind("Decimal", (Decimal,), _decimal_apart, _decimal),
    Kind("Fraction", (Fraction,), lambda value: (value.numerator, value.denominator), lambda c: Fraction(*map(int, c))),
    Kind(
        "datetime",
        (datetime.datetime,),
        lambda value: (value.isoformat(), value.fold),
        lambda content: datetime.datetime.fromisoformat(_short(content[0])).replace(fold=content[1]),
    ),
    Kind("date", (datetime.date,), lambda value: value.isoformat(), lambda c: datetime.date.fromisoformat(_short(c))),
    Kind("time", (datetime.time,), lambda value: value.isoformat(), lambda c: datetime.time.fromisoformat(_short(c))),
    Kind(
        "timedelta",
        (datetime.timedelta,),
        lambda value: (value.days, value.seconds, value.microseconds),
        lambda content: datetime.timedelta(*content),
    ),
    Kind("array", (), _array_apart, _array),
    Kind(
        "scalar",
        (np.datetime64, np.timedelta64, np.str_, np.bytes_),
        lambda value: _array_apart(np.asarray(value)),
        lambda content: _array(content)[()],
    ),
    Kind(
        "masked", (np.ma.MaskedArray,), lambda value: (value.data, np.ma.getmaskarray(value), value.fill_value), _masked
    ),
    Kind(
        "Generator",
        (np.random.Generator,),
        lambda value: (type(value.bit_generator).__name__, value.bit_generator.state),
        _generator,
    ),
    Kind("RandomState", (np.random.RandomState,), lambda value: value.get_state(), _random_state),
    Kind("Random", (random.Random,), lambda value: value.getstate(), _random),
    Kind("named", (), lambda value: NAMES[id(value)], _named),
)
BY_TYPE = {kind_type: kind for kind in KINDS for kind_type in kind.types}
BY_NAME = {kind.name: kind for kind in KINDS}
