"""Sentences for students that can be shown in any language.

A `Message` is a string: the English sentence. It also keeps the sentence's pattern and the values in it, so that it can
be shown in another language later, in another process too. Code compares, searches and stores the English text;
`shown` gives the text for a reader. A plain string in place of a message was written by the student or by a library, so
it is never translated.

A released folder in another language holds the translations in `language.mo.gz`, next to `checks/`.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any

FIELD = re.compile(r"\{(\w+)\}")
"""The place of a value in a pattern."""
SOURCE_LANGUAGE = "en"
CATALOGUE = "language.mo.gz"
"""The file next to a released notebook with the translations into the release's language."""
OUR_CATALOGUE = Path(__file__).parents[1] / CATALOGUE
"""The place of the catalogue if these checks lie in a released folder."""
NUMBER, PARTS, BETWEEN = "number", "parts", "between"
"""Names of values: the number that chooses a plural form, and the parts and the separator of joined messages."""
LIST, SENTENCES = ", ", " "
"""Separators of joined messages, which other languages write in another way."""
DIRECTION = "default:LTR"
"""An entry of the compiled catalogue: "default:RTL" if the language runs from right to left."""
ISOLATED = "\u2068{}\u2069"
"""Marks of Unicode around a value that may run in the other direction than the sentence."""
NOT_TRANSLATED = "[en] {}"
"""The mark of a sentence of ours that the catalogue lacks."""

Value = Any
"""A message, a string, a whole number, or, for `parts`, a tuple of messages and strings."""


class Message(str):
    """An English sentence with its pattern and its values."""

    __slots__ = ("id", "many", "values")
    id: str
    """The English pattern, with the places of values in braces: the key of the catalogues. Empty for joined ones."""
    many: str
    """The English pattern for other numbers than 1; empty without a number."""
    values: Mapping[str, Value]

    def __new__(cls, id: str, many: str = "", values: Mapping[str, Value] | None = None) -> Message:
        kept = {name: _kept(name, value) for name, value in (values or {}).items()}
        message = super().__new__(cls, _filled(id, many, kept))
        message.id, message.many, message.values = id, many, kept
        return message

    def __str__(self) -> str:
        # str() of a message, or of an error that holds one, must not lose pattern and values.
        return self

    def __reduce__(self) -> tuple[type[Message], tuple[str, str, dict[str, Value]]]:
        return Message, (self.id, self.many, dict(self.values))

    def __copy__(self) -> Message:
        return self

    def __deepcopy__(self, memo: object) -> Message:
        return self

    def as_json(self) -> dict[str, Any]:
        """Return pattern and values as JSON types, for `message_of`."""
        values = {name: _value_as_json(value) for name, value in self.values.items()}
        return {"id": self.id, **({"many": self.many} if self.many else {}), **({"values": values} if values else {})}

    def with_values(self, change: Callable[[str], str]) -> Message:
        """Return the message with each text in it that is not ours changed."""

        def changed(value: Value) -> Value:
            if isinstance(value, Message):
                return value.with_values(change)
            if isinstance(value, tuple):
                return tuple(map(changed, value))
            return change(value) if isinstance(value, str) else value

        values = {name: value if name == BETWEEN else changed(value) for name, value in self.values.items()}
        return Message(self.id, self.many, values)


def say(pattern: str, /, **values: Value) -> Message:
    """Return a sentence for the student. pattern: English, with the names of values in braces."""
    return Message(pattern, values=values)


def say_number(one: str, many: str = "", /, *, number: int, **values: Value) -> Message:
    """Return a sentence with a number, which stands in the patterns as {number}.

    one: the pattern for 1. many: the pattern for other numbers; empty if English has the same, as in "3 of 4 passed".
    """
    return Message(one, many or one, {NUMBER: int(number), **values})


def sentence(text: str) -> Message:
    """Return the sentence of a test as a message, if it is a plain string of the course's own."""
    return text if isinstance(text, Message) or not text else Message(text)


def joined(parts: Sequence[str], between: str = SENTENCES) -> Message:
    """Return messages and strings one after the other. Empty parts are left out."""
    kept = tuple(part for part in parts if part)
    if len(kept) == 1 and isinstance(kept[0], Message):
        return kept[0]
    return Message("", values={PARTS: kept, BETWEEN: between})


def listed(parts: Sequence[str]) -> Message:
    """Return messages and strings as a list, such as "2, 3 and the border" without its "and"."""
    return joined(parts, LIST)


def part_of(name: str, suffix: str) -> str:
    """Return the name of a part of a value. suffix: code, such as "[0]"."""
    return joined((name, suffix), "") if isinstance(name, Message) else f"{name}{suffix}"


def message_of(data: Any) -> Message:
    """Return the message behind the JSON of `as_json`. Raises ValueError for any other JSON."""
    if not isinstance(data, Mapping) or not isinstance(data.get("id"), str):
        raise ValueError("not a message")
    many, values = data.get("many", ""), data.get("values", {})
    if not isinstance(many, str) or not isinstance(values, Mapping) or (many and type(values.get(NUMBER)) is not int):
        raise ValueError("not a message")
    return Message(data["id"], many, {str(name): _value_of(value) for name, value in values.items()})


