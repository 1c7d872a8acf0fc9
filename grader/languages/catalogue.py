"""Catalogues of translations: read, merge, check, write and compile `.po` files."""

from __future__ import annotations

import difflib
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

from checks.messages import FIELD
from grader.common.errors import LanguageError

ALIKE = 0.6
"""Similarity from which a changed English text keeps its translation, marked fuzzy."""
CODE = re.compile(r"`[^`\n]+`")
FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)
WORDS = re.compile(r"(\\text(?:rm|bf|it|sf)?\{)([^{}]*)(\})")
"""Words in a formula."""
LINK = re.compile(r"\]\((<[^>]*>|[^)\s]*)\)|https?://[^\s)>]+")
TAG = re.compile(r"</?[a-zA-Z][^>]*>")
NUMBER = re.compile(r"\d+(?:[.,٬٫]\d+)*")
NAME = re.compile(r"\b[A-Za-z]\w*_\w+|\b[a-z]+\.[a-z]\w*(?=\()|\b[a-z]+[A-Z]\w*", re.ASCII)
"""A name of the code in a text without backticks, such as n_H, np.pad( or dA. Chinese may follow without a space."""
BLOCK = re.compile(r"\n\s*(?:\n|```|~~~|\$\$|#{1,6} |[-*+] |\d+[.)] |[|<>])")
"""A line that does not continue the paragraph."""
LINE = re.compile(r'\s*(?:#.*|(?:msg(?:id|id_plural|str|ctxt)(?:\[\d+\])?\s+)?"(?:[^"\\]|\\.)*"\s*)?')
"""A line of a .po file."""


@dataclass(frozen=True)
class Entry:
    """A text to translate."""

    id: str
    """English."""
    many: str = ""
    """English for other numbers than 1."""
    context: str = ""
    """Id of the notebook's cell."""
    place: str = ""
    """File that it comes from."""

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.id

    @property
    def words(self) -> int:
        return len(re.findall(r"[A-Za-z][\w'’-]*", CODE.sub("", FORMULA.sub("", self.id))))


class PlainCatalogue(Catalog):
    """A catalogue with a short header: without times and versions, so that the same texts give the same bytes."""

    def __init__(self, code: str, plurals: str) -> None:
        """plurals: the line Plural-Forms of the header."""
        super().__init__(header_comment=f"# Translations into {code}.", charset="utf-8", fuzzy=False)
        self._own_headers = [
            ("Language", code),
            ("Plural-Forms", plurals),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]
        self.mime_headers = self._own_headers

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return self._own_headers

    @mime_headers.setter
    def mime_headers(self, value: Iterable[tuple[str, str]]) -> None:
        # Babel takes the plural forms from there.
        Catalog.mime_headers.__set__(self, value)  # type: ignore[attr-defined]  # a property of Babel, made without types


def read(path: Path) -> Catalog:
    """Return the catalogue. Raises LanguageError with file and line if it cannot be read."""
    try:
        content = path.read_bytes()
        # Babel takes a line without its last quote for a whole one.
        for number, line in enumerate(content.decode("utf-8-sig").splitlines(), 1):
            if not LINE.fullmatch(line):
                raise LanguageError(
                    f"{path}: line {number} is damaged: {line[:40]!r}. Mend it, or take an earlier version."
                )
        found = read_po(io.BytesIO(content), locale=None, abort_invalid=True)
    except PoFileError as error:
        raise LanguageError(f"{path}: line {error.lineno + 1}: {error}: open it in an editor for .po files.") from None
    except (ValueError, OSError, UnicodeDecodeError) as error:
        raise LanguageError(f"{path}: cannot be read ({error}): take an earlier version of it.") from None
    return found


