"""Comments and rubrics as HTML: Markdown and formulas, and nothing that acts or asks for anything."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.config.limits import COMMENT_CHARACTERS, FORMULAS
from grader.pages.rich_text import TAGS, rich_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**bold** and `code`", "<strong>bold</strong> and <code>code</code>"),
        ("- one\n- two", "<li>one</li>"),
        ("first\nsecond", "first<br>"),
        ("$\\sqrt{x}$", "<msqrt>"),
        ("$$\\frac{1}{2}$$", '<math display="block"><mrow><mfrac>'),
        ("`$x$`", "<code>$x$</code>"),
        ("costs $5 or $6", "costs $5 or $6"),
        ("costs $5, `$x$`", "costs $5, <code>$x$</code>"),
        ("$\\frac{$", "<code>\\frac{</code>"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("[page](https://example.org)", 'href="https://example.org"'),
        ("\u202eover", "\\u202eover"),
    ],
)
def test_shown(text: str, shown: str) -> None:
    """Is Markdown formatted, is a formula MathML, and is all else as it was written?"""
    assert shown in rich_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "$\\text{<script>alert(1)</script>}$",
        "<img src=x onerror=alert(1)>",
        "![picture](https://example.org/x.png)",
        "[x](javascript:alert(1))",
        "$\\href{javascript:alert(1)}{x}$",
        '[x](https://example.org "onclick=")',
        "<style>* { display: none }</style>",
    ],
)
def test_nothing_acts(text: str) -> None:
    """Is there no tag beyond the list, and no attribute that acts or loads?"""
    tags = re.findall(r"<\s*([a-z0-9]+)([^>]*)>", rich_text(text))
    assert {tag for tag, _ in tags} <= TAGS - {"img", "script", "style"}
    assert not [attributes for _, attributes in tags if "javascript" in attributes or " on" in attributes]


@settings(max_examples=100)
@given(st.text("$\\{}[]()<>*_`|\n ab^&~", max_size=60))
def test_any_text_gives_listed_tags_only(text: str) -> None:
    """Does nobody's comment end the page, or bring another tag in?"""
    assert set(re.findall(r"<\s*([a-z0-9]+)", rich_text(text))) <= TAGS


def test_long_text_is_cut_with_a_note() -> None:
    """Is a text beyond the limit cut, and are formulas beyond theirs shown as they were written?"""
    assert "[5 more characters are not shown]" in rich_text("x" * (COMMENT_CHARACTERS + 5))
    assert rich_text("$x$ " * (FORMULAS + 5)).count("<math") == FORMULAS
