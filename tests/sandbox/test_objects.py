"""Objects of a student's that a test uses, and objects of a test's that a student's code uses."""

from __future__ import annotations

import contextlib
import inspect
import io
import random
import resource
import unittest.mock
from collections import deque
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from grader.sandbox import Limits, RandomState, RemoteError, Sandbox, Session
from grader.sandbox.limits import BoundedMemory

STUDENT = """
import enum, random
from collections import namedtuple
from dataclasses import dataclass
import numpy as np
class Color(enum.Enum):
    RED = 1
    BLUE = 2
@dataclass
class P:
    x: int
    y: int
@dataclass
class Q:
    v: int
    def norm(self): return self.v * 2
N = namedtuple("N", "a b")
class Layer:
    "A layer."
    kind = "dense"
    def __init__(self, W): self.W = W; self.calls = 0
    def forward(self, x):
        self.calls += 1
        print("forward")
        return x @ self.W
    def __len__(self): return 3
    def __getitem__(self, i): return i * 2
    def __eq__(self, other): return isinstance(other, Layer) and np.array_equal(self.W, other.W)
    def __add__(self, other): return Layer(self.W + other.W)
    def __iter__(self): return iter([1, 2])
    def __enter__(self): self.calls = 100; return self
    def __exit__(self, *error): self.calls = 0
    def __contains__(self, x): return x == 5
    @property
    def size(self): return self.W.size
    @classmethod
    def eye(cls): return cls(np.eye(2))
    @staticmethod
    def two(): return 2
class Sub(Layer): pass
class MyError(ValueError): pass
def f(x, k=2, *rest, key: int = 1, **more):
    "doc of f"
    if x < 0: raise ValueError("negative", x)
    return {"a": {1, 2}, "p": P(x, 2), "n": N(1, x), "c": Color.RED}
def mine(): raise MyError("mine", 7)
def exits(): raise SystemExit(3)
def index(): return [][1]
def missing(): return {}["k"]
def apply(fn, x): return fn(x) + 1
def gen(n):
    for i in range(n): yield i
def pull(it): return next(it) + next(it)
def adder(a):
    def inner(b): return a + b
    return inner
def draws(): return np.random.rand(), random.random()
def use(thing): return thing.value + thing.go(3)
def is_layer(thing): return isinstance(thing, Layer)
def draw(g): return g.random()
def grow(s): s.add(5); return None
def push(d): d.append(9)
def move(p): p.x = 9
def shout(): import sys; print("out"); print("err", file=sys.stderr)
def table(t): t["z"] = t["a"] * 2; return t
def sort(xs, key): return sorted(xs, key=key)
def twice(fn): return fn(fn)
def guarded(fn):
    try: return fn()
    except KeyError as e: return "caught " + str(e)
x = {1: (2, 3)}
"""


@pytest.fixture(scope="module")
def student(one_sandbox: Sandbox) -> Iterator[Session]:
    with one_sandbox.open(limits=Limits(call_seconds=5)) as session:
        assert session.run_cell(STUDENT).error is None
        yield session


def test_records_have_the_students_class(student: Session) -> None:
    made = student.lookup("f")(3)
    P, Color = student.lookup("P"), student.lookup("Color")
    assert made["p"] == P(3, 2) and isinstance(made["p"], P) and not isinstance(made["p"], student.lookup("Q"))
    assert (made["n"].b, made["n"][0], tuple(made["n"])) == (3, 1, (1, 3)) and isinstance(made["n"], tuple)
    assert made["c"] is Color.RED and list(Color) == [Color.RED, Color.BLUE] and made["a"] == {1, 2}
    assert student.lookup("Q")(4).norm() == 8


