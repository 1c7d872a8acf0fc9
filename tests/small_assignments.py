"""Small assignments of the kinds that public courses have, each with a right and a wrong answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from notebooks import clear_hidden_tests, code, graded, markdown, solution
from small_courses import write_course

from grader.assignments.assignment import Assignment

Cell = dict[str, Any]


@dataclass(frozen=True)
class Small:
    """One exercise: its cells in order, and what a student gets wrong."""

    right: str
    """the solution cell"""
    wrong: str
    test: str
    given: str = ""
    """a cell before the solution"""
    between: str = ""
    """a cell between two tests, with a second exercise `after`"""
    files: Mapping[str, str] = field(default_factory=dict)
    """beside the notebook"""
    carried: bool = True
    """its values cross to the judge; else the gate has to say so"""


def f(right: str, wrong: str, test: str, **more: Any) -> Small:
    """A function f(x) of one line."""
    return Small(f"def f(x):\n    return {right}", f"def f(x):\n    return {wrong}", test, **more)


SMALL: dict[str, Small] = {
    "number": f("2 * x", "3 * x", "assert f(2) == 4"),
    "text": f("x.upper()", "x", "assert f('a') == 'A'"),
    "bool": f("x > 1", "x > 5", "assert f(2) is True\nassert not f(0)"),
    "tuple": f("(x, x)", "(x, 0)", "assert f(2) == (2, 2)"),
    "dict": f("{'a': x, 'b': [x]}", "{'a': x}", "assert f(2) == {'a': 2, 'b': [2]}"),
    "dict of arrays": Small(
        "def f(x):\n    return {'dW': x * 2, 'db': x.sum()}",
        "def f(x):\n    return {'dW': x * 3, 'db': x.sum()}",
        "grads = f(np.ones(3))\nnp.testing.assert_allclose(grads['dW'], 2)\nassert grads['db'] == 3",
        given="import numpy as np",
    ),
    "set": f("set(x)", "set()", "assert f([1, 1]) == {1}"),
    "dict with other keys": f("{1: x, (2, 3): x}", "{1: x}", "assert f(5) == {1: 5, (2, 3): 5}"),
    "None": f("None", "0", "assert f(1) is None"),
    "hash of the answer": Small(
        "answer = 42",
        "answer = 41",
        "import hashlib\nassert hashlib.md5(str(answer).encode()).hexdigest() == 'a1d0c6e83f027327d8461063f4ac58a6'",
    ),
    "hash of bytes": Small(
        "answer = 'yes'",
        "answer = 'no'",
        "from hashlib import sha1\nassert sha1(bytes(answer, 'utf8')).hexdigest()[:6] == 'fb360f'",
    ),
    "top-level variable": Small("total = sum(values)", "total = 0", "assert total == 6", given="values = [1, 2, 3]"),
    "top-level array": Small(
        "Z = X @ X",
        "Z = X * X",
        "assert Z.shape == (2, 2) and Z[0, 1] == 10",
        given="import numpy as np\nX = np.array([[1., 2.], [3., 4.]])",
    ),
    "variable of a given cell": f("x + offset", "x", "assert f(1) == 1 + offset", given="offset = 10"),
    "function of a given cell": f(
        "twice(x) + 1", "twice(x)", "assert f(2) == twice(2) + 1", given="def twice(x):\n    return 2 * x"
    ),
    "given cell that prints": f("x + k", "x - k", "assert f(1) == 4", given="k = 3\nprint('k is', k)"),
    "given cell with magics": f(
        "np.sqrt(x)",
        "x",
        "assert f(9) == 3",
        given="%matplotlib inline\n%precision 3\nimport numpy as np",
    ),
    "timed cell": Small("%%time\nanswer = 7", "%%time\nanswer = 8", "assert answer == 7"),
    "magic in a test": f("2 * x", "x", "%precision 3\nassert f(2) == 4"),
    "indented cell": Small("  a = 1\n  b = a + 1", "  a = 1\n  b = a", "assert b == 2"),
    "given cell that fails": f("x + 1", "x", "assert f(1) == 2", given="1 / 0"),
    "missing import": f("x + 1", "x", "assert f(1) == 2", given="import no_such_module_at_all\nimport math"),
    "missing import before a needed one": f(
        "math.floor(x)", "x", "assert f(1.5) == math.floor(1.5)", given="import math\nimport no_such_module_at_all"
    ),
    "helper module": f(
        "halve(x)",
        "x",
        "assert f(4) == halve(4)",
        given="from helper import halve",
        files={"helper.py": "def halve(value):\n    return value / 2\n"},
    ),
    "helper module in a package": f(
        "tools.deep.halve(x)",
        "x",
        "assert f(4) == 2",
        given="import tools.deep",
        files={"tools/__init__.py": "", "tools/deep.py": "def halve(value):\n    return value / 2\n"},
    ),
    "helper module that reads a file": f(
        "x + constants.K",
        "x",
        "import constants\nassert f(1) == 1 + constants.K",
        given="import constants",
        files={"constants.py": "K = int(open('k.txt').read())\n", "k.txt": "5"},
    ),
    "data file": Small(
        "rows = [int(line) for line in open('data/rows.csv')]",
        "rows = [1]",
        "assert sum(rows) == 6",
        files={"data/rows.csv": "1\n2\n3\n"},
    ),
    "data file in the test": f(
        "x * 2",
        "x",
        "import json\nexpected = json.load(open('expected.json'))\nassert f(2) == expected['f']",
        files={"expected.json": '{"f": 4}'},
    ),
    "import of an earlier test": f(
        "x + 1", "x", "import math as m\nassert f(1) == 2", between="floor = m.floor(1.5) + f(0) - 1"
    ),
    "function of an earlier test": f(
        "x + 1",
        "x",
        "def near(a, b):\n    return a == b\nassert near(f(1), 2)",
        between="close = near(1, 1)",
    ),
    "data of an earlier test": f("x + 1", "x", "cases = {1: 2}\ncases[2] = f(2)\nassert cases[2] == 3", between="pass"),
    "seeded random numbers": Small(
        "np.random.seed(1)\nW = np.random.randn(3)",
        "W = np.zeros(3)",
        "np.random.seed(1)\nassert np.allclose(W, np.random.randn(3))",
        given="import numpy as np",
    ),
    "generator of numbers": Small(
        "def f(x):\n    return np.random.default_rng(x).normal(size=2)",
        "def f(x):\n    return np.zeros(2)",
        "assert np.allclose(f(3), np.random.default_rng(3).normal(size=2))",
        given="import numpy as np",
    ),
    "random state of the caller": Small(
        "def f(n):\n    return np.random.rand(n)",
        "def f(n):\n    return np.zeros(n)",
        "np.random.seed(5)\nfirst = f(2)\nnp.random.seed(5)\nassert np.allclose(first, np.random.rand(2))",
        given="import numpy as np",
    ),
    "printing": Small(
        "def f(x):\n    print('hello', x)",
        "def f(x):\n    pass",
        "import io, contextlib\nsaid = io.StringIO()\nwith contextlib.redirect_stdout(said):\n    f(1)\n"
        "assert said.getvalue() == 'hello 1\\n'",
    ),
    "exception": Small(
        "def f(x):\n    if x < 0:\n        raise ValueError('negative')\n    return x",
        "def f(x):\n    return x",
        "try:\n    f(-1)\n    assert False\nexcept ValueError:\n    pass",
    ),
    "argument that is changed": Small(
        "def f(x):\n    x.append(1)", "def f(x):\n    return x + [1]", "values = []\nf(values)\nassert values == [1]"
    ),
    "argument that is returned": f("x", "list(x)", "a = [1, 2]\nassert f(a) is a"),
    "copy of an argument": f("list(x)", "x", "a = [1, 2]\nb = f(a)\nassert b == a and b is not a"),
    "copy of an array": Small(
        "def f(x, *, y):\n    return y.copy()",
        "def f(x, *, y):\n    return y",
        "import numpy as np\na = np.ones(2)\nassert f(0, y=a) is not a and not f(0, y=a) is a",
    ),
    "rows that are lists of their own": Small(
        "def f(n):\n    return [[0] * n for _ in range(n)]",
        "def f(n):\n    return [[0] * n] * n",
        "grid = f(2)\ngrid[0][1] = 5\nassert grid == [[0, 5], [0, 0]]",
    ),
    "two lists": Small(
        "def f():\n    return [], []",
        "def f():\n    a = []\n    return a, a",
        "a, b = f()\na.append(1)\nassert b == []",
    ),
    "deep copy": Small(
        "import copy\ndef f(m):\n    return copy.deepcopy(m)",
        "def f(m):\n    return list(m)",
        "m = [[1], [2]]\nc = f(m)\nc[0][0] = 9\nassert m == [[1], [2]] and c == [[9], [2]]",
    ),
    "no view of an array": Small(
        "def f(x):\n    return x[1:].copy()",
        "def f(x):\n    return x[1:]",
        "import numpy as np\na = np.arange(3)\nb = f(a)\nb[0] = 9\nassert a[1] == 1 and b[0] == 9",
    ),
    "array that is filled": Small(
        "def f(x):\n    x += 1\n    return x",
        "def f(x):\n    return x + 1",
        "import numpy as np\na = np.ones(2)\nassert f(a) is a and a[1] == 2",
    ),
    "del of a name": Small("def f(x):\n    return x", "def f(x):\n    return 0", "y = f(3)\nassert y == 3\ndel y"),
    "class": Small(
        "class f:\n    def __init__(self, x):\n        self.x = x\n    def forward(self):\n        return 2 * self.x",
        "class f:\n    def __init__(self, x):\n        self.x = x\n    def forward(self):\n        return self.x",
        "assert f(2).forward() == 4",
    ),
    "callback": f("x(3)", "3", "assert f(lambda v: v * 2) == 6"),
    "closure": f("lambda y: x + y", "lambda y: y", "assert f(1)(2) == 3"),
    "generator": f("(v * v for v in x)", "iter([])", "assert list(f([1, 2])) == [1, 4]"),
    "signature": Small(
        "def f(a, b=2):\n    return a",
        "def f(a):\n    return a",
        "import inspect\nassert list(inspect.signature(f).parameters) == ['a', 'b']",
    ),
    "names of the notebook": Small("alpha = 1", "beta = 1", "assert 'alpha' in dir()"),
    "plot": Small(
        "import matplotlib.pyplot as plt\nxs = [1, 2]\nplt.plot(xs)\nplt.title('t')", "xs = []", "assert xs == [1, 2]"
    ),
    "written file": Small(
        "open('out.txt', 'w').write('done')", "pass", "assert open('out.txt').read() == 'done'", carried=False
    ),
    "helper of its own": Small(
        "def g(x):\n    return x + 1\ndef f(x):\n    return g(x)",
        "def g(x):\n    return x\ndef f(x):\n    return g(x)",
        "assert f(1) == 2 and g(1) == 2",
    ),
    "score as the last value": f(
        "x", "-1", "score = 0\nfor i in (1, 2, 3):\n    if f(i) == i:\n        score += 1\nscore"
    ),
    "loop in the test": f("x ** 2", "x", "for i in range(2, 5):\n    assert f(i) == i * i, f'wrong for {i}'"),
    "hidden lines": f(
        "x ** 2",
        "4",
        "assert f(2) == 4\n### BEGIN HIDDEN TESTS\nassert f(3) == 9\n### END HIDDEN TESTS",
    ),
}


def write_small(folder: Path, small: Small) -> Assignment:
    """The assignment `small`, released as it would be, with an essay and a cell that no test looks at."""
    after = [
        code("between", small.between),
        solution(
            "after-solution", "### BEGIN SOLUTION\ndef after():\n    return 1\n### END SOLUTION", "after_solution"
        ),
        graded("after-test", _test_after(small), "after", 1),
    ]
    essay = markdown("essay", "Because.")
    essay["metadata"]["nbgrader"] = {"grade": True, "solution": True, "grade_id": "essay", "points": 2, "locked": False}
    cells: Sequence[Cell] = [
        *([code("given", small.given)] if small.given else []),
        solution("f-solution", _marked(small.right), "f_solution"),
        graded("f-test", small.test, "f", 3),
        *(after if small.between else []),
        essay,
    ]
    course = write_course(folder, "small", cells)
    clear_hidden_tests(folder / "release" / "small" / "small.ipynb")
    for kind in ("source", "release"):
        for name, text in small.files.items():
            path = folder / kind / "small" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return course.assignment("small")


def _marked(right: str) -> str:
    """The solution between marks: behind a cell magic, and as far to the right as its first line."""
    magic, rest = right.split("\n", 1) if right.startswith("%%") else ("", right)
    indent = rest[: len(rest) - len(rest.lstrip(" "))]
    return f"{magic}\n{indent}### BEGIN SOLUTION\n{rest}\n{indent}### END SOLUTION".lstrip("\n")


def _test_after(small: Small) -> str:
    """A test that needs the names that the one before has made."""
    made = {
        "m.floor": "assert m.floor(after() + 0.5) == 1 and floor == 1",
        "near(": "assert near(after(), 1) and close",
    }
    found = [text for sign, text in made.items() if sign in small.between]
    return found[0] if found else "assert after() == cases[1] - 1"
