"""The reference: what the master's solution cells define, and nothing else of it runs."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from courses import COURSE, NAME
from notebooks import code, graded, small_master, solution, write

from grader.assignments.reference import imports, solutions
from grader.common.errors import MasterError
from grader.notebooks.model import Notebook


def reference_of(tmp_path: Path, *cells: dict) -> dict:
    master = small_master()
    master["cells"] += cells
    return solutions(Notebook.read(write(master, tmp_path / "master.ipynb")))


def test_solutions_are_defined(tmp_path: Path) -> None:
    """Does a solution cell's function work?"""
    assert reference_of(tmp_path)["double"](21) == 42


def test_imports_of_other_cells_are_at_hand(tmp_path: Path) -> None:
    """Does a solution find a module that an earlier plain cell imports, beside magics?"""
    plain = code("plain", "%matplotlib inline\nimport math\nraise SystemExit")
    reference = reference_of(tmp_path, plain, solution("s", "half_turn = math.pi", "s"))
    assert round(reference["half_turn"], 2) == 3.14


def test_other_cells_do_not_run(tmp_path: Path) -> None:
    """Are neither tests nor try-it cells run?"""
    reference = reference_of(tmp_path, code("plain", "tried = 1"), graded("t", "tested = 1", "t"))
    assert not reference.keys() & {"tried", "tested"}


def test_failing_solution_is_named(tmp_path: Path) -> None:
    """Is a solution cell that raises named with its file and cell?"""
    with pytest.raises(MasterError, match=r"master\.ipynb: cell 4 \(broken\): raised ZeroDivisionError"):
        reference_of(tmp_path, solution("s", "1 / 0", "broken"))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import numpy as np\nx = 1", "import numpy as np"),
        ("%matplotlib inline\nfrom math import pi", "from math import pi"),
        ("!ls\nimport math", "import math"),
        ("import os.path, math", "import os.path, math"),
        ("import math, decimal\nfrom math import e, pi, tau as pi2", "import math\nfrom math import pi"),
        ("import matplotlib.pyplot as plt\nimport math as m", ""),
        ("from checks import *", "from checks import *"),
        ("def f():\n    import math", ""),
        ("this is no Python", ""),
    ],
)
def test_imports_are_the_top_level_ones_that_are_used(source: str, found: str) -> None:
    """Are the import statements of a cell found as far as the text needs them, and nothing else?"""
    kept = imports(source, "np.sum(x) + math.pi + eval('pi') + os.path.sep")
    assert "\n".join(ast.unparse(statement.node) for statement in kept) == found


def test_judging_imports_no_matplotlib() -> None:
    """Is what only the students' figures need left to the sandbox?"""
    program = (
        "import sys; from pathlib import Path; from grader.course import Course\n"
        f"assignment = Course(Path.cwd()).assignment({NAME!r})\n"
        "assert assignment.test('zero_pad', assignment.reference).fraction == 1\n"
        "sys.exit('matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=COURSE, check=False).returncode == 0