def save(path: Path, catalogue: Catalog) -> None:
    """Write the catalogue. Entries keep their order."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=100, sort_output=False, include_previous=True, omit_header=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(buffer.getvalue())


def merged(entries: Iterable[Entry], old: Catalog | None, code: str, plurals: str) -> Catalog:
    """Return a catalogue of these entries with the translations of an older one. Others are left out.

    plurals: the line Plural-Forms of the header. An entry with a changed English text is marked fuzzy.
    """
    new = PlainCatalogue(code, plurals)
    wanted = list({entry.key: entry for entry in entries}.values())
    known = {_key(message): message for message in old or () if message.id}
    unused = {key: message for key, message in known.items() if key not in {entry.key for entry in wanted}}
    for entry in wanted:
        found, fuzzy = known.get(entry.key), False
        if found is None:
            found, fuzzy = _alike(entry, unused), True
        message = new.add(
            (entry.id, entry.many) if entry.many else entry.id,
            found.string if found is not None and bool(entry.many) == isinstance(found.id, tuple | list) else None,
            context=entry.context or None,
            locations=[(entry.place, 0)] if entry.place else (),
            user_comments=found.user_comments if found is not None else (),
        )
        if found is not None and _is_translated(message) and (fuzzy or found.fuzzy):
            message.flags.add("fuzzy")
            message.previous_id = [_key(found)[1]] if fuzzy else []
    return new


def _key(message: Message) -> tuple[str, str]:
    english = message.id[0] if isinstance(message.id, tuple | list) else message.id
    return message.context or "", str(english)


def _alike(entry: Entry, unused: dict[tuple[str, str], Message]) -> Message | None:
    """Return the translated entry, of the same cell, whose English is the most similar."""
    texts = {key[1]: message for key, message in unused.items() if key[0] == entry.context and _is_translated(message)}
    close = difflib.get_close_matches(entry.id, texts, 1, ALIKE)
    return texts[close[0]] if close else None


def _forms(message: Message) -> list[str]:
    return (
        [str(form) for form in message.string]
        if isinstance(message.string, tuple | list)
        else [str(message.string or "")]
    )


def _is_translated(message: Message) -> bool:
    return any(_forms(message))


def compiled(catalogue: Catalog) -> bytes:
    """Return the catalogue for Python's gettext, without fuzzy entries."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def problems_of(path: Path, catalogue: Catalog, entries: Iterable[Entry], forms: int) -> Iterator[str]:
    """Yield a line for each entry that cannot be released. forms: the language's number of plural forms."""
    wanted = {entry.key: entry for entry in entries}
    found = {_key(message): message for message in catalogue if message.id}
    for key, entry in wanted.items():
        name = f"{path}: {_short(entry)}"
        message = found.get(key)
        if message is None:
            yield f"{name}: is not in the catalogue. Run `grader languages update`, then translate it."
        elif message.fuzzy:
            yield f"{name}: its English has changed (fuzzy). Compare the translation, then take the mark away."
        elif not _is_translated(message):
            yield f"{name}: is not translated."
        elif entry.many and (len(_forms(message)) != forms or not all(_forms(message))):
            yield f"{name}: needs {forms} plural forms, one per msgstr[n]."
        else:
            for form in _forms(message):
                for problem in differences(entry, form):
                    yield f"{name}: {problem}"
    if left := len(found.keys() - wanted.keys()):
        yield f"{path}: {left} entries are no longer in the course. Run `grader languages update`."


def _short(entry: Entry) -> str:
    text = " ".join(entry.id.split())
    where = f"{entry.context}: " if entry.context else ""
    return f"{where}{text[:60]!r}" + (" …" if len(text) > 60 else "")


def differences(entry: Entry, translation: str) -> Iterator[str]:
    """Yield what a translation lacks or has in addition, of the parts that are the same in all languages."""
    counted = {"number"} if entry.many else set()
    fields, wanted = (
        set(FIELD.findall(_without(CODE, FORMULA, text=text) if entry.context else text))
        for text in (translation, entry.many or entry.id)
    )
    if fields | counted != wanted | counted:
        yield f"has the placeholders {_listed(fields)} in place of {_listed(wanted)}."
    for what, one, other in (
        (kind, parts(entry.id), parts(translation))
        for kind, parts in (
            ("code", _code),
            ("formulas", _formulas),
            ("names", _names),
            ("links", _links),
            ("tags", _tags),
            ("numbers", _numbers),
        )
    ):
        missing, extra = one - other, other - one
        if missing or extra:
            said = [f"lacks {_listed(missing)}"] if missing else []
            said += [f"adds {_listed(extra)}"] if extra else []
            yield f"other {what} than in English: {' and '.join(said)}."
    if entry.context and _strikes(translation) and not _strikes(entry.id):
        yield "has two ~, and Jupyter strikes out the text between them. Write the range in words."
    if BLOCK.search(translation) and not BLOCK.search(entry.id):
        yield "must stay one paragraph: a line of it begins another one."
    if entry.id.startswith("|") and entry.id.count("|") != translation.count("|"):
        yield f"the row has {translation.count('|')} bars in place of {entry.id.count('|')}."


def _strikes(text: str) -> bool:
    return _without(CODE, FORMULA, LINK, text=text).count("~") > 1


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(sorted(parts)) or "none"


def _without(*patterns: re.Pattern[str], text: str) -> str:
    for pattern in patterns:
        text = pattern.sub(" ", text)
    return text


def _code(text: str) -> Counter[str]:
    return Counter(CODE.findall(FORMULA.sub("", text)))


def _formulas(text: str) -> Counter[str]:
    return Counter(WORDS.sub(r"\1\3", formula) for formula in FORMULA.findall(CODE.sub("", text)))


def _links(text: str) -> Counter[str]:
    return Counter(found.group(1) or found.group() for found in LINK.finditer(text))


def _tags(text: str) -> Counter[str]:
    return Counter(re.sub(r'alt="[^"]*"', 'alt=""', tag) for tag in TAG.findall(CODE.sub("", text)))


def _names(text: str) -> Counter[str]:
    return Counter(NAME.findall(_without(CODE, FORMULA, LINK, TAG, FIELD, text=text)))


def _numbers(text: str) -> Counter[str]:
    # Persian and other digits have the same value as ours.
    text = _without(CODE, FORMULA, LINK, TAG, FIELD, text=text)
    western = "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in text)
    return Counter(re.sub(r"[,٬]", "", number).replace("٫", ".") for number in NUMBER.findall(western))
