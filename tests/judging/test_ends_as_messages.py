"""The sandbox's sentences on the end of a session are known as messages, so that a translation can show them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from courses import COURSE

from checks.messages import Message
from grader.judging.diagnosis import explain_end
from grader.judging.ends import told
from grader.sandbox import SessionEnded

HOST = COURSE / "grader" / "sandbox" / "host"
OF_THE_WIRE = ("protocol", "closed")
"""Reasons that quote bytes of a session, or the state of the machine: nothing that a student's mistake causes."""


def details() -> Iterator[str]:
    """The sandbox's own sentences, from its source, with 7 for each value."""
    for path in HOST.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            reason = getattr(node.args[0], "value", None)
            if name == "OutOfTime":
                yield text_of(node.args[0])
            elif name in ("SessionEnded", "_stop") and isinstance(reason, str) and reason not in OF_THE_WIRE:
                yield text_of(node.args[1])


def text_of(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)
    assert isinstance(node, ast.Constant)
    return str(node.value)


@pytest.mark.parametrize("detail", sorted(set(details())))
@pytest.mark.parametrize("rest", ["", ", the last of the time for all calls and cells"])
def test_each_detail_of_the_sandbox_is_a_message(detail: str, rest: str) -> None:
    """Is it recognised with its values, and is the English unchanged?"""
    detail += rest if detail.startswith("no answer") else ""
    message = told(detail)
    assert isinstance(message, Message) and str.__str__(message) == detail
    assert set(message.values.values()) <= {"7"}
    assert isinstance(explain_end(SessionEnded("time", detail)).values["detail"], Message)


def test_other_details_stay_texts() -> None:
    """Does a sentence that quotes a session's bytes stay a text, which no catalogue translates?"""
    assert not isinstance(told("expected the answer 'x', got 'no answer within 3 s'"), Message)
