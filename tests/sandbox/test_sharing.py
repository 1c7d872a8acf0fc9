"""Identity crosses the wire: what is one object on one side is one object on the other."""

from __future__ import annotations

import contextlib
import copy
import struct
import tracemalloc
from collections import Counter, defaultdict, deque
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from grader.sandbox import Sandbox, Session, SessionEnded, WireError
from grader.sandbox.protocol.decoding import decode, decode_numbered
from grader.sandbox.protocol.encoding import check_size, encode, encode_numbered
from grader.sandbox.protocol.values import Budget

ROOMY = Budget(1 << 16, 2_000)


def sent(value: Any) -> Any:
    return decode(encode(value, ROOMY), ROOMY)


# ---- within one value


@pytest.mark.parametrize(
    "one",
    [[0, 1], {"a": 1}, {(1, 2): 3}, {1}, deque([1]), Counter("ab"), defaultdict(list), bytearray(b"a"), np.ones(2)],
    ids=lambda one: type(one).__name__,
)
def test_one_object_stays_one(one: Any) -> None:
    """Is an object that a value has in several places one object on the other side, and an equal one another?"""
    first, inner, other = sent([one, ([one],), copy.copy(one)])
    assert type(first) is type(one) and inner[0][0] is first and other is not first
    assert np.array_equal(first, one) if isinstance(one, np.ndarray) else first == one


def test_rows_that_are_one_row_change_together() -> None:
    grid = sent([[0] * 2] * 3)
    grid[0][1] = 7
    assert grid == [[0, 7]] * 3
    grid = sent([[0] * 2 for _ in range(3)])
    grid[0][1] = 7
    assert grid == [[0, 7], [0, 0], [0, 0]]


MATRIX = np.arange(12.0).reshape(3, 4)
VIEWS = {
    "rows": lambda a: (a, a[1]),
    "reversed": lambda a: (a[:, ::-1], a),
    "transposed": lambda a: (a.T, a),
    "reshaped": lambda a: (a, a.reshape(-1)),
    "windows": lambda a: (a, sliding_window_view(a, (2, 2))),
    "repeated": lambda a: (a, np.broadcast_to(a, (2, 3, 4))),
    "overlapping columns": lambda a: (a[:, :3], a[:, 2:]),
    "windows of its own": lambda a: (as_strided(a, (3, 2), (8, 8)), None),
    "texts": lambda a: (a.astype("U3"),) * 1 + (None,),
}


@pytest.mark.parametrize("make", VIEWS.values(), ids=VIEWS)
def test_a_view_stays_a_view(make: Any) -> None:
    """Does a change of one array show in the other exactly where it does on this side?"""
    here = make(MATRIX.copy())
    there = sent(here)
    assert all(a is b is None or np.array_equal(a, b) for a, b in zip(here, there, strict=True))
    for index in np.ndindex(here[0].shape):
        for pair in (here, there):
            pair[0][index] = index[0] + 50
        assert all(a is b is None or np.array_equal(a, b) for a, b in zip(here, there, strict=True)), index
    assert [a is None or a.flags.writeable for a in here] == [a is None or a.flags.writeable for a in there]


def test_views_of_texts_bools_and_times() -> None:
    for whole in (np.array(["a", "bc", "d"]), np.array([True, False, True]), np.array(["2024-01-01"] * 3, "M8[D]")):
        a, b = sent((whole, whole[1:]))
        assert np.array_equal(a, whole) and np.array_equal(b, whole[1:]) and a.dtype == b.dtype == whole.dtype
        a[1] = a[0]
        assert b[0] == a[0]


def test_entries_between_the_arrays_do_not_travel() -> None:
    """Do the labels beside two overlapping columns stay here?"""
    data = np.array([[1.0, 2.0, 77.25]] * 4)
    assert struct.pack("<d", 77.25) not in encode((data[:, :2], data[:, 1]), ROOMY)
    columns = encode((data[:, 0], data[:, 1]), ROOMY)
    assert columns.count(b"a") >= 2 and b"v" not in columns


def test_sharing_does_not_raise_a_limit() -> None:
    """Does each shared part count wherever it is?"""
    bomb: list[Any] = [0]
    for _ in range(20):
        bomb = [bomb, bomb]
    large = np.zeros(1 << 10)
    for value in (bomb, [[0] * 100] * 100, [large] * 100, [{n: n for n in range(600)}] * 20, [large, large[1:]] * 20):
        with pytest.raises(WireError):
            encode(value, ROOMY)
    check_size([[0] * 10] * 10, ROOMY, None)
    endless: list[Any] = []
    endless += [endless, endless]
    for value in (bomb, [large] * 100, endless):
        with pytest.raises(WireError):
            check_size(value, ROOMY, None)


