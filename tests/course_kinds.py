# ruff: noqa: E501 - a cell stands on a line
"""Exercises as public nbgrader courses have them: cells of several habits at once, each with a right and a wrong answer."""

from __future__ import annotations

from small_assignments import Small, f

NP, PD = "import numpy as np", "import pandas as pd"
HELP = "def assert_close(a, b, tol=1e-8):\n    assert abs(a - b) < tol, f'{a} is not {b}'"
ACCOUNT = """\
class Account:
    '''An account.'''
    count = 0
    def __init__(self, owner, balance=0):
        self.owner, self._balance = owner, balance
        Account.count += 1
    @property
    def balance(self):
        return self._balance
    @classmethod
    def empty(cls, owner):
        return cls(owner)
    @staticmethod
    def fee():
        return {fee}
    def deposit(self, amount):
        if amount <= 0:
            raise ValueError('amount must be positive')
        self._balance += amount {twice}
        return self
    def __repr__(self):
        return f'Account({{self.owner!r}}, {{self._balance}})'
    def __eq__(self, other):
        return isinstance(other, Account) and self._balance == other._balance
    def __lt__(self, other):
        return self._balance < other._balance
    def __len__(self):
        return 3
    def __add__(self, other):
        return Account(self.owner, self._balance + other._balance)
    def __iter__(self):
        return iter([self.owner, self._balance])
    def __getitem__(self, key):
        return {{'owner': self.owner}}[key]
    def __contains__(self, key):
        return key == self.owner
    def __call__(self, x):
        return x + self._balance
"""

