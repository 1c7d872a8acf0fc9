"""A student who writes to the wire directly harms nobody but the own session."""

from __future__ import annotations

import struct
import time
import tracemalloc

import pytest

from grader.sandbox import Limits, RemoteError, Sandbox, SessionEnded
from grader.sandbox.protocol.encoding import encode
from grader.sandbox.protocol.values import Budget

SHORT = Limits(cell_seconds=1.0, call_seconds=1.0, message_bytes=1 << 20)
HUGE = b"\xff\xff\xff\xff"


def frame(*message: object) -> bytes:
    payload = encode(message, Budget(1 << 20))
    return struct.pack("<I", len(payload)) + payload


def raw(payload: bytes) -> bytes:
    return struct.pack("<I", len(payload)) + payload


PROTOCOL, TIME, OUTPUT = {"protocol"}, {"time"}, {"output"}


@pytest.mark.parametrize(
    ("forged", "reasons"),
    [
        (HUGE, PROTOCOL),
        (raw(b""), PROTOCOL),
        (raw(b"garbage"), PROTOCOL),
        (raw(b"t" + HUGE), PROTOCOL),
        (raw(b"a\x0b\x02" + HUGE + HUGE), PROTOCOL),
        (raw(b"l\x01\0\0\0" * 1000 + b"N"), PROTOCOL),
        (raw(b"l\x00\x00\x04\x00" + b"N" * (1 << 18)), PROTOCOL),
        (frame(1, 2), PROTOCOL),
        (frame("unknown"), PROTOCOL),
        (frame("done"), PROTOCOL),
        (frame("ready"), PROTOCOL),
        (frame("result", 1, {}), PROTOCOL),
        (frame("cell"), PROTOCOL),
        (frame("cell", "1", None, 0.0, 0.0), PROTOCOL),
        (frame("cell", 1, ("a", "b"), 0.0, 0.0), PROTOCOL),
        (frame("cell", 1, 7, 0.0, 0.0), PROTOCOL),
        (frame("error"), PROTOCOL),
        (frame("error", 1, 2, 3), PROTOCOL),
        (frame("callback", "f", (), {}), PROTOCOL),
        (frame("output"), PROTOCOL),
        (frame("output", 1), PROTOCOL),
        (frame("output", {"output_type": ["x"]}), PROTOCOL),
        (frame("output", {"output_type": "stream", "name": "stdout", "text": 1}), PROTOCOL),
        (frame("output", {"output_type": "display_data", "data": {"a": b"x"}, "metadata": {}}), PROTOCOL),
        (frame("output", {"output_type": "error", "ename": "", "evalue": "", "traceback": [1]}), PROTOCOL),
        (frame("unconfined", "x"), PROTOCOL),
        (frame("cell", -1, None, 0.0, 0.0), PROTOCOL),
        (frame("output", {"output_type": "display_data", "data": {"text/plain": 1}, "metadata": {}}), PROTOCOL),
        (frame("output", {"output_type": "display_data", "data": {}, "metadata": {"a": float("nan")}}), PROTOCOL),
        (raw(b"d\x00\x00\x01\x00" + b"FN" * (1 << 16)), PROTOCOL),
        (frame("over"), OUTPUT),
        (b"\x05\0", TIME),
        (struct.pack("<I", 1000) + b"half", TIME),
    ],
)
def test_a_forged_frame_ends_the_session_only(one_sandbox: Sandbox, forged: bytes, reasons: set[str]) -> None:
    with one_sandbox.open(limits=SHORT) as session:
        with pytest.raises(SessionEnded) as ended:
            session.run_cell(f"import os, time\nos.write(3, {forged!r})\ntime.sleep(60)")
        assert ended.value.reason in reasons, ended.value
    with one_sandbox.open(limits=SHORT) as session:
        assert session.run_cell("1").error is None


def test_a_forged_answer_is_only_the_students_own_answer(one_sandbox: Sandbox) -> None:
    """The next question then gets the answer that nobody waited for: refused, or believed as what it is, a value."""
    with one_sandbox.open(limits=SHORT) as session:
        session.run_cell(
            f"import os\ndef f(): os.write(3, {frame('result', 5, {}, [], None)!r}); return 6\ndef g(): return 7"
        )
        assert session.function("f")() == 5
        with pytest.raises(SessionEnded) as ended:
            session.function("g")
        assert ended.value.reason == "protocol"