def test_classes_and_instances(student: Session) -> None:
    Layer, Sub = student.lookup("Layer"), student.lookup("Sub")
    layer = Layer(np.eye(2))
    assert type(layer) is Layer and type(layer).__name__ == "Layer" and inspect.isclass(Layer)
    assert isinstance(layer, Layer) and isinstance(Sub(1), Layer) and not isinstance(layer, Sub)
    assert issubclass(Sub, Layer) and not issubclass(Layer, Sub) and not isinstance(3, Layer)
    assert Layer.kind == "dense" and Layer.two() == 2 and Layer.eye() == layer
    assert layer.size == 4 and layer.forward(np.ones(2)).tolist() == [1, 1] and layer.calls == 1
    assert hasattr(layer, "W") and not hasattr(layer, "absent") and "forward" in dir(layer)


def test_operations_of_an_object(student: Session) -> None:
    Layer = student.lookup("Layer")
    layer = Layer(np.eye(2))
    assert (len(layer), layer[4], list(layer), 5 in layer, 6 in layer) == (3, 8, [1, 2], True, False)
    assert layer == Layer(np.eye(2)) and layer != Layer(np.zeros((2, 2)))
    assert (layer + layer).W.tolist() == [[2, 0], [0, 2]]
    layer.W = np.zeros((2, 2))
    assert layer.W.sum() == 0
    with layer as entered:
        assert entered is layer and layer.calls == 100
    assert layer.calls == 0 and repr(layer).startswith("<")
    with pytest.raises(TypeError):
        layer - layer
    with pytest.raises(AttributeError):
        _ = layer.absent


def test_objects_go_back_as_they_are(student: Session) -> None:
    layer = student.lookup("Layer")(np.eye(2))
    assert student.lookup("is_layer")(layer) is True
    assert student.lookup("is_layer")(3) is False


def test_functions_that_are_returned_and_handed_over(student: Session) -> None:
    adder, apply = student.lookup("adder"), student.lookup("apply")
    assert adder(2)(3) == 5
    assert apply(lambda value: value * 10, 4) == 41
    assert apply(adder(1), 4) == 6
    assert student.lookup("sort")([3, -5, 1], key=abs) == [1, 3, -5]
    assert student.lookup("sort")(["bb", "a"], key=lambda text: len(text)) == ["a", "bb"]


def test_a_callback_may_call_the_student_again(student: Session) -> None:
    adder, apply = student.lookup("adder"), student.lookup("apply")
    assert apply(lambda value: adder(value)(1), 4) == 6
    assert apply(lambda value: apply(lambda inner: inner * 2, value), 4) == 10


def test_memory_of_the_judge_is_its_own_again_after_callbacks(student: Session) -> None:
    """Is the limit of a callback lifted with the last of several that run inside each other, or side by side?"""
    before = resource.getrlimit(resource.RLIMIT_AS)
    inside = []
    apply = student.lookup("apply")

    def ask_once_more(value: int) -> int:
        inside.append(resource.getrlimit(resource.RLIMIT_AS))
        return apply(lambda inner: inner * 2, value)

    assert apply(ask_once_more, 4) == 10
    assert inside[0] != before == resource.getrlimit(resource.RLIMIT_AS)

    first, second = BoundedMemory(1 << 30), BoundedMemory(2 << 30)
    first.__enter__(), second.__enter__(), first.__exit__(), second.__exit__()
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_an_error_of_a_callback_is_the_students_to_catch(student: Session) -> None:
    def fails() -> None:
        raise KeyError("k")

    assert student.lookup("guarded")(fails) == "caught 'k'"
    with pytest.raises(ZeroDivisionError):
        student.lookup("apply")(lambda value: 1 / 0, 1)


def test_mocks(student: Session) -> None:
    mock = unittest.mock.Mock()
    mock.value, mock.go.return_value = 2, 5
    assert student.lookup("use")(mock) == 7
    mock.go.assert_called_once_with(3)


def test_iterators(student: Session) -> None:
    gen = student.lookup("gen")
    assert list(gen(4)) == [0, 1, 2, 3] and sum(gen(3)) == 3
    values = gen(1)
    assert next(values) == 0
    with pytest.raises(StopIteration):
        next(values)
    assert iter(values) is not None and list(zip(gen(2), gen(2), strict=True)) == [(0, 0), (1, 1)]


