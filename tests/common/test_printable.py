"""Unprintable characters: written as escapes where they steer or disguise, kept where a word is written with them."""

from __future__ import annotations

import pytest

from grader.common.text import printable


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cشود",  # Persian half-space
        "لایه\u200cهای",
        "۵\u200cام",
        "شبکهٔ\u200cعصبی",
        "API\u200cها",
        "क्\u200dष",  # Hindi
        "合成곱 درایه é",
    ],
)
def test_words_written_with_joiners_stay(text: str) -> None:
    """Is the sign kept that a Persian or an Indian word is written with?"""
    assert printable(f"a {text}.") == f"a {text}."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ad\u200cam", r"ad\u200cam"),
        ("ad\u200dam", r"ad\u200dam"),
        ("\u200cمی", r"\u200cمی"),
        ("می\u200c", r"می\u200c"),
        ("می\u200c\u200cشود", r"می\u200c\u200cشود"),
        ("می\u200c شود", r"می\u200c شود"),
        ("می\u202eشود", r"می\u202eشود"),
        ("می\u2067شود\u2069", r"می\u2067شود\u2069"),
        ("می\x1b[2Jشود", r"می\x1b[2Jشود"),
        ("\udc80", r"\udc80"),
    ],
)
def test_signs_that_disguise_or_steer_are_escapes(text: str, shown: str) -> None:
    """Is each sign an escape that hides in a name, turns the direction around, or steers a terminal?"""
    assert printable(text) == shown


def test_cut_text_ends_without_half_a_word() -> None:
    """Is a joiner at the cut an escape, since nothing stands behind it?"""
    assert printable("می\u200cشود", 3) == r"می\u200c"
