"""Remote functions behave like the student's function in the student's notebook."""

from __future__ import annotations

import io
import sys
import time
from typing import Any

import numpy as np
import pytest

from grader.sandbox import Limits, RemoteError, Sandbox, Session, SessionEnded, WireError


def test_arguments_and_results_are_values(session: Session) -> None:
    session.run_cell("import numpy as np\ndef f(A, b, *, scale=1):\n    return A @ b * scale, {'cache': (A, b)}")
    f = session.function("f")
    eye, b = np.eye(2), np.array([1.0, 2.0])
    product, cache = f(eye, b, scale=3)
    assert product.tolist() == [3.0, 6.0] and cache["cache"][0].tolist() == eye.tolist()
    assert f.__name__ == "f" and "function f" in repr(f)


def test_a_mutated_argument_is_seen_by_the_caller(session: Session) -> None:
    session.run_cell(
        "def f(array, entries, nested, kept):\n    array += 1\n    entries.append(4)\n"
        "    nested['inner'][0][:] = 7\n    nested['new'] = 1"
    )
    array, entries, inner, kept = np.zeros(2), [1, 2], np.zeros(2), np.ones(2)
    nested = {"inner": (inner,)}
    session.function("f")(array, entries, nested=nested, kept=kept)
    assert array.tolist() == [1, 1] and entries == [1, 2, 4]
    assert inner.tolist() == [7, 7] and nested["new"] == 1 and nested["inner"][0] is inner


def test_a_read_only_argument_stays_so_inside(session: Session) -> None:
    session.run_cell("def f(x):\n    x += 1")
    x = np.zeros(2)
    x.flags.writeable = False
    with pytest.raises(RemoteError) as error:
        session.function("f")(x)
    assert error.value.type_name == "ValueError"


def test_exceptions_come_as_text(session: Session) -> None:
    session.run_cell("import numpy as np\nclass NotDoneYet(Exception): pass\ndef f(): raise NotDoneYet('later')")
    session.run_cell(
        "def g(): return np.float(1)\ndef h():\n    import sys\n    sys.exit(1)\ndef k(): raise KeyboardInterrupt"
    )
    with pytest.raises(RemoteError) as error:
        session.function("f")()
    assert error.value.type_name == "NotDoneYet" and error.value.message == "later"
    assert "Cell In[1], line 3, in f" in error.value.traceback_text
    with pytest.raises(RemoteError, match="module 'numpy' has no attribute 'float'"):
        session.function("g")()
    for name, type_name in (("h", "SystemExit"), ("k", "KeyboardInterrupt")):
        with pytest.raises(RemoteError) as error:
            session.function(name)()
        assert error.value.type_name == type_name
    with pytest.raises(RemoteError, match="argument"):
        session.function("f")(1, 2)


def test_look_up_tells_values_functions_and_the_rest_apart(session: Session) -> None:
    session.run_cell("x = (1, 'a')\ns = {1}\ndef f(): return s\nclass C: pass")
    assert session.lookup("x") == (1, "a")
    assert session.lookup("s") == {1} == session.function("f")()
    assert type(session.function("C")()).__name__ == "C"
    with pytest.raises(NameError, match="'nothing'"):
        session.lookup("nothing")
    with pytest.raises(TypeError, match="expected x to be a function, got tuple"):
        session.function("x")


def test_what_is_printed_during_a_call_is_not_shown(session: Session) -> None:
    session.run_cell("def f():\n    print('secret')\n    return 1")
    assert session.function("f")() == 1
    assert session.run_cell("pass").outputs == []


