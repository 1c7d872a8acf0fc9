"""Are the words in a figure translated where they stand, and its shapes, names and numbers left alone?"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from grader.languages.available import about, codes
from grader.languages.catalogue import FORMULA
from grader.languages.figures import entries_of_figure, figures_in, translated_figure
from grader.languages.paragraphs import entries_of_prose, prose

COURSE = Path(__file__).parents[2]
SVG = """<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" lang="en" viewBox="0 0 9 9"><title>A &lt; b</title>
<style>text{fill:red}</style>
<text x="1" class="middle">window <tspan class="code">x &lt; 2</tspan>, row 1</text>
<text><tspan class="code">W[p, q]</tspan></text><text>12</text>
<text><tspan x="1">first line</tspan><tspan x="1" dy="9">second line</tspan></text></svg>"""


def upper(text: str) -> str:
    """Another text, with its code and numbers."""
    return {"window `x < 2`, row 1": "روی 1 `x < 2`"}.get(text, text.upper())


def test_texts_of_a_figure_are_entries() -> None:
    """Is each text an entry, with code in backticks, and neither code alone nor a number nor a style?"""
    assert list(entries_of_figure(SVG)) == ["A < b", "window `x < 2`, row 1", "first line", "second line"]


@pytest.mark.parametrize("is_rtl", [False, True])
def test_figure_is_translated_where_it_stands(is_rtl: bool) -> None:
    """Is it the same drawing in one language, whose words run in their own direction and whose code does not?"""
    fresh = translated_figure(SVG, upper, "xx", is_rtl)
    root = ElementTree.fromstring(fresh)
    assert (
        root.get("lang") == root.get("{http://www.w3.org/XML/1998/namespace}lang") == "xx" and fresh.count("lang=") == 2
    )
    texts = ["".join(text.itertext()) for text in root.iter() if text.tag.endswith(("}text", "}title"))]
    assert [text.removeprefix("\u2067").removesuffix("\u2069") for text in texts] == [
        "A < B",
        "روی 1 \u2066x < 2\u2069" if is_rtl else "روی 1 x < 2",
        "W[p, q]",
        "12",
        "FIRST LINE\u2069\u2067SECOND LINE" if is_rtl else "FIRST LINESECOND LINE",
    ]
    assert '<text x="1" class="middle">' in fresh and '<tspan class="code">x &lt; 2</tspan>' in fresh
    assert ("\u2067" in fresh) is is_rtl and 'dy="9"' in fresh


def test_no_figure_of_a_release_is_in_english() -> None:
    """Has each text with words another wording in each language, apart from names such as ReLU?"""
    for code in codes():
        assert about(code)
        for folder in sorted((COURSE / "release" / code).iterdir()):
            figures = figures_in(folder)
            assert figures
            for path in figures:
                english = set(
                    entries_of_figure((COURSE / "release" / path.relative_to(COURSE / "release" / code)).read_text())
                )
                same = english & set(entries_of_figure(path.read_text()))
                assert same <= {"ReLU"}, path


def test_words_in_formulas_are_entries() -> None:
    """Are the words of a block of formulas translated with their spaces, and nothing else of it?"""
    source = "Text\n\n$$Y = 1 \\text{ if } j = y, \\text{ else } n_\\text{H}$$\n\n$x$"
    assert list(entries_of_prose(source)) == ["Text", "if", "else", "H"]
    fresh = prose(source, {"Text": "T", "if": "IF", "else": "ELSE", "H": "H"}.__getitem__)
    assert FORMULA.findall(fresh)[0] == "$$Y = 1 \\text{ IF } j = y, \\text{ ELSE } n_\\text{H}$$"
