"""The languages that are there, with their catalogues."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.plurals import get_plural

from checks.messages import DIRECTION, ENGLISH, SOURCE_LANGUAGE, Language
from grader.common.errors import LanguageError
from grader.gradebook.student_languages import student_languages
from grader.languages.catalogue import PlainCatalogue, compiled, read

HERE = Path(__file__).parent
ABOUT = "language.json"
CHECKS, GRADER, TESTS, NOTEBOOK = "checks.po", "grader.po", "tests.po", "notebook.po"
PRIVATE_FOLDER = "languages"
"""The folder in an assignment's private folder."""
CODE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


@dataclass(frozen=True)
class About:
    """A language's own data."""

    code: str
    name: str
    direction: str
    plurals: str
    """The line Plural-Forms of a catalogue's header."""

    @property
    def forms(self) -> int:
        """The number of plural forms."""
        found = re.search(r"nplurals=(\d+)", self.plurals)
        return int(found[1]) if found else 1

    @property
    def folder(self) -> Path:
        return HERE / self.code


def codes() -> list[str]:
    """Return the codes of all languages but English."""
    return sorted(path.parent.name for path in HERE.glob(f"*/{ABOUT}"))


def about(code: str) -> About:
    """Return the data of a language. Raises LanguageError for an unknown one."""
    path = HERE / code / ABOUT
    if not CODE.fullmatch(code) or not path.is_file():
        known = ", ".join([SOURCE_LANGUAGE, *codes()])
        raise LanguageError(f"there is no language {code!r}, but: {known}. `grader languages add {code}` begins one.")
    try:
        data = json.loads(path.read_bytes())
        found = About(code, str(data["name"]), str(data["direction"]), str(data["plurals"]))
    except (ValueError, KeyError, TypeError) as error:
        raise LanguageError(f"{path}: cannot be read ({error}): it needs name, direction and plurals.") from None
    if found.direction not in ("ltr", "rtl"):
        raise LanguageError(f"{path}: the direction is {found.direction!r}: write ltr or rtl.")
    return found


def add(code: str) -> About:
    """Make the folder of a new language. Raises LanguageError for a code that is no language's."""
    try:
        locale = Locale.parse(code, sep="-" if "-" in code else "_") if CODE.fullmatch(code) else None
    except (UnknownLocaleError, ValueError):
        locale = None
    if locale is None or code == SOURCE_LANGUAGE:
        raise LanguageError(f"{code!r} is no code of a further language: give one such as zh, ko or fa.")
    plural = get_plural(locale)
    data = {
        "name": locale.get_display_name(locale),
        "direction": "rtl" if locale.character_order == "right-to-left" else "ltr",
        "plurals": f"nplurals={plural.num_plurals}; plural={plural.plural_expr};",
    }
    path = HERE / code / ABOUT
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return about(code)


def joined(catalogues: Iterable[Catalog], language: About) -> bytes:
    """Return one compiled catalogue of all of them, with the headers that `checks.messages` reads."""
    whole = PlainCatalogue(language.code, language.plurals)
    whole.add(DIRECTION, f"default:{language.direction.upper()}")
    for catalogue in catalogues:
        for message in catalogue:
            if message.id and not message.fuzzy and all(_forms(message.string)):
                whole[message.id] = message
    return compiled(whole)


def _forms(string: object) -> list[object]:
    return list(string) if isinstance(string, tuple | list) else [string]


def languages_of(course: Path, default: str, private: Path) -> Callable[[str], Language]:
    """Return student -> language. default: the course's language. private: the assignment's private folder."""
    chosen = student_languages(course)
    return lambda student: language(chosen.get(student) or default, private)


@cache
def language(code: str, *private: Path) -> Language:
    """Return the language with the sentences of the grader and of these assignments' private folders.

    Raises LanguageError for an unknown language, and for a catalogue that cannot be read.
    """
    if code in ("", SOURCE_LANGUAGE):
        return ENGLISH
    known = about(code)
    paths = [
        known.folder / CHECKS,
        known.folder / GRADER,
        *(folder / PRIVATE_FOLDER / code / TESTS for folder in private),
    ]
    catalogue = joined((read(path) for path in paths if path.exists()), known)
    return Language(code, GNUTranslations(io.BytesIO(catalogue)), known.direction == "rtl")
