"""call_each(): many calls sent at once do what as many calls one by one do."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import numpy as np
import pytest

from grader.sandbox import Limits, RemoteError, Sandbox, Session, SessionEnded

SHORT = Limits(call_seconds=1.0)


def test_answers_come_in_the_order_of_the_calls(session: Session) -> None:
    """Does each call see what the one before it left, and is an exception one answer among others?"""
    session.run_cell("seen = []\ndef f(x):\n    seen.append(x)\n    return 1 / x, list(seen)")
    first, second, third = session.function("f").call_each([(2,), (0,), (4,)])
    assert (first, third) == ((0.5, [2]), (0.25, [2, 0, 4]))
    assert isinstance(second, RemoteError) and second.type_name == "ZeroDivisionError"
    assert session.function("f")(1)[1] == [2, 0, 4, 1]


def test_changed_arguments_are_seen_by_the_caller(session: Session) -> None:
    """Does each call change its own arguments only?"""
    session.run_cell("def f(array, by):\n    array += by")
    arrays = [np.zeros(2), np.zeros(3)]
    assert list(session.function("f").call_each([(arrays[0], 1), (arrays[1], 2)])) == [None, None]
    assert [array.tolist() for array in arrays] == [[1, 1], [2, 2, 2]]


def test_more_than_a_socket_holds(session: Session) -> None:
    """Does neither end wait for the other where arguments and results are large?"""
    session.run_cell("def f(array, by):\n    return array * by")
    array = np.ones(50_000)
    answers = list(session.function("f").call_each([(array, by) for by in range(12)]))
    assert [answer.sum() for answer in answers] == [50_000 * by for by in range(12)]
    assert list(session.function("f").call_each([])) == []


def test_time_limit_of_a_later_call(one_sandbox: Sandbox) -> None:
    """Has every call its own limit, and are the answers before it kept?"""
    with one_sandbox.open(limits=SHORT) as session:
        session.run_cell("import time\ndef f(seconds):\n    time.sleep(seconds)\n    return seconds")
        answers = session.function("f").call_each([(0.7,), (0.7,), (9,), (0,)])
        assert [next(answers), next(answers)] == [0.7, 0.7]
        with pytest.raises(SessionEnded) as ended:
            next(answers)
        assert ended.value.reason == "time"


def test_crash_in_the_middle(one_sandbox: Sandbox) -> None:
    """Is a call that ends the process the one that is told so?"""
    with one_sandbox.open() as session:
        session.run_cell("import os\ndef f(x):\n    return x or os._exit(3)")
        answers = session.function("f").call_each([(1,), (0,), (1,)])
        assert next(answers) == 1
        with pytest.raises(SessionEnded, match="exit code 3"):
            next(answers)


def test_who_stops_in_the_middle_ends_the_session(one_sandbox: Sandbox) -> None:
    """Is no answer left over that a later question could take for its own?"""
    with one_sandbox.open() as session:
        session.run_cell("def f(x):\n    return x")
        with closing(session.function("f").call_each([(1,), (2,), (3,)])) as answers:
            assert [next(answers), next(answers)] == [1, 2]  # the third is on its way with the second
        assert session.is_over
        with pytest.raises(SessionEnded):
            session.lookup("f")


def test_who_stops_behind_the_last_one_does_not(session: Session) -> None:
    """Does a caller that has all answers lose nothing?"""
    session.run_cell("def f(x):\n    return x")
    with closing(session.function("f").call_each([(1,), (2,)])) as answers:
        assert [next(answers), next(answers)] == [1, 2]
    assert session.function("f")(5) == 5


def test_with_substitutes(session: Session) -> None:
    """Do calls that call back get the substitute's answer, not the next call?"""
    session.run_cell("def g(x):\n    return -x\ndef f(x):\n    return g(x) + 1")
    with session.substitute({"g": lambda x: 10 * x}):
        assert list(session.function("f").call_each([(1,), (2,), (3,)])) == [11, 21, 31]
    assert list(session.function("f").call_each([(1,), (2,)])) == [0, -1]


def test_more_answers_than_calls(one_sandbox: Sandbox) -> None:
    """Does a student who answers twice gain nothing but wrong answers?"""
    forge = (
        "import gc\nfrom grader.sandbox.protocol.channel import Channel\n"
        "wire = next(o for o in gc.get_objects() if isinstance(o, Channel))\n"
        "def f(x):\n    wire.send('result', 'forged', {}, [], None)\n    return -x"
    )
    with one_sandbox.open(limits=SHORT) as session:
        session.run_cell(forge)
        answers: list[Any] = list(session.function("f").call_each([(1,), (2,), (3,)]))
        assert answers == ["forged", -1, "forged"]


def test_slow_function_is_asked_one_by_one(session: Session) -> None:
    """Can a caller stop a slow function in the middle, and keep the session?"""
    session.run_cell("import time\ndef f(x):\n    time.sleep(0.1)\n    return x")
    with closing(session.function("f").call_each([(1,), (2,), (3,)])) as answers:
        assert next(answers) == 1
    assert not session.is_over
    assert session.function("f")(7) == 7
