"""The cells of a notebook in another language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from grader.languages.available import NOTEBOOK, PRIVATE_FOLDER, about
from grader.languages.catalogue import CODE, FORMULA, read
from grader.languages.literals import sentences_of, values_left_to_right, with_sentences
from grader.languages.paragraphs import Piece, Translate, code, prose, translated_pieces
from grader.languages.sources import is_test, may_say, text_of
from grader.notebooks.model import Notebook

Raw = dict[str, Any]
ANCHOR = re.compile(r"\]\((<#([^>]*)>|#([^)\s]*))\)")
"""A link to a heading of the notebook."""
BLOCK = re.compile(r"([^\S\n]*(?:> ?)*)(?:```|~~~|\$\$)")
"""Beginning of a block of code or formulas: indent and marks of a quotation, and then the block's mark."""
HEADING = re.compile(r"^#{1,6} +(.*?) *$", re.MULTILINE)


def texts_of(path: Path) -> dict[tuple[str, str], str]:
    """Return (cell, English) -> translation, for entries that are translated and not fuzzy."""
    if not path.exists():
        return {}
    messages = (message for message in read(path) if message.id and message.string and not message.fuzzy)
    return {(message.context or "", str(message.id)): str(message.string) for message in messages}


def translated_text(source: str, text: Translate, is_rtl: bool) -> str:
    """Return a Markdown file, such as the student's README, with its texts translated."""
    return right_to_left(translated_pieces(source, text)) + "\n" if is_rtl else prose(source, text)


def translated_cells(cells: list[Raw], texts: Mapping[tuple[str, str], str], is_rtl: bool) -> list[Raw]:
    """Return the cells with their texts translated. texts: (cell, English) -> translation."""
    fresh: list[Raw] = []
    anchors: dict[str, str] = {}
    outputs: dict[str, str] = {}
    for cell in cells:
        name, source = str(cell.get("id", "")), text_of(cell)

        def text(english: str, name: str = name) -> str:
            return texts.get((name, english), english)

        if cell["cell_type"] == "markdown":
            pieces = list(translated_pieces(source, text, outputs))
            translated = "".join(piece.text for piece in pieces)
            pairs = zip(HEADING.findall(source), HEADING.findall(translated), strict=False)
            anchors |= {_anchor(old): _anchor(new) for old, new in pairs}
            fresh.append({**cell, "source": right_to_left(pieces) if is_rtl else translated})
        elif cell["cell_type"] == "code" and not is_test(cell):
            commented = code(source, text)
            outputs = {english: text(english) for english in sentences_of(source)} if may_say(cell) else {}
            if is_rtl:
                outputs = {english: values_left_to_right(english, shown) for english, shown in outputs.items()}
            fresh.append({**cell, "source": with_sentences(commented, _found_in(outputs))})
        else:
            fresh.append({**cell, "source": source})
    for cell in fresh:
        if cell["cell_type"] == "markdown":
            cell["source"] = ANCHOR.sub(lambda match: _link(match, anchors), cell["source"])
        cell["source"] = cell["source"].splitlines(keepends=True)
    return fresh


def _found_in(texts: Mapping[str, str]) -> Translate:
    return lambda english: texts.get(english, english)


def _anchor(heading: str) -> str:
    """Return the id that Jupyter gives to a heading."""
    return re.sub(r"[`*]|</?bdi[^>]*>", "", heading).replace(" ", "-")


def _link(match: re.Match[str], anchors: Mapping[str, str]) -> str:
    old = match[2] or match[3]
    return f"](<#{anchors[old]}>)" if anchors.get(old, old) != old else match[0]


def right_to_left(pieces: Iterable[Piece]) -> str:
    """Return the text with its prose from right to left. Code and formulas run from left to right."""
    parts = (
        isolated(p.text) if p.is_entry else left_to_right(p.text) if BLOCK.match(p.text) else p.text for p in pieces
    )
    inner = "".join(parts).strip("\n")
    return f'<div dir="rtl">\n\n{inner}\n\n</div>' if inner.strip() else inner


def left_to_right(block: str) -> str:
    """Return the block of code or formulas in an element of its own, which ends before the next line of prose.

    The element around it stays open: its end would also end the hint that the block belongs to.
    """
    lead = BLOCK.match(block)[1]  # type: ignore[index]  # the caller has looked
    blank = lead.rstrip()
    return f'{lead}<div dir="ltr">\n{blank}\n{block}\n{blank}\n{lead}</div>\n{blank}'


def isolated(text: str) -> str:
    """Return the text with code and formulas isolated from its direction."""
    return re.sub(f"{CODE.pattern}|{FORMULA.pattern}", r'<bdi dir="ltr">\g<0></bdi>', text, flags=re.DOTALL)


def translations(release: Path, private: Path) -> Mapping[str, frozenset[str]]:
    """Return grade id -> texts of this cell in all other languages. release: the notebook of the English release."""
    catalogues = sorted(private.glob(f"{PRIVATE_FOLDER}/*/{NOTEBOOK}"))
    changed = tuple(path.stat().st_mtime_ns for path in (release, *catalogues))
    return _translations(release, tuple(catalogues), changed)


@lru_cache(maxsize=8)
def _translations(release: Path, catalogues: tuple[Path, ...], changed: object) -> Mapping[str, frozenset[str]]:
    # Reading a catalogue takes half a second, so it is done once for each state of the files.
    found: dict[str, set[str]] = {}
    for path in catalogues:
        is_rtl = about(path.parent.name).direction == "rtl"
        for cell in translated_cells(Notebook.read(release).raw["cells"], texts_of(path), is_rtl):
            found.setdefault(str(cell["metadata"].get("nbgrader", {}).get("grade_id")), set()).add(text_of(cell))
    return {name: frozenset(texts) for name, texts in found.items()}