def test_prints_of_a_call_arrive_as_one_text_for_each_turn_of_a_stream(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Written(io.StringIO):
        def write(self, text: str) -> int:
            texts.append(text)
            return len(text)

    texts: list[str] = []
    session.run_cell(
        "import sys\n"
        "def f():\n"
        "    for i in range(3): print(i, 'of', 3)\n"
        "    print('late', file=sys.stderr)\n"
        "    print('end', '!')"
    )
    monkeypatch.setattr(sys, "stdout", Written())
    monkeypatch.setattr(sys, "stderr", Written())
    session.function("f")()
    # print() writes five texts for "0 of 3"; one by one they would be most values of the answer
    assert texts == ["0 of 3\n1 of 3\n2 of 3\n", "late\n", "end !\n"]


def test_a_result_that_is_too_large_is_an_error_of_that_call(one_sandbox: Sandbox) -> None:
    with one_sandbox.open(limits=Limits(message_bytes=1 << 20)) as session:
        session.run_cell("import numpy as np\ndef f(n): return np.zeros(n)")
        with pytest.raises(RemoteError) as error:
            session.function("f")(1 << 20)
        assert error.value.type_name == "ValueNotSendable"
        assert session.function("f")(2).tolist() == [0, 0]


def test_our_unsendable_argument_is_our_error_and_the_session_lives(session: Session) -> None:
    session.run_cell("def f(x): return x")
    with pytest.raises(WireError):
        session.function("f")(object())
    assert session.function("f")(1) == 1


CHAIN = "def pad(x): return 'wrong'\ndef conv(x): return pad(x)"


def test_a_substitute_stands_in_and_goes(session: Session) -> None:
    session.run_cell(CHAIN)
    conv = session.function("conv")
    seen: list[Any] = []

    def pad(x: int) -> int:
        seen.append(x)
        return x + 1

    with session.substitute({"pad": pad, "extra": abs}):
        assert conv(1) == 2 and seen == [1]
        assert session.run_cell("assert extra(-1) == 1").error is None
    assert conv(1) == "wrong"
    with pytest.raises(NameError):
        session.lookup("extra")


def test_a_substitute_raises_in_the_students_code(session: Session) -> None:
    session.run_cell(CHAIN + "\ndef careful(x):\n    try: return pad(x)\n    except ValueError as e: return str(e)")

    def pad(x: Any) -> Any:
        raise ValueError("bad shape")

    with session.substitute({"pad": pad}):
        with pytest.raises(RemoteError) as error:
            session.function("conv")(1)
        assert error.value.type_name == "ValueError" and error.value.message == "bad shape"
        assert session.function("careful")(1) == "bad shape"


def test_a_substitute_has_an_allowance(session: Session) -> None:
    session.run_cell("def many(n):\n    return sum(pad(i) - i for i in range(n))")
    with session.substitute({"pad": lambda x: x}, max_calls=10):
        assert session.function("many")(5) == 0
        with pytest.raises(RemoteError, match="too often"):
            session.function("many")(11)


def test_a_substitute_is_asked_once_for_the_same(session: Session) -> None:
    """Are equal questions told from alike ones, and is every answer one's own to change?"""
    session.run_cell(
        "import numpy as np\ndef twice(x):\n    first = pad(x)\n    first += 1\n    return pad(x=x), pad(x), first"
    )
    asked: list[Any] = []

    def pad(x: Any) -> Any:
        asked.append(x)
        return np.atleast_1d(x) * 2

    alike = (1, 1.0, True, np.ones(1), np.ones(1, np.float32), np.ones((1, 1)), np.arange(4).reshape(2, 2).T, "a")
    with session.substitute({"pad": pad}):
        for x in alike[:-1]:
            by_name, again, changed = session.function("twice")(x)
            assert by_name.tolist() == again.tolist() == pad(x).tolist() and (changed == again + 1).all()
            assert again.dtype == pad(x).dtype
        assert len(asked) == 2 * 2 * len(alike[:-1])
        with pytest.raises(RemoteError):
            session.function("twice")("a")
        large, before = np.ones(1000), len(asked)
        session.function("twice")(large)
        assert len(asked) == before + 3
    with session.substitute({"pad": lambda x: np.zeros(1)}):
        assert session.function("twice")(1)[1] == 0


def test_a_substitute_cannot_exhaust_our_memory(session: Session) -> None:
    session.run_cell("def f(n): return pad(n)")
    with session.substitute({"pad": lambda n: np.ones(n).sum()}):
        with pytest.raises(RemoteError) as error:
            session.function("f")(1 << 33)
        assert "MemoryError" in error.value.type_name
        assert session.function("f")(3) == 3.0


@pytest.mark.parametrize("answer", [object(), np.array([None]), np.zeros(1 << 23)])
def test_an_answer_of_a_substitute_that_cannot_be_sent_is_an_error_of_the_call(session: Session, answer: Any) -> None:
    session.run_cell(CHAIN)
    with session.substitute({"pad": lambda x: answer}):
        with pytest.raises(RemoteError, match="pad cannot answer"):
            session.function("conv")(1)
        assert session.run_cell("1").error is None


def test_an_interrupt_on_our_side_closes_the_session(session: Session) -> None:
    session.run_cell(CHAIN)

    def pad(x: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), session.substitute({"pad": pad}):
        session.function("conv")(1)
    with pytest.raises(SessionEnded):
        session.run_cell("1")


def test_a_call_that_does_not_end_is_ended(one_sandbox: Sandbox) -> None:
    with one_sandbox.open(limits=Limits(call_seconds=0.3)) as session:
        session.run_cell("def f():\n    while True: pass")
        endless = session.function("f")
        started = time.monotonic()
        with pytest.raises(SessionEnded) as ended:
            endless()
        assert ended.value.reason == "time" and time.monotonic() - started < 2
        with pytest.raises(SessionEnded) as again:
            endless()
        assert again.value.reason == "closed"


def test_to_open_a_session_takes_none_of_the_students_time(one_sandbox: Sandbox) -> None:
    """Else the last session of a submission, with hardly any time left, would look like a failure of ours."""
    limits = Limits(session_seconds=1e-4, cell_seconds=1e-4)
    with one_sandbox.open({"big": bytes(5 << 20)}, limits) as session, pytest.raises(SessionEnded) as ended:
        session.run_cell("while True: pass")
    assert ended.value.reason == "time"