# ---- forged


def part(tag: bytes, number: int) -> bytes:
    return tag + struct.pack("<I", number)


def items(*parts: bytes) -> bytes:
    return part(b"l", len(parts)) + b"".join(parts)


EMPTY = items()


def doubled(levels: int) -> bytes:
    """A list of a list of ... of two references each: levels * 15 bytes, 2 ** levels entries."""
    head = [part(b"m", level) + part(b"l", 2) for level in reversed(range(levels))]
    return b"".join(head) + b"NN" + b"".join(part(b"r", level) for level in range(levels - 1))


def view(source: int, number: int, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], rest: bytes) -> bytes:
    sizes = struct.pack(f"<{len(shape)}I", *shape) + struct.pack(f"<{len(strides)}q", *strides)
    return struct.pack("<cBIBq", b"v", source, number, len(shape), offset) + sizes + rest


def memory(dtype: bytes, data: bytes) -> bytes:
    return part(b"", len(dtype)) + dtype + part(b"", len(data)) + data


FOUR = memory(b"<f8", bytes(32))
FORGED = {
    "to nothing": part(b"r", 0),
    "forward": items(part(b"r", 0), part(b"m", 0) + EMPTY),
    "to itself": part(b"m", 0) + items(part(b"r", 0)),
    "cycle of two": part(b"m", 0) + items(part(b"m", 1) + items(part(b"r", 0)), part(b"r", 1)),
    "the same mark twice": items(part(b"m", 0) + EMPTY, part(b"m", 0) + EMPTY),
    "mark of a mark": part(b"m", 0) + part(b"m", 1) + EMPTY,
    "many marks": b"".join(part(b"m", number) for number in range(5_000)),
    "mark of a reference": items(part(b"m", 0) + EMPTY, part(b"m", 1) + part(b"r", 0)),
    "mark at the end": part(b"m", 0),
    "as a key that is a list": items(part(b"m", 0) + EMPTY, part(b"d", 1) + part(b"r", 0) + b"N"),
    "billion laughs": doubled(30),
    "laughs within the depth": items(*[doubled(12)] * 1),
    "too deep": items(part(b"m", 0) + items(*[part(b"l", 1) * 29 + b"N"]), part(b"l", 1) * 5 + part(b"r", 0)),
    "large texts": items(part(b"m", 0) + part(b"s", 4000) + b"x" * 4000, *[part(b"r", 0)] * 30),
    "an argument without a call": part(b"q", 0),
    "view of nothing": view(0, 0, 0, (1,), (1,), b""),
    "view of a list": view(2, 0, 0, (1,), (1,), b""),
    "view of an unknown source": view(3, 0, 0, (1,), (1,), FOUR),
    "memory twice": items(view(1, 0, 0, (1,), (1,), FOUR), view(1, 0, 0, (1,), (1,), FOUR)),
    "view behind the end": view(1, 0, 0, (5,), (1,), FOUR),
    "view before the start": view(1, 0, 1, (3,), (-1,), FOUR),
    "view from far away": view(1, 0, 1 << 62, (1,), (1,), FOUR),
    "strides that overflow": view(1, 0, 0, (1 << 31, 1 << 31, 1 << 31), (1 << 62, 1 << 62, 1 << 62), FOUR),
    "strides that cancel": view(1, 0, 0, (1 << 20, 2), (1 << 44, -(1 << 62)), FOUR),
    "a huge view of a byte": view(1, 0, 0, (1 << 31, 1 << 31), (0, 0), FOUR),
    "a view of objects": view(1, 0, 0, (1,), (1,), memory(b"|O", bytes(32))),
    "a view of a record": view(1, 0, 0, (1,), (1,), memory(b"f8,O", bytes(32))),
    "a view of another size": view(1, 0, 0, (1,), (1,), memory(b"<f8", bytes(31))),
    "a view of no character": view(1, 0, 0, (1,), (1,), memory(b"<U1", b"\xff" * 4)),
    "too many dimensions": struct.pack("<cBIBq", b"v", 1, 0, 100, 0) + bytes(1200),
    "half a view": b"v\x01",
}


@pytest.mark.parametrize("message", FORGED.values(), ids=FORGED)
def test_a_forged_reference_is_refused(message: bytes) -> None:
    """Is it refused without much memory, in the judge as well as in the session?"""
    for numbered in (False, True):
        tracemalloc.start()
        with pytest.raises(WireError):
            decode_numbered(message, ROOMY, 0, None, [[]] if numbered and b"q" not in message else None, [])
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 1 << 19


