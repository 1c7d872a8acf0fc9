"""Attacks with what a function returns, takes, remembers and asks for: the values that cross the wire."""

from __future__ import annotations

import pytest

from hostile import RIGHT, Arena, Attack

ALWAYS_TRUE = """
class Yes:
    def __eq__(self, other): return True
    __ne__ = __lt__ = __gt__ = __le__ = __ge__ = __eq__
    def __bool__(self): return True
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
    def __array__(self, *a, **k): return np.zeros((4, 7, 7, 2))
    def __len__(self): return 2
    def __iter__(self): return iter((self, self))
    def __hash__(self): return 1
"""
ARRAY = """
class A(np.ndarray):
    def __eq__(self, other): return np.ones(1, bool)
    __ne__ = __sub__ = __eq__
    def __array_ufunc__(self, ufunc, method, *inputs, **named): return np.zeros(1, bool)
    def __array_function__(self, function, types, args, kwargs): return True
    def tobytes(self, *a, **k): return b""
    def __reduce__(self): return (eval, ("open('<outside>/written', 'w')",))
    @property
    def shape(self): return (4, 7, 7, 2)
"""
LYING = """
class Lying:
    __class__ = np.ndarray
    shape, dtype, ndim, size = (4, 7, 7, 2), np.dtype(float), 4, 392
    def __reduce__(self): return (exec, ("open('<outside>/written', 'w').write('x')",))
    def __reduce_ex__(self, protocol): return self.__reduce__()
    def __getstate__(self): raise SystemExit
    def __deepcopy__(self, memo): raise SystemExit
"""
NUMBERS = """
class Int(int):
    def __eq__(self, other): return True
    def __index__(self): raise SystemExit
    def bit_length(self): return 1
    def to_bytes(self, *a, **k): return b"x" * 99
class Float(float):
    def __float__(self): return 0.0
    __eq__ = lambda self, other: True
    __hash__ = float.__hash__
class Text(str):
    def encode(self, *a): return b"\\xff"
    def __len__(self): return -1
"""
KEYS = """
class Key(str):
    def __hash__(self): return 7
    def __eq__(self, other): return True
class Dict(dict):
    def items(self): raise SystemExit
    def __len__(self): return 10**9
"""

RETURNED = {
    "an object that equals everything": (ALWAYS_TRUE, "Yes()", "got .*Yes"),
    "a pair of objects that equal everything": (ALWAYS_TRUE, "(Yes(), Yes())", "got .*tuple"),
    "an array subclass that equals everything": (ARRAY, "np.zeros((4, 7, 7, 2)).view(A)", "got .*A"),
    "an array subclass with the right numbers": (ARRAY, "X.copy().view(A)", "got .*A"),
    "an object that lies about its class": (LYING, "Lying()", "got .*Lying"),
    "an int subclass": (NUMBERS, "Int(3)", "got .*3"),
    "a float subclass": (NUMBERS, "Float(3)", "got .*3"),
    "a text subclass": (NUMBERS, "Text('abc')", "got .*str|TypeError"),
    "a dict with hostile keys": (KEYS, "{Key('a'): 1, Key('b'): 2}", "got .*dict"),
    "a dict subclass": (KEYS, "Dict(a=1)", "got .*dict"),
    "a dict whose keys collide": ("", "{(1 << 61) * i - i: i for i in range(2_000)}", "got .*dict"),
    "a class": (ALWAYS_TRUE, "Yes", "got .*type"),
    "a generator": ("", "(X for _ in range(2))", "got .*generator"),
    "a matrix": ("", "np.matrix(X[0, :, :, 0])", "got .*matrix"),
    "a masked array": ("", "np.ma.masked_all((4, 7, 7, 2))", "got .*MaskedArray"),
    "an object array": ("", "np.full((4, 7, 7, 2), object(), dtype=object)", "got .*ndarray"),
    "a structured array": ("", "np.zeros((4, 7, 7, 2), dtype=[('a', float)])", "got .*ndarray"),
    "an array of dates": ("", "np.zeros((4, 7, 7, 2), dtype='M8[s]')", "got times .dtype datetime64"),
    "an array of text": ("", "np.full((4, 7, 7, 2), 'x')", "got texts"),
    "a memory map": ("", "np.memmap('m', dtype=float, mode='w+', shape=(4, 7, 7, 2))", "got .*memmap"),
    "a memory map of another's file": (
        "",
        "np.memmap('<outside>/canary.txt', dtype='u1', mode='r+')",
        "FileNotFoundError|PermissionError",
    ),
    "not a number everywhere": ("", "np.full((4, 7, 7, 2), np.nan)", "not a number"),
    "infinity everywhere": ("", "np.full((4, 7, 7, 2), np.inf)", "got inf"),
    "an integer of a million digits": ("", "1 << 4_000_000", "got .*(int|1)"),
    "a view with strides of 0": ("", "np.broadcast_to(np.float64(1), (10**4, 10**4))", "too large"),
    "a list within itself": ("", "(lambda x: x.append(x) or x)([])", "nested too deeply"),
    "a million lists": ("", "[[] for _ in range(210_000)]", "too many parts"),
    "a remote function look-alike": (ALWAYS_TRUE, "zero_pad", "got .*function"),
}