@pytest.mark.parametrize("changed", [{"x": 1}, {7: 1}, {None: 1}, [1]])
def test_a_forged_change_of_arguments_is_refused(one_sandbox: Sandbox, changed: object) -> None:
    with one_sandbox.open(limits=SHORT) as session:
        session.run_cell(
            f"import os, time\ndef f(a): os.write(3, {frame('result', 5, changed, [], None)!r}); time.sleep(9)"
        )
        with pytest.raises(SessionEnded) as ended:
            session.function("f")([1])
        assert ended.value.reason == "protocol"


@pytest.mark.parametrize("same", [1, -1, "a", True, 0.0, (0,), [0], b"a"])
def test_a_forged_argument_as_the_result_is_refused(one_sandbox: Sandbox, same: object) -> None:
    """Is a result that would be an argument one of those that the call had?"""
    with one_sandbox.open(limits=SHORT) as session:
        session.run_cell(f"import os, time\ndef f(a): os.write(3, {frame('result', 5, {}, [], same)!r}); time.sleep(9)")
        with pytest.raises(SessionEnded) as ended:
            session.function("f")([1])
        assert ended.value.reason == "protocol"


def test_a_forged_error_is_an_error(one_sandbox: Sandbox) -> None:
    with one_sandbox.open(limits=SHORT) as session:
        session.run_cell(f"import os\ndef f(): os.write(3, {frame('error', 'E' * 1000, 'm' * 9999, '')!r})")
        with pytest.raises(RemoteError) as error:
            session.function("f")()
        assert len(error.value.type_name) == 200 and len(error.value.message) == 4000


def test_a_drip_of_bytes_does_not_move_the_deadline(one_sandbox: Sandbox) -> None:
    with one_sandbox.open(limits=SHORT) as session:
        started = time.monotonic()
        with pytest.raises(SessionEnded) as ended:
            session.run_cell(
                "import os, time\nos.write(3, b'\\0\\0\\1\\0')\nwhile True:\n    os.write(3, b'x'); time.sleep(0.05)"
            )
        assert ended.value.reason == "time" and time.monotonic() - started < 3


@pytest.mark.parametrize(
    "message",
    [
        frame("output", {"output_type": "stream", "name": "stdout", "text": "x"}),
        frame("output", {"output_type": "display_data", "data": {}, "metadata": {}}),
        frame("output", {"output_type": "clear"}),
    ],
)
def test_a_flood_ends_without_filling_our_memory(one_sandbox: Sandbox, message: bytes) -> None:
    limits = Limits(cell_seconds=5.0, session_output_bytes=1 << 20)
    with one_sandbox.open(limits=limits) as session:
        tracemalloc.start()
        with pytest.raises(SessionEnded) as ended:
            session.run_cell(f"import os\nmany = {message!r} * 1000\nwhile True: os.write(3, many)")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert ended.value.reason in ("output", "time") and peak < 64 << 20


def test_a_student_who_stops_listening_does_not_stop_us(one_sandbox: Sandbox) -> None:
    with one_sandbox.open(limits=Limits(call_seconds=1.0)) as session:
        session.run_cell("import time\ndef f(x): return 1\ndef stop():\n    time.sleep(60)")
        session.run_cell("import sys, gc\nchannel = [o for o in gc.get_objects() if type(o).__name__ == 'Channel']")
        session.run_cell(
            "import threading, os\nthreading.Thread(target=lambda: os.read(3, 5), daemon=True).start()\ntime.sleep(0.2)"
        )
        with pytest.raises(SessionEnded):
            [session.call("f", (bytes(20 << 20),), {}) for _ in range(2)]


@pytest.mark.parametrize("arguments", [("other", (), {}), ("f", 1, {}), ("f", (), {1: 2}), ("f",)])
def test_malformed_callbacks_are_refused(one_sandbox: Sandbox, arguments: tuple[object, ...]) -> None:
    source = f"import os, time\nos.write(3, {frame('callback', *arguments)!r}); time.sleep(9)"
    session = one_sandbox.open(limits=SHORT)
    with session, pytest.raises(SessionEnded) as ended, session.substitute({"f": abs}):
        session.run_cell(source)
    assert ended.value.reason == "protocol"