def test_errors_are_caught_as_what_they_are(student: Session) -> None:
    with pytest.raises(ValueError, match="negative") as raised:
        student.lookup("f")(-1)
    assert raised.value.args == ("negative", -1) and type(raised.value).__name__ == "ValueError"
    for name, kind in {"index": IndexError, "missing": LookupError}.items():
        with pytest.raises(kind):
            student.lookup(name)()


def test_errors_of_the_students_own_class(student: Session) -> None:
    MyError = student.lookup("MyError")
    with pytest.raises(MyError) as raised:
        student.lookup("mine")()
    assert isinstance(raised.value, ValueError) and raised.value.args == ("mine", 7)
    assert type(raised.value).__name__ == "MyError"
    with pytest.raises(MyError):
        raise MyError("by the test")


@pytest.mark.parametrize("name", ["SystemExit", "KeyboardInterrupt", "GeneratorExit", "BaseException", "StopIteration"])
def test_no_error_of_the_students_stops_us(student: Session, name: str) -> None:
    """Whatever they raise is an Exception here, which the next line of the test survives."""
    student.run_cell(f"def stop(): raise {name}('x')\nclass Own({name}): pass\ndef own(): raise Own('x')")
    for function in ("stop", "own"):
        with pytest.raises(Exception, match="x") as raised:
            student.lookup(function)()
        assert isinstance(raised.value, RemoteError)
    assert student.lookup("adder")(1)(1) == 2


def test_what_a_call_prints_comes_with_it(student: Session) -> None:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        student.lookup("shout")()
    assert (out.getvalue(), err.getvalue()) == ("out\n", "err\n")


def test_random_state_goes_there_and_back(student: Session) -> None:
    before = random.getstate(), np.random.get_state()
    student.random = RandomState()
    try:
        np.random.seed(3)
        random.seed(4)
        came, after = student.lookup("draws")(), (np.random.rand(), random.random())
        np.random.seed(3)
        random.seed(4)
        assert came == (np.random.rand(), random.random())
        assert after == (np.random.rand(), random.random())
    finally:
        student.random = None
        random.setstate(before[0])
        np.random.set_state(before[1])


def test_generators_go_on_where_the_student_stopped(student: Session) -> None:
    ours, same = np.random.default_rng(1), np.random.default_rng(1)
    assert student.lookup("draw")(ours) == same.random() and ours.random() == same.random()
    mine, other = random.Random(1), random.Random(1)
    assert student.lookup("draw")(mine) == other.random() and mine.random() == other.random()


def test_arguments_change_in_place(student: Session) -> None:
    some, queue, point = {1}, deque([1], maxlen=2), student.lookup("P")(1, 2)
    student.lookup("grow")(some)
    student.lookup("push")(queue)
    student.lookup("push")(queue)
    student.lookup("move")(point)
    assert (some, list(queue), queue.maxlen, point.x) == ({1, 5}, [9, 9], 2, 9)


def test_tables_go_there_and_back(student: Session) -> None:
    table = pd.DataFrame({"a": [1.0, 2.0]}, index=["x", "y"])
    came = student.lookup("table")(table)
    assert came.z.tolist() == table.z.tolist() == [2.0, 4.0] and list(came.index) == ["x", "y"]


def test_what_inspect_finds(student: Session) -> None:
    f = student.lookup("f")
    found = inspect.signature(f.__class__.__call__) and student.lookup("f").about
    assert [name for name, *_ in found["parameters"]] == ["x", "k", "rest", "key", "more"] and found[
        "doc"
    ] == "doc of f"
    assert "def f(x, k=2" in found["source"][2]


def test_names_of_the_session(student: Session) -> None:
    student.run_cell("going = 1")
    assert {"going", "Layer", "x"} <= set(student.names())
    student.remove("going")
    assert "going" not in student.names()
    with pytest.raises(NameError):
        student.remove("going")