def test_a_bool_of_a_memory_is_zero_or_one() -> None:
    assert decode(view(1, 0, 0, (3,), (1,), memory(b"|b1", b"\0\1\7")), ROOMY).view(np.uint8).tolist() == [0, 1, 1]


shared = st.recursive(
    st.integers(0, 3) | st.just("a"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=1), inner, max_size=3),
    max_leaves=6,
).flatmap(lambda one: st.sampled_from([[one, one], {"a": one, "b": (one, [one])}, (MATRIX, [MATRIX[1], one], one)]))


@given(shared, st.data())
@settings(max_examples=200, deadline=None)
def test_damaged_references_give_a_value_or_a_wire_error(value: Any, data: st.DataObject) -> None:
    message = bytearray(encode(value, ROOMY))
    for _ in range(data.draw(st.integers(1, 4))):
        message[data.draw(st.integers(0, len(message) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(WireError):
        check_size(decode_numbered(bytes(message), ROOMY, 0, None, [[], MATRIX.T])[0], ROOMY, None)


@given(shared)
def test_both_sides_count_the_same_objects(value: Any) -> None:
    found: list[Any] = []
    message, objects = encode_numbered((value, value), ROOMY)
    decode_numbered(message, ROOMY, found=found)
    assert [type(one) for one in objects] == [type(one) for one in found]
    assert encode_numbered((value, value), ROOMY)[0] == encode(decode(message, ROOMY), ROOMY)


# ---- calls


STUDENT = """
import numpy as np
from collections import namedtuple
Pair = namedtuple("Pair", "one other")
def grid(n): return [[0] * n] * n
def two(n): one = [n]; return one, one
def rows(a): return list(a)
def first(a): return a[0]
def cache(a, b): return b, (a, b), {"a": a}
def pair(a, b): return Pair(a, [b])
def swap(a): a[0], a[-1] = a[-1], a[0]
def renew(a): a[0] = list(a[0])
def insert(a): a.insert(0, [9])
def fill(a): a += 1; return a[0]
def give(a, b): a.append(b); return b
def flat(a): return a.reshape(-1)
def backwards(a): return a[::-1]
def inner(d): d["x"]["y"].append(1); return d["x"]
def loop(a): a.append(a)
def deep(a, x): a[0].append(x); return [a[0], x]
def whole(a): return a[:]
"""


@pytest.fixture(scope="module")
def student(one_sandbox: Sandbox) -> Any:
    with one_sandbox.open() as session:
        assert session.run_cell(STUDENT).error is None
        yield session


def call(student: Session, name: str, *arguments: Any) -> Any:
    return student.call(name, arguments, {})


def test_parts_of_a_result_are_shared(student: Session) -> None:
    grid = call(student, "grid", 2)
    grid[0][0] = 5
    assert grid == [[5, 0], [5, 0]]
    one, other = call(student, "two", 1)
    assert one is other


def test_a_result_has_the_callers_own_objects(student: Session) -> None:
    """Is a part of an argument in a result the caller's object, and a copy of it another?"""
    a = [[1], [2]]
    assert call(student, "first", a) is a[0]
    copied = call(student, "rows", a)
    assert copied is not a and copied[0] is a[0] and copied[1] is a[1]
    x, y = np.ones(2), {"k": [1]}
    first, both, named = call(student, "cache", x, y)
    assert first is y and both[0] is x and both[1] is y and named["a"] is x
    made = call(student, "pair", a, x)
    assert made.one is a and made.other[0] is x
    whole = call(student, "whole", a)
    assert whole == a and whole is not a and whole[0] is a[0]


def test_a_view_of_an_argument_is_a_view_of_the_callers_array(student: Session) -> None:
    for array in (
        np.arange(6.0).reshape(2, 3),
        np.arange(12.0).reshape(4, 3)[::2],
        np.arange(12).reshape(3, 4)[:, 1:3],
    ):
        turned = call(student, "backwards", array)
        assert np.array_equal(turned, array[::-1]) and np.shares_memory(turned, array)
        turned[0, 0] = 77
        assert array[-1, 0] == 77
        assert np.shares_memory(call(student, "first", array), array)
    array = np.arange(6.0).reshape(2, 3)
    assert np.shares_memory(call(student, "flat", array), array)
    # NumPy cannot view these entries in this order either
    flat = call(student, "flat", array.T)
    assert flat.tolist() == array.reshape(-1).tolist() or flat.tolist() == array.T.reshape(-1).tolist()
    assert not np.shares_memory(flat, array)
    texts = np.array(["a", "b"])
    assert np.shares_memory(call(student, "backwards", texts), texts)


def test_changes_reach_the_object_that_was_changed(student: Session) -> None:
    """After rows have moved, are they the same rows in other places?"""
    a = [[1], [2], [3]]
    before = list(a)
    call(student, "swap", a)
    assert a == [[3], [2], [1]] and a[0] is before[2] and a[2] is before[0] and before == [[1], [2], [3]]
    call(student, "insert", a)
    assert a[0] == [9] and a[1] is before[2] and before[2] == [3]
    row = a[1]
    call(student, "renew", a)
    assert a[0] == [9] and a[1] is row
    old = a[0]
    call(student, "renew", a)
    assert a[0] == old and a[0] is not old
    d = {"x": {"y": []}}
    inner, y = d["x"], d["x"]["y"]
    assert call(student, "inner", d) is inner and y == [1] and d["x"]["y"] is y
    b: list[Any] = []
    assert call(student, "give", b, y) is y and b[0] is y
    x = [4]
    got = call(student, "deep", [b], x)
    assert got[0] is b and got[1] is x and b[1] is x


def test_arguments_share_memory_in_the_session(student: Session) -> None:
    array = np.zeros((2, 2))
    row = array[0]
    student.run_cell("def both(a, row): row += 1; return a.sum(), np.shares_memory(a, row)")
    assert call(student, "both", array, row) == (2.0, True) and array.tolist() == [[1, 1], [0, 0]]
    assert np.shares_memory(call(student, "fill", array), array) and array.tolist() == [[2, 2], [1, 1]]
    student.run_cell("def one(a): a[0].append(1); return len(a[1])")
    assert call(student, "one", [[]] * 2) == 1


def test_a_result_that_contains_itself_is_told(student: Session) -> None:
    with pytest.raises(Exception, match="deep"):
        call(student, "loop", [1])
    assert call(student, "first", [[1]]) == [1]


def raw(payload: bytes) -> bytes:
    return struct.pack("<I", len(payload)) + payload


def text(word: str) -> bytes:
    return part(b"s", len(word)) + word.encode()


def answer(result: bytes, changed: bytes = part(b"d", 0)) -> bytes:
    return raw(part(b"t", 5) + text("result") + result + changed + EMPTY + b"N")


def change(number: int, value: bytes) -> bytes:
    return part(b"d", 1) + b"i\x01" + bytes((number,)) + value


HUGE = items(*[part(b"q", 0)] * 150_000)
FORGED_ANSWERS = {
    "a number that no argument has": answer(part(b"q", 99)),
    "a cycle through an argument": answer(b"N", change(0, items(part(b"q", 0)))),
    "a cycle through the result": answer(part(b"m", 0) + items(part(b"q", 0)), change(0, items(part(b"r", 0)))),
    "two large lists in each other": answer(HUGE, change(0, items(*[b"N"] * 150_000))),
    "a change of no argument": answer(b"N", change(99, EMPTY)),
    "an argument in a question": raw(
        part(b"t", 5) + text("ask") + b"i\x01\0" + text("__call__") + part(b"t", 1) + part(b"q", 0) + part(b"d", 0)
    ),
    "an argument in an output": raw(part(b"t", 2) + text("output") + part(b"q", 0)),
}


@pytest.mark.parametrize("forged", FORGED_ANSWERS.values(), ids=FORGED_ANSWERS)
def test_a_forged_answer_ends_the_session(one_sandbox: Sandbox, forged: bytes) -> None:
    with one_sandbox.open() as session:
        session.run_cell("import os, time\ndef f(a, g):\n    os.write(3, open('forged', 'rb').read()); time.sleep(9)")
        session.run_cell(f"open('forged', 'wb').write({forged!r})" if len(forged) < 5_000 else "pass")
        if len(forged) >= 5_000:
            session.run_cell(
                "import struct\npart = lambda tag, number: tag + struct.pack('<I', number)\n"
                "items = lambda *parts: part(b'l', len(parts)) + b''.join(parts)\n"
                "body = part(b't', 5) + part(b's', 6) + b'result' + items(*[part(b'q', 0)] * 150_000) + part(b'd', 1)"
                " + b'i\\x01\\0' + items(*[b'N'] * 150_000) + items() + b'N'\n"
                "open('forged', 'wb').write(part(b'', len(body)) + body)"
            )
        with pytest.raises(SessionEnded) as ended:
            session.call("f", ([1], abs), {})
        assert ended.value.reason == "protocol", ended.value