COURSE_KINDS: dict[str, Small] = {
    # ---- how answers are asked for
    "isinstance of the answer": Small("a = [1, 2]", "a = (1, 2)", "assert isinstance(a, list)\nassert len(a) == 2"),
    "type of the answer": Small("a = 1.5", "a = '1.5'", "assert type(a) == float\nassert type(a) is float"),
    "type's name": Small("a = {1: 2}", "a = [1]", "assert type(a).__name__ == 'dict', type(a)"),
    "name is there": Small(
        "total = 3", "totel = 3", "assert 'total' in globals()\nassert 'total' in dir() and total == 3"
    ),
    "name is there, else a message": Small(
        "total = 3", "", "try:\n    total\nexcept NameError:\n    assert False, 'define total'\nassert total == 3"
    ),
    "several answers in a cell": Small(
        "a = 1\nb = a + 1\nc = [a, b]", "a = 0\nb = 5\nc = []", "assert (a, b) == (1, 2)\nassert c == [1, 2]"
    ),
    "answer that is printed": Small("x = 3\nprint(f'x is {x}')", "x = 4\nprint(x)", "assert x == 3, 'x should be 3'"),
    "hash of a rounded number": Small(
        "answer = 2 / 3",
        "answer = 0.67",
        "from hashlib import sha256\nassert sha256(str(round(answer, 4)).encode('utf-8')).hexdigest() == "
        "'" + __import__("hashlib").sha256(b"0.6667").hexdigest() + "', 'wrong'",
    ),
    "hash of a sorted list": Small(
        "answer = ['b', 'a']",
        "answer = ['a']",
        "import hashlib\nassert hashlib.sha1(','.join(sorted(answer)).encode()).hexdigest() == "
        "'" + __import__("hashlib").sha1(b"a,b").hexdigest() + "'",
    ),
    "hash of the type and the value": Small(
        "answer = np.float64(0.5)",
        "answer = 'half'",
        "from hashlib import sha1\nassert sha1(str(type(answer)).encode('utf-8') + b'x').hexdigest() == "
        "'" + __import__("hashlib").sha1(b"<class 'numpy.float64'>x").hexdigest() + "'",
        given=NP,
    ),
    "hash of an array's bytes": Small(
        "a = np.arange(4)",
        "a = np.ones(4, int)",
        "import hashlib\nassert hashlib.md5(a.astype('<i8').tobytes()).hexdigest() == "
        "'" + __import__("hashlib").md5(b"".join(i.to_bytes(8, "little") for i in range(4))).hexdigest() + "'",
        given=NP,
    ),
    "multiple choice": Small("choice = 'B'", "choice = 'A'", "assert choice.strip().upper() in ('B', 'D')"),
    "set answer at the top": Small("found = {1, 2} | {3}", "found = {1}", "assert found == {1, 2, 3} and 3 in found"),
    "lambda at the top": Small("g = lambda x: x ** 2", "g = lambda x: x", "assert callable(g) and g(3) == 9"),
    "comprehension over the answer": Small(
        "rows = [{'a': 1}, {'a': 2}]",
        "rows = [{'a': 1}]",
        "assert [r['a'] for r in rows] == [1, 2]\nassert all('a' in r for r in rows) and {r['a'] for r in rows} == {1, 2}",
    ),
    # ---- test cells
    "unittest": f(
        "x + 1",
        "x",
        "import unittest\ntc = unittest.TestCase()\ntc.assertEqual(f(1), 2)\ntc.assertAlmostEqual(f(0.1), 1.1)\n"
        "tc.assertIsInstance(f(1), int)\nwith tc.assertRaises(TypeError):\n    f('a')",
    ),
    "nose": f(
        "x + 1", "x", "from numpy.testing import assert_equal, assert_\nassert_equal(f(1), 2)\nassert_(f(2) == 3)"
    ),
    "np.testing": Small(
        "def f(x):\n    return x / x.sum(axis=1, keepdims=True)",
        "def f(x):\n    return x / x.sum()",
        "X = np.array([[1., 3.], [2., 2.]])\nnp.testing.assert_allclose(f(X), [[.25, .75], [.5, .5]], rtol=1e-7)\n"
        "np.testing.assert_array_almost_equal(f(X).sum(axis=1), np.ones(2))\nassert f(X).dtype == np.float64",
        given=NP,
    ),
    "np.isclose on the answer": f(
        "np.sqrt(x)",
        "x",
        "assert np.isclose(f(2), 1.41421356) and np.allclose(f(np.ones(3)), 1) and f(4.).item() == 2",
        given=NP,
    ),
    "loop with a table of cases": f(
        "x % 2 == 0",
        "x > 100",
        "for given, wanted in [(2, True), (3, False), (0, True)]:\n"
        "    got = f(given)\n    assert got == wanted, 'f({}) gave {}'.format(given, got)",
    ),
    "test function that is called": f(
        "x + 1",
        "x",
        "def test_f():\n    '''Tests f.'''\n    assert f(1) == 2\n    assert f(-1) == 0\n\ntest_f()\nprint('Passed!')",
    ),
    "class of the test": f(
        "x.area()",
        "0",
        "class Square:\n    def __init__(self, a):\n        self.a = a\n    def area(self):\n        return self.a ** 2\n"
        "assert f(Square(3)) == 9",
    ),
    "try and except with else": Small(
        "def f(x):\n    if not isinstance(x, int):\n        raise TypeError('int please')\n    return x",
        "def f(x):\n    return x",
        "try:\n    f('a')\nexcept TypeError as e:\n    assert 'int' in str(e)\nelse:\n    raise AssertionError('no TypeError')",
    ),
    "pytest.raises": Small(
        "def f(x):\n    if x < 0:\n        raise ValueError('x is negative')\n    return x ** 0.5",
        "def f(x):\n    return abs(x) ** 0.5",
        "import pytest\nwith pytest.raises(ValueError, match='negative') as info:\n    f(-1)\nassert 'x is' in str(info.value)",
    ),
    "own exception": Small(
        "class TooSmall(ValueError):\n    def __init__(self, n):\n        super().__init__(f'{n} is too small')\n        self.n = n\n"
        "def f(x):\n    if x < 1:\n        raise TooSmall(x)\n    return x",
        "class TooSmall(ValueError):\n    pass\ndef f(x):\n    return x",
        "assert issubclass(TooSmall, ValueError)\ntry:\n    f(0)\n    ok = False\n"
        "except TooSmall as error:\n    ok = str(error) == '0 is too small'\nassert ok",
    ),
    "AssertionError of the student's": Small(
        "def f(x):\n    assert x > 0, 'positive please'\n    return x",
        "def f(x):\n    return x",
        "ok = False\ntry:\n    f(-1)\nexcept AssertionError:\n    ok = True\nassert ok",
    ),
    "warnings": Small(
        "import warnings\ndef f(x):\n    if x < 0:\n        warnings.warn('negative', UserWarning)\n    return abs(x)",
        "def f(x):\n    return x",
        "import warnings\nwith warnings.catch_warnings(record=True) as seen:\n    warnings.simplefilter('always')\n"
        "    assert f(-1) == 1\nassert len(seen) == 1 and 'negative' in str(seen[0].message)",
        carried=False,
    ),
    "StringIO for stdout": Small(
        "def f(n):\n    for i in range(n):\n        print(i, end=' ')",
        "def f(n):\n    print(n)",
        "import io, sys\nold, sys.stdout = sys.stdout, io.StringIO()\nf(3)\nout = sys.stdout.getvalue()\nsys.stdout = old\n"
        "assert out.strip() == '0 1 2', out",
    ),
    "mocked print": Small(
        "def f(x):\n    print('Hi', x)",
        "def f(x):\n    print('Ho', x)",
        "from unittest.mock import patch\nwith patch('builtins.print') as fake:\n    f('Ada')\nfake.assert_called_with('Hi', 'Ada')",
        carried=False,
    ),
    "mocked input": Small(
        "def f():\n    return int(input('n: ')) * 2",
        "def f():\n    return 5",
        "from unittest.mock import patch\nwith patch('builtins.input', return_value='4'):\n    assert f() == 8",
        carried=False,
    ),
    "mock as an argument": Small(
        "def f(log):\n    log.info('start')\n    return log.value",
        "def f(log):\n    return 0",
        "from unittest.mock import Mock\nlog = Mock(value=7)\nassert f(log) == 7\nlog.info.assert_called_once_with('start')",
    ),
    "helper of the student's replaced": Small(
        "def g(x):\n    return x + 1\ndef f(x):\n    return 2 * g(x)",
        "def g(x):\n    return x + 1\ndef f(x):\n    return 2 * (x + 1)",
        "old = g\ng = lambda x: 10\nassert f(1) == 20\ng = old",
        carried=False,
    ),
    "helper of the student's deleted": Small(
        "def g(x):\n    return x + 1\ndef f(x):\n    return 2 * g(x)",
        "def g(x):\n    return x + 1\ndef f(x):\n    return 2 * (x + 1)",
        "import types\nold = g\ndel g\ntry:\n    f(1)\nexcept NameError:\n    pass\n"
        "else:\n    raise AssertionError('f does not call g')\nfinally:\n    g = old",
    ),
    "source of the function": Small(
        "def f(n):\n    return 1 if n < 2 else n * f(n - 1)",
        "def f(n):\n    out = 1\n    for i in range(2, n + 1):\n        out *= i\n    return out",
        "import inspect\nsource = inspect.getsource(f)\nassert 'for ' not in source and source.count('f(') >= 2\nassert f(5) == 120",
    ),
    "syntax tree of the function": Small(
        "def f(x):\n    return [v * 2 for v in x]",
        "def f(x):\n    out = []\n    for v in x:\n        out.append(v * 2)\n    return out",
        "import ast, inspect\ntree = ast.parse(inspect.getsource(f))\n"
        "assert any(isinstance(n, ast.ListComp) for n in ast.walk(tree))\nassert f([1]) == [2]",
    ),
    "code object": Small(
        "def f(a, b=2, *, c=3):\n    '''Adds.'''\n    return a + b + c",
        "def f(a, b, c):\n    return a + b + c",
        "assert f.__code__.co_argcount == 2 and f.__defaults__ == (2,) and f.__doc__ == 'Adds.' and f.__name__ == 'f'\n"
        "import inspect\nassert inspect.getfullargspec(f).kwonlyargs == ['c'] and f(1) == 6",
        carried=False,
    ),
    "annotations": Small(
        "def f(x: int, y: str = 'a') -> str:\n    return y * x",
        "def f(x, y):\n    return y * x",
        "assert f.__annotations__ == {'x': int, 'y': str, 'return': str}\nassert f(2) == 'aa'",
    ),
    "hidden lines with a loop": f(
        "x ** 2",
        "x * 2",
        "assert f(2) == 4, 'public'\n### BEGIN HIDDEN TESTS\nfor i in range(3, 6):\n    assert f(i) == i * i\n### END HIDDEN TESTS",
    ),
    # ---- values
    "str with format": f("f'{x:.2f}'", "str(x)", "assert f(1 / 3) == '0.33' and isinstance(f(1), str)"),
    "nested dict": Small(
        "def f(text):\n    out = {}\n    for w in text.split():\n        out.setdefault(w[0], {}).setdefault(w, 0)\n"
        "        out[w[0]][w] += 1\n    return out",
        "def f(text):\n    return {}",
        "assert f('ab ac ab') == {'a': {'ab': 2, 'ac': 1}}",
    ),
    "Counter": Small(
        "from collections import Counter\ndef f(x):\n    return Counter(x)",
        "def f(x):\n    return {}",
        "assert f('aab')['a'] == 2 and f('aab').most_common(1) == [('a', 2)] and f('ab')['z'] == 0",
    ),
    "defaultdict": Small(
        "from collections import defaultdict\ndef f(pairs):\n    out = defaultdict(list)\n    for k, v in pairs:\n"
        "        out[k].append(v)\n    return out",
        "def f(pairs):\n    return dict(pairs)",
        "from collections import defaultdict\nd = f([('a', 1), ('a', 2)])\nassert isinstance(d, defaultdict)\n"
        "assert d['a'] == [1, 2] and d['none'] == []",
    ),
    "OrderedDict": Small(
        "from collections import OrderedDict\ndef f(d):\n    return OrderedDict(sorted(d.items()))",
        "from collections import OrderedDict\ndef f(d):\n    return OrderedDict(d)",
        "assert list(f({'b': 1, 'a': 2})) == ['a', 'b'] and list(f({'b': 1, 'a': 2}).items())[0] == ('a', 2)",
    ),
    "namedtuple": Small(
        "from collections import namedtuple\nPoint = namedtuple('Point', 'x y')\ndef f(x):\n    return Point(x, -x)",
        "def f(x):\n    return (x, x)",
        "p = f(2)\nassert p.x == 2 and p.y == -2 and p == (2, -2) and p._fields == ('x', 'y')\na, b = p\nassert a == 2",
    ),
    "dataclass": Small(
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: float\n    y: float = 0.0\n"
        "    def norm(self):\n        return (self.x ** 2 + self.y ** 2) ** 0.5",
        "class P:\n    def __init__(self, x, y=0):\n        self.x = x\n    def norm(self):\n        return self.x",
        "p = P(3.0, 4.0)\nassert p.norm() == 5 and p == P(3.0, 4.0) and p.y == 4 and repr(p) == 'P(x=3.0, y=4.0)'\n"
        "p.x = 0\nassert p.norm() == 4",
    ),
    "Enum": Small(
        "from enum import Enum\nclass Color(Enum):\n    RED = 1\n    BLUE = 2\ndef f(x):\n    return Color(x)",
        "from enum import Enum\nclass Color(Enum):\n    RED = 1\ndef f(x):\n    return Color.RED",
        "assert f(2).name == 'BLUE' and f(2) is Color.BLUE and f(1) == Color.RED and Color['RED'].value == 1\n"
        "assert [c.name for c in Color] == ['RED', 'BLUE'] and len(Color) == 2",
    ),
    "Decimal": Small(
        "from decimal import Decimal\ndef f(x):\n    return Decimal(x) + Decimal('0.2')",
        "def f(x):\n    return float(x) + 0.2",
        "from decimal import Decimal\nassert f('0.1') == Decimal('0.3') and isinstance(f('0'), Decimal)",
    ),
    "datetime": Small(
        "from datetime import datetime, timedelta\ndef f(text):\n    return datetime.strptime(text, '%Y-%m-%d') + timedelta(days=1)",
        "def f(text):\n    return text",
        "import datetime as dt\nassert f('2024-02-28') == dt.datetime(2024, 2, 29) and f('2024-01-01').strftime('%d') == '02'\n"
        "assert f('2024-01-01').weekday() == 1",
    ),
    "datetime64": Small(
        "def f(days):\n    return np.array(days, dtype='datetime64[D]')",
        "def f(days):\n    return days",
        "d = f(['2024-01-01', '2024-01-03'])\nassert d[1] - d[0] == np.timedelta64(2, 'D') and d.dtype.kind == 'M'\n"
        "assert np.diff(d).astype(int).tolist() == [2]",
        given=NP,
    ),
    "masked array": Small(
        "def f(x):\n    return np.ma.masked_less(x, 0)",
        "def f(x):\n    return x",
        "m = f(np.array([-1., 2.]))\nassert m.mask.tolist() == [True, False] and m.mean() == 2 and np.ma.is_masked(m)",
        given=NP,
    ),
    "array of texts": f(
        "np.array([str(v) for v in x])",
        "np.array(x)",
        "assert f([1, 22]).dtype.kind == 'U' and f([1])[0] == '1'",
        given=NP,
    ),
    "complex numbers": f(
        "np.roots(x)",
        "np.array(x)",
        "assert np.allclose(sorted(f([1, 0, 1]), key=lambda z: z.imag), [-1j, 1j])\nassert f([1, 0, 1]).dtype == complex",
        given=NP,
    ),
    "structured array": Small(
        "a = np.array([(1, 2.5)], dtype=[('n', int), ('v', float)])",
        "a = np.array([(1, 2.5)])",
        "assert a['v'][0] == 2.5 and a.dtype.names == ('n', 'v')",
        given=NP,
    ),
    "array with objects": Small(
        "a = np.array([{'x': 1}, None], dtype=object)",
        "a = np.array([1, 2])",
        "assert a[0]['x'] == 1 and a[1] is None",
        given=NP,
    ),
    "NaN in the answer": Small(
        "def f(x):\n    return np.where(x < 0, np.nan, x)",
        "def f(x):\n    return x",
        "r = f(np.array([-1., 4.]))\nassert np.isnan(r[0]) and r[1] == 4\nnp.testing.assert_array_equal(r, [np.nan, 4])",
        given=NP,
    ),
    "very large number": f("x ** 100", "x", "assert f(7) == 7 ** 100"),
    "bytes": f("x.encode()", "x", "assert f('é') == b'\\xc3\\xa9' and len(f('é')) == 2"),
    "array that is changed in place": Small(
        "def f(a):\n    a[a < 0] = 0",
        "def f(a):\n    return np.maximum(a, 0)",
        "a = np.array([-1., 2.])\nassert f(a) is None\nassert a.tolist() == [0, 2]",
        given=NP,
    ),
    "same object comes back": Small(
        "def f(a):\n    a.append(1)\n    return a",
        "def f(a):\n    return a + [1]",
        "a = []\nb = f(a)\nassert b is a and a == [1]",
        carried=False,
    ),
    "argument left alone": Small(
        "def f(a):\n    return sorted(a)",
        "def f(a):\n    a.sort()\n    return a",
        "a = [2, 1]\nassert f(a) == [1, 2]\nassert a == [2, 1], 'changed'\nassert f(a) is not a",
    ),
    # ---- objects
    "class with everything": Small(
        ACCOUNT.format(fee=2, twice=""),
        ACCOUNT.format(fee=3, twice="* 2"),
        "a = Account('Ada', 5)\na.deposit(5).deposit(1)\nassert a.balance == 11 and a.owner == 'Ada' and Account.fee() == 2\n"
        "assert repr(a) == \"Account('Ada', 11)\" and len(a) == 3 and (a + a).balance == 22 and list(a) == ['Ada', 11]\n"
        "assert a['owner'] == 'Ada' and 'Ada' in a and a(1) == 12 and Account.empty('B') == Account('C', 0)\n"
        "assert Account('x', 1) < a and sorted([a, Account('y', 2)])[0].owner == 'y' and isinstance(a, Account)\n"
        "assert hasattr(a, 'deposit') and not hasattr(a, 'withdraw') and callable(a.deposit) and Account.__doc__ == 'An account.'\n"
        "try:\n    a.deposit(-1)\n    assert False\nexcept ValueError:\n    pass\na.owner = 'Eve'\nassert a.owner == 'Eve'\n"
        "try:\n    a.balance = 3\n    assert False, 'read only'\nexcept AttributeError:\n    pass",
    ),
    "subclass of a given class": Small(
        "class Dog(Animal):\n    def speak(self):\n        return super().speak() + ' Woof'",
        "class Dog:\n    def speak(self):\n        return 'Woof'",
        "d = Dog('Rex')\nassert issubclass(Dog, Animal) and isinstance(d, Animal) and d.speak() == 'I am Rex Woof'\n"
        "assert d.name == 'Rex' and Dog.__name__ == 'Dog'",
        given="class Animal:\n    def __init__(self, name):\n        self.name = name\n    def speak(self):\n        return f'I am {self.name}'",
    ),
    "subclass in the test": Small(
        "from abc import ABC, abstractmethod\nclass Shape(ABC):\n    @abstractmethod\n    def area(self):\n        pass\n"
        "    def twice(self):\n        return 2 * self.area()",
        "class Shape:\n    def twice(self):\n        return 0",
        "class Sq(Shape):\n    def area(self):\n        return 9\nassert Sq().twice() == 18\n"
        "try:\n    Shape()\n    assert False\nexcept TypeError:\n    pass",
        carried=False,
    ),
    "linked objects": Small(
        "class Node:\n    def __init__(self, value, next=None):\n        self.value, self.next = value, next\n"
        "def build(values):\n    head = None\n    for v in reversed(values):\n        head = Node(v, head)\n    return head",
        "class Node:\n    pass\ndef build(values):\n    return None",
        "n = build([1, 2, 3])\nseen = []\nwhile n is not None:\n    seen.append(n.value)\n    n = n.next\nassert seen == [1, 2, 3]",
    ),
    "object of the student's as argument": Small(
        "class V:\n    def __init__(self, x):\n        self.x = x\ndef f(a, b):\n    return V(a.x + b.x)",
        "class V:\n    def __init__(self, x):\n        self.x = x\ndef f(a, b):\n    return a",
        "assert f(V(1), V(2)).x == 3\nvs = [V(i) for i in range(3)]\nassert sum(v.x for v in vs) == 3 and f(*vs[:2]).x == 1",
    ),
    "context manager": Small(
        "class Log:\n    def __init__(self):\n        self.lines = []\n    def __enter__(self):\n        self.lines.append('in')\n"
        "        return self\n    def __exit__(self, *error):\n        self.lines.append('out')\n        return True",
        "class Log:\n    lines = []\n    def __enter__(self):\n        return self\n    def __exit__(self, *error):\n        pass",
        "log = Log()\nwith log as inside:\n    assert inside is log and log.lines == ['in']\nassert log.lines == ['in', 'out']\n"
        "with Log():\n    raise ValueError('swallowed')",
        carried=False,
    ),
    "contextlib": Small(
        "from contextlib import contextmanager\n@contextmanager\ndef tag(name, out):\n    out.append(f'<{name}>')\n    yield name\n"
        "    out.append(f'</{name}>')",
        "from contextlib import contextmanager\n@contextmanager\ndef tag(name, out):\n    yield name",
        "out = []\nwith tag('b', out) as name:\n    out.append(name)\nassert out == ['<b>', 'b', '</b>'], out",
        carried=False,
    ),
    "generator with next": Small(
        "def f():\n    a, b = 0, 1\n    while True:\n        yield a\n        a, b = b, a + b",
        "def f():\n    while True:\n        yield 1",
        "import itertools\ng = f()\nassert [next(g) for _ in range(6)] == [0, 1, 1, 2, 3, 5]\n"
        "assert list(itertools.islice(f(), 3)) == [0, 1, 1]\nimport types\nassert isinstance(f(), types.GeneratorType)",
        carried=False,
    ),
    "generator that ends": Small(
        "def f(n):\n    yield from range(n)",
        "def f(n):\n    return list(range(n))",
        "g = f(2)\nassert next(g) == 0 and next(g) == 1\ntry:\n    next(g)\n    assert False\nexcept StopIteration:\n    pass\n"
        "assert iter(f(1)) is not None and sum(f(4)) == 6",
    ),
    "decorator": Small(
        "import functools\ndef twice(function):\n    @functools.wraps(function)\n    def inner(*args, **kwargs):\n"
        "        return function(function(*args, **kwargs))\n    return inner",
        "def twice(function):\n    return function",
        "@twice\ndef add3(x):\n    '''Adds.'''\n    return x + 3\nassert add3(1) == 7 and add3.__name__ == 'add3'",
    ),
    "closure with state": Small(
        "def counter():\n    n = 0\n    def count():\n        nonlocal n\n        n += 1\n        return n\n    return count",
        "def counter():\n    return lambda: 1",
        "a, b = counter(), counter()\nassert (a(), a(), b()) == (1, 2, 1)",
    ),
    "callback that is counted": Small(
        "def f(g, x):\n    return g(g(x))",
        "def f(g, x):\n    return g(x) * 2",
        "calls = []\ndef g(x):\n    calls.append(x)\n    return x + 1\nassert f(g, 1) == 3 and calls == [1, 2]",
    ),
    "callback with arrays": Small(
        "def f(g, x, h=1e-5):\n    return (g(x + h) - g(x - h)) / (2 * h)",
        "def f(g, x, h=1):\n    return g(x)",
        "import numpy as np\nx = np.linspace(0, 1, 5)\nnp.testing.assert_allclose(f(np.sin, x), np.cos(x), atol=1e-6)\n"
        "np.testing.assert_allclose(f(lambda t: t ** 2, x), 2 * x, atol=1e-6)",
    ),
    "key function": f(
        "sorted(x, key=lambda t: t[1])",
        "sorted(x)",
        "assert f([('a', 2), ('b', 1)]) == [('b', 1), ('a', 2)]\nassert sorted([3, 1], key=lambda v: f([('a', v)])[0][1]) == [1, 3]",
    ),
    "recursion": f("1 if x < 2 else x * f(x - 1)", "x", "assert [f(i) for i in range(6)] == [1, 1, 2, 6, 24, 120]"),
    # ---- tables
    "DataFrame from a file": Small(
        "df = pd.read_csv('data/people.csv')\nadults = df[df.age > 17].reset_index(drop=True)",
        "df = pd.read_csv('data/people.csv')\nadults = df",
        "assert adults.shape == (2, 2) and list(adults.columns) == ['name', 'age'] and adults.age.mean() == 30\n"
        "assert adults.loc[0, 'name'] == 'Ada' and adults['age'].max() == 40 and isinstance(adults, pd.DataFrame)",
        given=PD,
        files={"data/people.csv": "name,age\nAda,40\nBen,20\nCy,3\n"},
    ),
    "assert_frame_equal": Small(
        "def f(df):\n    return df.groupby('k', as_index=False).v.sum()",
        "def f(df):\n    return df",
        "df = pd.DataFrame({'k': ['a', 'b', 'a'], 'v': [1., 2., 3.]})\n"
        "pd.testing.assert_frame_equal(f(df), pd.DataFrame({'k': ['a', 'b'], 'v': [4., 2.]}))\nassert 'w' not in df",
        given=PD,
    ),
    "Series": Small(
        "def f(s):\n    return s.value_counts().sort_index()",
        "def f(s):\n    return s",
        "r = f(pd.Series(['x', 'y', 'x']))\nassert r['x'] == 2 and r.index.tolist() == ['x', 'y'] and isinstance(r, pd.Series)\n"
        "assert r.equals(f(pd.Series(['x', 'x', 'y'])))",
        given=PD,
    ),
    "DataFrame with dates": Small(
        "def f(df):\n    out = df.copy()\n    out['day'] = pd.to_datetime(out['day'])\n    return out.set_index('day')",
        "def f(df):\n    return df",
        "r = f(pd.DataFrame({'day': ['2024-01-01', '2024-02-01'], 'v': [1, None]}))\nassert r.index[1].month == 2\n"
        "assert r.v.isna().sum() == 1 and isinstance(r.index, pd.DatetimeIndex)",
        given=PD,
    ),
    "DataFrame that is changed in place": Small(
        "def f(df):\n    df['b'] = df['a'] * 2",
        "def f(df):\n    return df",
        "df = pd.DataFrame({'a': [1, 2]})\nf(df)\nassert 'b' in df and df.b.tolist() == [2, 4]",
        given=PD,
    ),
    "pivot with MultiIndex": Small(
        "def f(df):\n    return df.groupby(['k', 'l']).sum()",
        "def f(df):\n    return df",
        "r = f(pd.DataFrame({'k': ['a', 'a'], 'l': [1, 2], 'v': [3, 4]}))\nassert r.loc[('a', 2), 'v'] == 4 and r.index.nlevels == 2",
        given=PD,
    ),
    "hash of a table": Small(
        "t = pd.DataFrame({'a': [1, 2]})",
        "t = pd.DataFrame({'a': [1, 3]})",
        "import hashlib\nassert hashlib.md5(t.to_csv(index=False).encode()).hexdigest() == "
        "'" + __import__("hashlib").md5(b"a\n1\n2\n").hexdigest() + "'",
        given=PD,
    ),
    # ---- random numbers, plots, files, magics
    "random module": Small(
        "import random\ndef f(n):\n    return [random.randint(1, 6) for _ in range(n)]",
        "def f(n):\n    return [1] * n",
        "import random\nrandom.seed(4)\na = f(5)\nrandom.seed(4)\nassert a == [random.randint(1, 6) for _ in range(5)] and len(set(f(50))) > 1",
    ),
    "RandomState as argument": Small(
        "def f(rng, n):\n    return rng.normal(size=n)",
        "def f(rng, n):\n    return np.zeros(n)",
        "a, b = np.random.RandomState(1), np.random.RandomState(1)\nassert np.array_equal(f(a, 3), b.normal(size=3))\n"
        "assert np.array_equal(a.rand(2), b.rand(2))",
        given=NP,
    ),
    "seed in a given cell": Small(
        "sample = np.random.rand(3)",
        "sample = np.zeros(3)",
        "np.random.seed(0)\nassert np.allclose(sample, np.random.rand(3))",
        given=NP + "\nnp.random.seed(0)",
    ),
    "plot that is returned": Small(
        "import matplotlib.pyplot as plt\ndef f(x, y):\n    fig, ax = plt.subplots()\n    ax.plot(x, y, label='l')\n"
        "    ax.set_title('T')\n    ax.set_xlabel('x')\n    ax.legend()\n    return ax",
        "import matplotlib.pyplot as plt\ndef f(x, y):\n    fig, ax = plt.subplots()\n    return ax",
        "ax = f([1, 2], [3, 4])\nassert ax.get_title() == 'T' and ax.get_xlabel() == 'x' and len(ax.lines) == 1\n"
        "assert ax.lines[0].get_ydata().tolist() == [3, 4] and ax.get_legend() is not None",
    ),
    "axes at the top": Small(
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.bar(['a', 'b'], [1, 2])\nax.set_ylabel('n')",
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()",
        "assert ax.get_ylabel() == 'n' and [p.get_height() for p in ax.patches] == [1, 2]",
    ),
    "file that is written by a call": Small(
        "def f(path):\n    with open(path, 'w') as file:\n        file.write('done')",
        "def f(path):\n    pass",
        "import os\nf('out.txt')\nassert os.path.exists('out.txt')\nassert open('out.txt').read() == 'done'",
        carried=False,
    ),
    "file that the test writes": Small(
        "def f(path):\n    with open(path) as file:\n        return len(file.readlines())",
        "def f(path):\n    return 0",
        "with open('in.txt', 'w') as file:\n    file.write('a\\nb\\n')\nassert f('in.txt') == 2",
        carried=False,
    ),
    "magics in the solution": Small(
        "%matplotlib inline\nimport time\nx = sum(range(10))\n!echo hello",
        "%matplotlib inline\nx = 0",
        "assert x == 45",
    ),
    "time of a call": f(
        "sorted(x)", "x", "import time\nstart = time.time()\nassert f([2, 1]) == [1, 2]\nassert time.time() - start < 5"
    ),
    "helper module with a checker": f(
        "x + 1",
        "x",
        "from tests_of_week import check_f\ncheck_f(f)",
        files={"tests_of_week.py": "def check_f(function):\n    assert function(1) == 2, 'no'\n    print('ok')\n"},
    ),
    "helper module with a class": Small(
        "tree = Tree(5)\ntree.add(3)",
        "tree = Tree(5)",
        "assert tree.left.value == 3 and isinstance(tree, Tree)",
        given="from trees import Tree",
        files={
            "trees.py": "class Tree:\n    def __init__(self, value):\n        self.value, self.left = value, None\n"
            "    def add(self, value):\n        self.left = Tree(value)\n"
        },
        carried=False,
    ),
    "test reads the given data again": Small(
        "mean = sum(data) / len(data)",
        "mean = 0",
        "assert abs(mean - sum(data) / len(data)) < 1e-9 and data == [1, 2, 6]",
        given="data = [1, 2, 6]",
    ),
    "async function": Small(
        "async def f(x):\n    return x + 1",
        "async def f(x):\n    return x",
        "import asyncio\nassert asyncio.run(f(1)) == 2",
        carried=False,
    ),
    "walrus, match and star": Small(
        "def f(x):\n    match x:\n        case [a, *rest]:\n            return len(rest)\n        case {'k': v}:\n            return v\n        case _:\n            return None",
        "def f(x):\n    return 0",
        "assert f([1, 2, 3]) == 2 and f({'k': 5}) == 5 and f(3) is None\nif (n := f([1, 2])) == 1:\n    pass\nassert n == 1",
    ),
}
