"""Work in a child that may be lost: its text, its error, and its end by time, memory or a crash."""

from __future__ import annotations

import ctypes
import faulthandler
import re

import pytest

from grader.common.expendable import Failed, Lost, in_child

MEMORY = 256 << 20


def test_text_comes_back() -> None:
    """Does a text come back as it was, a long one and one that no file can hold, too?"""
    for text in ("", "a", "é\ud800\0\n", "long " * 1_000_000):
        assert in_child(lambda text=text: text, 30, MEMORY) == text


def endless() -> str:
    """One call into C that no signal handler interrupts."""
    return str(re.match(r"(a+)+$", "a" * 60 + "b"))


def crash() -> str:
    faulthandler.disable()  # pytest's own would write a page about this process, which is to be lost
    return str(ctypes.string_at(0))


def grow() -> str:
    return "a" * (4 * MEMORY)


@pytest.mark.parametrize("work", [endless, crash, grow])
def test_lost_child_is_told(work: object) -> None:
    """Does a child that never ends, crashes or takes too much memory cost nothing but itself, and is it said?"""
    with pytest.raises(Lost, match="it took more than 1 s"):
        in_child(work, 1, MEMORY)
    assert in_child(lambda: "next", 30, MEMORY) == "next"


def test_error_is_told() -> None:
    """Is an error in the child an error here, with its message?"""
    with pytest.raises(Failed, match="no such cell"):
        in_child(lambda: {}["no such cell"], 30, MEMORY)
