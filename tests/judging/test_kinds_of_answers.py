"""Right answers of many kinds earn full marks from plain asserts, wrong ones nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from notebooks import code
from small_courses import exercise, hand_in, write_course

from grader.config.policy import GradingPolicy
from grader.judging.grade import grade
from grader.results.records import CellOutcome
from grader.sandbox import Limits, Sandbox

SETTINGS = GradingPolicy(limits=Limits(call_seconds=5, cell_seconds=20, session_seconds=60, cpu_seconds=60))


@dataclass
class Pair:
    """A test cell, a right answer and a wrong one. Both are cells."""

    test: str
    right: str
    wrong: str


LAYER = """
class Layer:
    def __init__(self, W):
        self.W = W
    def forward(self, x):
        return x * self.W
"""
PAIRS = {
    "class": Pair(
        "layer = Layer(3)\nassert layer.forward(2) == 6\nassert isinstance(layer, Layer)\n"
        "assert type(layer).__name__ == 'Layer' and layer.W == 3",
        LAYER,
        LAYER.replace("x * self.W", "x + self.W"),
    ),
    "subclass": Pair(
        "assert issubclass(Sub, Base) and isinstance(Sub(), Base)\nassert Sub().name() == 'sub'",
        "class Base:\n    def name(self): return 'base'\nclass Sub(Base):\n    def name(self): return 'sub'",
        "class Base:\n    def name(self): return 'base'\nclass Sub:\n    def name(self): return 'sub'",
    ),
    "operators": Pair(
        "assert (V(1) + V(2)).x == 3 and V(1) == V(1) and V(1) < V(2) and len(V(3)) == 3 and -V(1) == V(-1)",
        "class V:\n    def __init__(self, x): self.x = x\n    def __add__(self, o): return V(self.x + o.x)\n"
        "    def __eq__(self, o): return self.x == o.x\n    def __lt__(self, o): return self.x < o.x\n"
        "    def __len__(self): return self.x\n    def __neg__(self): return V(-self.x)",
        "class V:\n    def __init__(self, x): self.x = x\n    def __add__(self, o): return V(self.x)\n"
        "    def __eq__(self, o): return self.x == o.x\n    def __lt__(self, o): return self.x < o.x\n"
        "    def __len__(self): return self.x\n    def __neg__(self): return V(-self.x)",
    ),
    "dict of gradients": Pair(
        "import numpy as np\ng = grads()\nassert set(g) == {'dW1', 'db1'} and np.allclose(g['dW1'], [[1, 2]])\n"
        "assert g['db1'].shape == (1, 1)",
        "import numpy as np\ndef grads(): return {'dW1': np.array([[1.0, 2]]), 'db1': np.zeros((1, 1))}",
        "import numpy as np\ndef grads(): return {'dW1': np.array([[1.0, 3]]), 'db1': np.zeros((1, 1))}",
    ),
    "set": Pair("assert f([1, 2, 2]) == {1, 2}", "def f(x): return set(x)", "def f(x): return list(x)"),
    "Counter": Pair(
        "from collections import Counter\nassert f('aab') == Counter('aab')\nassert f('aab').most_common(1) == [('a', 2)]",  # noqa: E501
        "from collections import Counter\ndef f(x): return Counter(x)",
        "def f(x): return set(x)",
    ),
    "namedtuple": Pair(
        "assert f().x == 1 and tuple(f()) == (1, 2) and f()._asdict() == {'x': 1, 'y': 2}",
        "from collections import namedtuple\nP = namedtuple('P', 'x y')\ndef f(): return P(1, 2)",
        "def f(): return (1, 2)",
    ),
    "dataclass": Pair(
        "assert f() == P(1, 2) and f().x == 1 and isinstance(f(), P)",
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\n    y: int\ndef f(): return P(1, 2)",
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\n    y: int\ndef f(): return P(2, 2)",
    ),
    "enum": Pair(
        "assert f() is Color.RED and f().name == 'RED' and [c.value for c in Color] == [1, 2]",
        "import enum\nclass Color(enum.Enum):\n    RED = 1\n    BLUE = 2\ndef f(): return Color.RED",
        "import enum\nclass Color(enum.Enum):\n    RED = 1\n    BLUE = 2\ndef f(): return Color.BLUE",
    ),
    "Fraction and Decimal": Pair(
        "from fractions import Fraction\nfrom decimal import Decimal\n"
        "assert f() == (Fraction(1, 3), Decimal('0.1')) and isinstance(f()[1], Decimal)",
        "from fractions import Fraction\nfrom decimal import Decimal\ndef f(): return Fraction(1, 3), Decimal('0.1')",
        "def f(): return 1 / 3, 0.1",
    ),
    "dates": Pair(
        "import datetime\nassert f() == datetime.date(2020, 2, 29) and f().weekday() == 5",
        "import datetime\ndef f(): return datetime.date(2020, 2, 29)",
        "def f(): return '2020-02-29'",
    ),
    "dict with unusual keys": Pair(
        "assert f() == {(0, 1): 'a', frozenset({1}): 'b'}",
        "def f(): return {(0, 1): 'a', frozenset({1}): 'b'}",
        "def f(): return {(0, 1): 'a'}",
    ),
    "variables": Pair(
        "assert x == {'a': {1, 2}}\nassert 'x' in globals() and 'x' in dir()\ndel x\nassert 'x' not in dir()",
        "x = {'a': {1, 2}}",
        "x = {'a': {1}}",
    ),
    "fitted model": Pair(
        "assert model.coef == 2 and model.predict([1, 2]) == [2, 4]",
        "class Model:\n    def fit(self, x, y): self.coef = y[0] / x[0]; return self\n"
        "    def predict(self, x): return [self.coef * v for v in x]\nmodel = Model().fit([1], [2])",
        "class Model:\n    def fit(self, x, y): self.coef = y[0] / x[0]; return self\n"
        "    def predict(self, x): return [v for v in x]\nmodel = Model().fit([1], [2])",
    ),
    "expected error": Pair(
        "try:\n    f(-1)\n    assert False, 'no error'\nexcept ValueError as e:\n    assert 'neg' in str(e)\nassert f(2) == 2",  # noqa: E501
        "def f(x):\n    if x < 0: raise ValueError('neg')\n    return x",
        "def f(x):\n    return x",
    ),
    "pytest.raises": Pair(
        "import pytest\nwith pytest.raises(ValueError, match='neg'):\n    f(-1)",
        "def f(x):\n    raise ValueError('neg')",
        "def f(x):\n    raise TypeError('neg')",
    ),
    "own error": Pair(
        "try:\n    f()\n    assert False\nexcept TooSmall as e:\n    assert isinstance(e, ValueError) and e.args == ('no', 1)",  # noqa: E501
        "class TooSmall(ValueError): pass\ndef f(): raise TooSmall('no', 1)",
        "class TooSmall(ValueError): pass\ndef f(): raise ValueError('no', 1)",
    ),
    "printing": Pair(
        "import io, contextlib\nout = io.StringIO()\nwith contextlib.redirect_stdout(out):\n    f()\n"
        "assert out.getvalue() == 'hi\\n'",
        "def f(): print('hi')",
        "def f(): print('ho')",
    ),
    "callback": Pair(
        "assert apply(lambda v: v + 1, [1, 2]) == [2, 3]",
        "def apply(g, xs): return [g(x) for x in xs]",
        "def apply(g, xs): return xs",
    ),
    "key=": Pair(
        "assert f(['bb', 'a'], key=len) == 'a'",
        "def f(xs, key): return min(xs, key=key)",
        "def f(xs, key): return xs[0]",
    ),
    "mock": Pair(
        "from unittest.mock import Mock\nm = Mock(return_value=4)\nassert f(m) == 8\nm.assert_called_once_with(1)",
        "def f(g): return g(1) * 2",
        "def f(g): return 8",
    ),
    "object of the test's": Pair(
        "class Dog:\n    def __init__(self): self.name = 'Rex'\n    def bark(self, n): return 'wuff' * n\n"
        "assert f(Dog()) == 'Rex wuffwuff'",
        "def f(dog): return f'{dog.name} {dog.bark(2)}'",
        "def f(dog): return 'Rex'",
    ),
    "inspect": Pair(
        "import inspect\nassert list(inspect.signature(f).parameters) == ['a', 'b']\n"
        "assert 'return a' in inspect.getsource(f) and f.__doc__ == 'doc' and callable(f)\n"
        "assert f.__name__ == 'f' and inspect.signature(f).parameters['b'].default == 2",
        "def f(a, b=2):\n    'doc'\n    return a",
        "def f(a):\n    'doc'\n    return a",
    ),
    "no loops in the source": Pair(
        "import inspect\nassert 'for ' not in inspect.getsource(f)\nassert f([1, 2]) == 3",
        "def f(x): return sum(x)",
        "def f(x):\n    s = 0\n    for v in x: s += v\n    return s",
    ),
    "random state": Pair(
        "import numpy as np\nnp.random.seed(3)\nv = draw()\nnp.random.seed(3)\nassert np.allclose(v, np.random.rand(2))",  # noqa: E501
        "import numpy as np\ndef draw(): return np.random.rand(2)",
        "def draw(): return [0.1, 0.2]",
    ),
    "generator as argument": Pair(
        "import numpy as np\nassert draw(np.random.default_rng(1)) == np.random.default_rng(1).random()",
        "def draw(rng): return rng.random()",
        "def draw(rng): return 0.5",
    ),
    "generator": Pair(
        "assert list(g(3)) == [0, 1, 4] and next(g(1)) == 0 and sum(g(3)) == 5",
        "def g(n):\n    for i in range(n): yield i * i",
        "def g(n):\n    for i in range(n): yield i",
    ),
    "endless generator": Pair(
        "import itertools\nassert list(itertools.islice(g(), 4)) == [0, 1, 2, 3]",
        "def g():\n    n = 0\n    while True:\n        yield n\n        n += 1",
        "def g():\n    while True: yield 0",
    ),
    "zip and map": Pair(
        "assert list(f([1], [2])) == [(1, 2)]", "def f(a, b): return zip(a, b)", "def f(a, b): return map(max, a, b)"
    ),
    "closure": Pair(
        "assert adder(2)(3) == 5 and adder(2)(0) == 2",
        "def adder(a):\n    def inner(b): return a + b\n    return inner",
        "def adder(a):\n    return lambda b: a",
    ),
    "decorator": Pair(
        "calls = []\n@twice\ndef g(x):\n    calls.append(x)\n    return x\nassert g(1) == 1 and calls == [1, 1]",
        "def twice(f):\n    def inner(*a):\n        f(*a)\n        return f(*a)\n    return inner",
        "def twice(f): return f",
    ),
    "context manager": Pair(
        "with ctx as value:\n    assert value == 5 and ctx.open\nassert not ctx.open",
        "class C:\n    open = False\n    def __enter__(self): self.open = True; return 5\n"
        "    def __exit__(self, *e): self.open = False\nctx = C()",
        "class C:\n    open = False\n    def __enter__(self): self.open = True; return 5\n"
        "    def __exit__(self, *e): pass\nctx = C()",
    ),
    "figure": Pair(
        "assert ax.get_title() == 'T' and ax.get_xlabel() == 'x'\nassert list(ax.lines[0].get_ydata()) == [3, 4]\n"
        "assert len(ax.lines) == 1",
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2], [3, 4])\nax.set_title('T')\n"
        "ax.set_xlabel('x')",
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2], [3, 5])\nax.set_title('T')\n"
        "ax.set_xlabel('x')",
    ),
    "changed argument": Pair(
        "s = {1}\nd = {'a': [1]}\nf(s, d)\nassert s == {1, 2} and d == {'a': [1, 2]}",
        "def f(s, d):\n    s.add(2)\n    d['a'].append(2)",
        "def f(s, d):\n    s = s | {2}",
    ),
    "NaN": Pair(
        "import math\nassert math.isnan(f()['x'][0])",
        "def f(): return {'x': [float('nan')]}",
        "def f(): return {'x': [0]}",
    ),
    "texts": Pair(
        "import numpy as np\nassert f().dtype.kind == 'U' and f().tolist() == ['a', 'bc']",
        "import numpy as np\ndef f(): return np.array(['a', 'bc'])",
        "import numpy as np\ndef f(): return np.array(['a', 'b'])",
    ),
    "masked": Pair(
        "assert f().mask.tolist() == [False, True] and f().sum() == 1",
        "import numpy as np\ndef f(): return np.ma.masked_greater(np.array([1, 5]), 3)",
        "import numpy as np\ndef f(): return np.ma.masked_greater(np.array([1, 5]), 9)",
    ),
    "DataFrame": Pair(
        "import pandas as pd\nt = f(pd.DataFrame({'a': [1, 2]}))\nassert list(t.columns) == ['a', 'b']\n"
        "pd.testing.assert_series_equal(t['b'], pd.Series([2, 4], name='b'))",
        "import pandas as pd\ndef f(t): return t.assign(b=t.a * 2)",
        "import pandas as pd\ndef f(t): return t.assign(b=t.a * 3)",
    ),
    "grouped Series": Pair(
        "import pandas as pd\ns = f(pd.DataFrame({'k': ['x', 'y', 'x'], 'v': [1, 2, 3]}))\n"
        "assert s.to_dict() == {'x': 4, 'y': 2} and s.index.name == 'k'",
        "def f(t): return t.groupby('k').v.sum()",
        "def f(t): return t.groupby('k').v.max()",
    ),
}


@pytest.fixture(scope="module")
def one_sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.mark.parametrize("kind", PAIRS)
def test_right_earns_all_and_wrong_nothing(tmp_path: Path, one_sandbox: Sandbox, kind: str) -> None:
    pair = PAIRS[kind]
    right, wrong = (outcome(tmp_path / name, one_sandbox, pair, name) for name in ("right", "wrong"))
    assert (right.fraction, right.error, right.broken) == (1, "", False)
    assert (wrong.fraction, wrong.broken) == (0, False), wrong.error


def outcome(folder: Path, sandbox: Sandbox, pair: Pair, answer: str) -> CellOutcome:
    cells = [code("start", "# a course"), *exercise("task", pair.right, pair.test)]
    assignment = write_course(folder, "plain", cells).assignment("plain")
    content = hand_in(assignment.release / "plain.ipynb", {"task": getattr(pair, answer)})
    return grade(content, assignment, sandbox, SETTINGS).exercises[0].test