@pytest.mark.parametrize(("definition", "value", "says"), RETURNED.values(), ids=RETURNED)
def test_what_is_returned(arena: Arena, definition: str, value: str, says: str) -> None:
    """Is a returned value that is not what it says it is worth a point?"""
    source = f"{definition}\ndef zero_pad(X, pad):\n    return {value}\n"
    result = arena.repel(Attack("returned", answers={"zero_pad": source}, earns={"zero_pad": 0}, says=says))
    assert not result.broken


NOT_FUNCTIONS = {
    "an object whose call is lost": (ALWAYS_TRUE, "Yes()", "got .*Yes"),
    "an array": ("", "np.zeros(3)", "expected a function, got .*array"),
    "a list": ("", "[1]", "expected a function, got .*list"),
    "None": ("", "None", "expected a function, got .*None"),
    "a class": ("class C:\n    def __init__(self, *a): pass", "C", "got .*C"),
    "a metaclass": ("class M(type):\n    def __call__(self, *a): return 1", "M('N', (), {})", "got .*(int|1)"),
    "a coroutine": ("async def f(X, pad): return X", "f", "got .*coroutine"),
    "a bound method": ("", "[].append", "TypeError"),
    "a callable whose attributes raise": (
        "class C:\n    def __getattribute__(self, name): raise SystemExit\n    def __call__(self, *a): return 1",
        "C()",
        "got .*(int|1)",
    ),
}


@pytest.mark.parametrize(("definition", "value", "says"), NOT_FUNCTIONS.values(), ids=NOT_FUNCTIONS)
def test_what_stands_under_the_name(arena: Arena, definition: str, value: str, says: str) -> None:
    """Is something that is no function under an exercise's name a wrong answer, told in words?"""
    source = f"{definition}\nzero_pad = {value}\n"
    result = arena.repel(Attack("name", answers={"zero_pad": source}, earns={"zero_pad": 0}, says=says))
    assert not result.broken


ARGUMENTS_CHANGED = {
    "grown": ("X.resize((10**3, 10, 10, 10), refcheck=False)", "raised ValueError"),
    "given another type": ("X.dtype = 'i8'", "raised ArgumentChanged"),
    "given a type that cannot be sent": ("X.dtype = 'V8'", "raised ArgumentChanged"),
    "overwritten": ("X[:] = np.nan", "argument 1 was changed"),
    "reshaped": ("X.shape = (-1,)", "argument 1 was changed"),
}


@pytest.mark.parametrize(("change", "says"), ARGUMENTS_CHANGED.values(), ids=ARGUMENTS_CHANGED)
def test_what_is_done_to_the_arguments(arena: Arena, change: str, says: str) -> None:
    """Is any change of an argument seen, although the argument is a copy in another process?"""
    answer = RIGHT["zero_pad"].replace("return", "answer =") + f"    {change}\n    return answer\n"
    seen = arena.grade(arena.notebook(Attack("arguments", answers={"zero_pad": answer}))).exercises[0]
    failed = [check for check in seen.test.checks if not check.passed]
    assert any("leaves" in check.sentence for check in failed)
    arena.repel(Attack("arguments", answers={"zero_pad": answer}, earns={"zero_pad": seen.score}, says=says))