class Language:
    """A language with its catalogue. Without a catalogue: English, the language that the course is written in."""

    def __init__(self, code: str = SOURCE_LANGUAGE, catalogue: GNUTranslations | None = None, is_rtl: bool = False):
        self.code = code
        self.is_rtl = is_rtl
        """True if its lines run from right to left."""
        self._catalogue = catalogue
        if catalogue is not None:
            catalogue.add_fallback(_Unknown())

    @property
    def is_source(self) -> bool:
        """True for the language that the course is written in, which needs no catalogue."""
        return self._catalogue is None

    @property
    def direction(self) -> str:
        return "rtl" if self.is_rtl else "ltr"

    @property
    def code_tag(self) -> str:
        """The beginning of code in a sentence of HTML. From right to left, f() would show as ()f."""
        return '<code dir="ltr">' if self.is_rtl else "<code>"

    def knows(self, message: Message) -> bool:
        """Return True if the catalogue has the message itself; its values may hold others."""
        return self.is_source or not message.id or bool(self._pattern(message))

    def render(self, message: Message, value: Callable[[str], str] | None = None, unknown: str = NOT_TRANSLATED) -> str:
        """Return the message in this language.

        value: changes each text in it that is not ours, such as a student's value. unknown: the form of a sentence that
        the catalogue lacks.
        """
        if self.is_source and value is None:
            return str.__str__(message)
        change = value or (ISOLATED.format if self.is_rtl else str)

        def shown_value(held: Value) -> str:
            if isinstance(held, Message):
                return self.render(held, value, unknown)
            return change(held) if isinstance(held, str) else str(held)

        if not message.id:
            return self._one_after_the_other(message.values[BETWEEN], map(shown_value, message.values[PARTS]))
        known = self._pattern(message)
        pattern = known or _english_pattern(message.id, message.many, message.values)
        text = FIELD.sub(lambda m: shown_value(message.values[m[1]]) if m[1] in message.values else m[0], pattern)
        return text if known else unknown.format(text)

    def _one_after_the_other(self, between: str, parts: Iterable[str]) -> str:
        if between == LIST:
            between = self._pattern(say(", ")) or between
        whole = ""
        for part in parts:
            # Signs as wide as a character hold the space after a sentence already.
            is_wide = between == SENTENCES and whole and unicodedata.east_asian_width(whole[-1]) in "FW"
            whole += part if is_wide or not whole else between + part
        return whole

    def _pattern(self, message: Message) -> str:
        if self._catalogue is None:
            return _english_pattern(message.id, message.many, message.values)
        if message.many:
            return self._catalogue.ngettext(message.id, message.many, message.values[NUMBER])
        return self._catalogue.gettext(message.id)


class _Unknown(NullTranslations):
    """Returns nothing for an unknown message, where gettext returns the English."""

    def gettext(self, message: str) -> str:
        return ""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return ""


ENGLISH = Language()
_chosen: ContextVar[Language | None] = ContextVar("language", default=None)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Make `shown` give this language inside the block."""
    token = _chosen.set(language)
    try:
        yield
    finally:
        _chosen.reset(token)


def current() -> Language:
    """Return the language of the block, or else of the released folder."""
    return _chosen.get() or _language_of_release(OUR_CATALOGUE)


def direction() -> str:
    """Return the attribute of an element whose text runs from right to left, or nothing."""
    return " dir='rtl'" if current().is_rtl else ""


def shown(text: str) -> str:
    """Return the text for a reader of the current language. Plain strings stay as they are."""
    return current().render(text) if isinstance(text, Message) else text


def shown_as_code(text: str) -> str:
    """Return code whose comments are messages, for a reader. Marks around its values would be no code."""
    return current().render(text, str) if isinstance(text, Message) else text


@cache
def _language_of_release(path: Path) -> Language:
    if not path.exists():
        return ENGLISH
    with gzip.open(path) as file:
        catalogue = GNUTranslations(file)
    return Language(catalogue.info().get("language", ""), catalogue, catalogue.gettext(DIRECTION) == "default:RTL")


def _kept(name: str, value: Value) -> Value:
    """Return the value as it is stored: a message, a whole number, the parts of joined messages, or else a text."""
    if isinstance(value, Message) or type(value) in (str, int):
        return value
    if name == PARTS:
        return tuple(_kept("", part) for part in value)
    return str(value)


def _filled(id: str, many: str, values: Mapping[str, Value]) -> str:
    if not id:
        return str(values.get(BETWEEN, " ")).join(values.get(PARTS, ()))
    pattern = _english_pattern(id, many, values)
    if not values:
        return pattern
    # In one pass: braces in a value are the student's text and no places.
    return FIELD.sub(lambda match: str(values[match[1]]) if match[1] in values else match[0], pattern)


def _english_pattern(id: str, many: str, values: Mapping[str, Value]) -> str:
    return many if many and values.get(NUMBER) != 1 else id


def _value_as_json(value: Value) -> Any:
    if isinstance(value, Message):
        return value.as_json()
    return [_value_as_json(part) for part in value] if isinstance(value, tuple) else value


def _value_of(data: Any) -> Value:
    if isinstance(data, Mapping):
        return message_of(data)
    if isinstance(data, list):
        return [_value_of(part) for part in data]
    if type(data) in (str, int):
        return data
    raise ValueError("not a value of a message")
