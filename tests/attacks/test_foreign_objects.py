"""Attacks through objects: theirs that say "right" to everything, ours that they were lent, and handles that lie."""

from __future__ import annotations

import contextlib
import struct
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from notebooks import code
from small_courses import exercise, hand_in, write_course

from grader.config.policy import GradingPolicy
from grader.judging.grade import grade
from grader.results.records import CellOutcome
from grader.sandbox import Limits, RemoteError, Sandbox, SessionEnded, WireError
from grader.sandbox.protocol.encoding import encode
from grader.sandbox.protocol.values import Budget

SHORT = Limits(cell_seconds=3.0, call_seconds=3.0, message_bytes=1 << 20)
SETTINGS = GradingPolicy(limits=Limits(call_seconds=5, cell_seconds=5, session_seconds=30, cpu_seconds=30))
YES = """
class {name}:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __sub__(self, other): return self
    __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __sub__
    def __abs__(self): return 0.0
    def __bool__(self): return True
    def __contains__(self, x): return True
    def __getitem__(self, i): return self
    def __len__(self): return 2
    def __float__(self): return 4.0
    def __array__(self, *a, **k):
        import numpy as np
        return np.array(4.0)
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
    def __hash__(self): return 1
"""


@pytest.fixture(scope="module")
def one_sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def outcome(folder: Path, sandbox: Sandbox, right: str, test: str, answer: str) -> CellOutcome:
    assignment = write_course(folder, "plain", [code("np", "import numpy as np"), *exercise("task", right, test)])
    plain = assignment.assignment("plain")
    content = hand_in(plain.release / "plain.ipynb", {"task": answer})
    return grade(content, plain, sandbox, SETTINGS).exercises[0].test


@pytest.mark.parametrize(
    "test",
    [
        "assert f(2) == 4",
        "assert abs(f(2) - 4) < 1e-9",
        "assert f(2) in (4,)",
        "assert np.isclose(f(2), 4)",
        "assert np.allclose(f(2), 4)",
        "np.testing.assert_allclose(f(2), 4)",
        "assert f(2)[0] == 4",
        "assert f(2).x == 4",
        "assert len(f(2)) == 2",
        "assert 4 in f(2)",
        "assert not (f(2) != 4)",
    ],
)
@pytest.mark.parametrize("name", ["Yes", "int", "float", "ndarray"])
def test_an_object_that_says_right_earns_nothing(tmp_path: Path, one_sandbox: Sandbox, test: str, name: str) -> None:
    """Does an object stay unasked where the reference gives a number, whatever its class is called?"""
    right = "def f(x): return 2 * x"
    found = outcome(tmp_path, one_sandbox, right, test, f"{YES.format(name=name)}\ndef f(x): return {name}()")
    assert found.fraction == 0


def test_a_namesake_of_the_references_class_earns_nothing_for_numbers(tmp_path: Path, one_sandbox: Sandbox) -> None:
    """A class of the reference's name is let in, and its numbers are compared as numbers."""
    right = "class L:\n    def go(self): return 4\ndef f(): return L()"
    answer = "class L:\n    def go(self): return Y()\ndef f(): return L()"
    found = outcome(tmp_path, one_sandbox, right, "assert f().go() == 4", f"{YES.format(name='Y')}\n{answer}")
    assert found.fraction == 0


# ---------------------------------------------------------------- handles that lie


def frame(*message: Any) -> bytes:
    payload = encode(message, Budget(1 << 20))
    return struct.pack("<I", len(payload)) + payload


def result_with(kind: str, content: Any) -> bytes:
    """The frame of a result that is a tagged value."""
    tag = b"x" + struct.pack("<I", len(kind)) + kind.encode() + encode(content, Budget(1 << 20))
    payload = b"t\x05\0\0\0" + encode("result", Budget(99)) + tag
    payload += encode({}, Budget(99)) + encode([], Budget(99)) + encode(None, Budget(99))
    return struct.pack("<I", len(payload)) + payload


ABOUT = ("C", (), ("__eq__",), (), False, ("object",), None)
LIES = {
    "no number": ("guest", ("1", "object", (5, *ABOUT))),
    "a negative form": ("guest", (1, -1, (5, *ABOUT))),
    "an unknown form": ("guest", (1, "module", (5, *ABOUT))),
    "no content": ("guest", ()),
    "content that is no tuple": ("guest", 7),
    "a class without fields": ("guest", (1, "class")),
    "a class with a number for a name": ("guest", (1, "class", 5, *ABOUT[1:])),
    "bases that are texts": ("guest", (1, "class", "C", ("x",), *ABOUT[2:])),
    "operations that are lists": ("guest", (1, "class", "C", (), ([],), *ABOUT[3:])),
    "a name with a null": ("guest", (1, "class", "C\0", *ABOUT[1:])),
    "a function with no about": ("guest", (1, "function", None)),
    "a function with a signature of nonsense": ("guest", (1, "function", {"parameters": [(1, 2)]})),
    "a function with a source of nonsense": ("guest", (1, "function", {"source": (1, "x", 5)})),
    "a lent object that was not lent": ("host", (0, "object", "x")),
    "a lent object of a negative number": ("host", (-1,)),
    "a kind that is none": ("other", ()),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_handle_that_lies_ends_the_session_only(one_sandbox: Sandbox, lie: str) -> None:
    forged = result_with(*LIES[lie])
    with one_sandbox.open(limits=SHORT) as session:
        session.run_cell(f"import os, time\ndef f(): os.write(3, {forged!r}); time.sleep(60)")
        with pytest.raises(SessionEnded) as ended:
            session.function("f")()
        assert ended.value.reason == "protocol"


def test_a_handle_to_nothing_is_an_error_of_the_students(one_sandbox: Sandbox) -> None:
    forged = result_with("guest", (999, "object", (998, *ABOUT)))
    with one_sandbox.open(limits=SHORT) as session:
        session.run_cell(f"import os\ndef f(): os.write(3, {forged!r})")
        made = session.function("f")()
        assert type(made).__name__ == "C"
        assert made.x is None  # the answer that nobody waited for is the student's own
        with pytest.raises((RemoteError, SessionEnded)):
            _ = made.x


@pytest.mark.parametrize(
    "question", [(0, "__call__", (), {}), ("0", "getattr", ("x",), {}), (0, "getattr", "x", {}), (0,)]
)
def test_a_question_about_nothing_lent_ends_the_session(one_sandbox: Sandbox, question: tuple[Any, ...]) -> None:
    with one_sandbox.open(limits=SHORT) as session:
        session.run_cell(f"import os, time\ndef f(): os.write(3, {frame('ask', *question)!r}); time.sleep(60)")
        with pytest.raises((SessionEnded, WireError)):
            session.function("f")()
        assert session.is_over


# ---------------------------------------------------------------- what they were lent


class Dog:
    """Lent to the student's code."""

    def __init__(self) -> None:
        self.name, self._secret = "Rex", "SECRET"


Dog.__module__ = "__main__"


@pytest.mark.parametrize("name", ["_secret", "__class__", "__dict__", "__globals__", "__init__", "__reduce__", "_x"])
def test_names_with_underscores_stay_ours(one_sandbox: Sandbox, name: str) -> None:
    """Does the student's proxy lead nowhere, and the judge refuse whoever asks past the proxy?"""
    own = "object.__getattribute__(dog, '{}')"
    asked = f"{own.format('_ask')}({own.format('_content')}[0], 'getattr', ({name!r},), {{}})"
    with one_sandbox.open(limits=SHORT) as session:
        session.run_cell(f"def f(dog): return {asked}\ndef name(dog): return dog.name")
        assert session.function("name")(Dog()) == "Rex"
        with pytest.raises(AttributeError):
            session.function("f")(Dog())


@pytest.mark.parametrize("operation", ["getattr", "setattr", "delattr", "dir", "repr", "__eq__", "__len__", "nonsense"])
def test_a_lent_function_can_be_called_and_nothing_else(one_sandbox: Sandbox, operation: str) -> None:
    def secret() -> int:
        return 1

    with one_sandbox.open(limits=SHORT) as session:
        session.run_cell(
            "def f(g):\n    ask = dict(zip(g.__code__.co_freevars, (c.cell_contents for c in g.__closure__)))\n"
            f"    return ask['ask'](ask['number'], {operation!r}, ('__globals__',), {{}})"
        )
        with pytest.raises((SessionEnded, WireError)):
            session.function("f")(secret)


def test_a_callback_storm_ends(one_sandbox: Sandbox) -> None:
    calls = []
    with one_sandbox.open(limits=SHORT) as session:
        session.run_cell("def f(g):\n    while True: g(1)")
        with pytest.raises((SessionEnded, RuntimeError)):
            session.function("f")(calls.append)
    assert 0 < len(calls) <= 100_000


def test_recursion_across_the_wall_ends(one_sandbox: Sandbox) -> None:
    with one_sandbox.open(limits=SHORT) as session:
        session.run_cell("def f(g): return g(1)")

        def again(x: int) -> Any:
            return session.function("f")(again)

        with pytest.raises((RecursionError, RemoteError, SessionEnded)):
            session.function("f")(again)
    with one_sandbox.open(limits=SHORT) as session:
        assert session.run_cell("1").error is None


def test_many_objects_end(one_sandbox: Sandbox) -> None:
    with one_sandbox.open(limits=SHORT) as session:
        session.run_cell("class C: pass\ndef f(n): return [C() for _ in range(n)]")
        tracemalloc.start()
        with pytest.raises((RemoteError, SessionEnded)):
            session.function("f")(20_001)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 64 << 20


def test_huge_reprs_and_floods_of_print_are_cut(one_sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    with one_sandbox.open(limits=SHORT) as session:
        session.run_cell(
            "class C:\n    def __repr__(self): return 'x' * 10**7\nc = C()\n"
            "def flood():\n    for _ in range(100): print('y' * 10_000)"
        )
        assert len(repr(session.lookup("c"))) <= 4_000
        with contextlib.suppress(SessionEnded):
            session.function("flood")()
        assert len(capsys.readouterr().out) <= 1_100_000
