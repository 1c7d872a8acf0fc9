"""The assignment that `grader new` writes: one short exercise with every part that an exercise may have.

Instructors replace its texts by their own.
"""

from __future__ import annotations

import json
from typing import Any

from grader.assignments.layout import DRAW_FIGURES, MISCONCEPTIONS, PRIVATE, RIGHT_ANSWERS, SAMPLE_ANSWERS
from grader.notebooks.regions import END, HIDDEN_END, HIDDEN_START, START
from grader.release.upgrade import KERNEL

EXERCISE = "standardise"
FIGURE = f"figures/{EXERCISE}.svg"

TITLE = """# {title}

You will put the columns of a table on one scale. Rename and rewrite everything here: the folder is yours."""

PACKAGES = """import numpy as np

from checks import NotDoneYet
from public_tests import standardise_test"""

TASK = """## Standardise the columns (exercise 1, 10 points)

A column in metres and a column in millimetres differ by a factor of 1000. Most methods learn faster when all columns have
mean 0 and standard deviation 1:

$$ z_{ij} = \\frac{x_{ij} - \\mu_j}{\\sigma_j} $$

<img src="figures/standardise.svg" alt="Two columns of different height on the left become two columns around zero on the right.">

**Your task:** write `standardise(X)`: $(m, n) \\rightarrow (m, n)$, $\\mu_j$ and $\\sigma_j$ are of column $j$.

<details><summary>Hint 1</summary>`np.mean` and `np.std` take an `axis`.</details>"""

HEADER = '''def standardise(X):
    """
    Give each column mean 0 and standard deviation 1.

    Arguments:
    X -- array of shape (m, n)

    Returns:
    Z -- array of shape (m, n)
    """
    # mean = None   (≈1 line)
    # deviation = None   (≈1 line)
'''
SOLUTION = f"""{HEADER}    {START}
    mean = np.mean(X, axis=0)
    deviation = np.std(X, axis=0)
    return (X - mean) / deviation
    {END}"""

TRY = """# Try it
print(standardise(np.array([[1.0, 10.0], [3.0, 30.0]])))"""

EXPECTED = """**Expected output:**

```text
[[-1. -1.]
 [ 1.  1.]]
```"""

TEST = f"""standardise_test(standardise)
### {HIDDEN_START}
from hidden_tests import standardise_hidden_test

standardise_hidden_test(standardise)
### {HIDDEN_END}"""

PUBLIC_TESTS = '''"""The public tests of this assignment. What each call should return stands in `public_tests.h5` (`make data`)."""

from pathlib import Path

import numpy as np

from checks import Case, ExpectedValues, run_checks

EXPECTED = ExpectedValues(Path(__file__).with_suffix(".h5"))


def standardise_cases():
    small = np.array([[1.0, 10.0], [3.0, 30.0]])
    larger = np.array([[2.0, -1.0, 0.5], [4.0, 0.0, 0.5], [9.0, 7.0, 2.0], [1.0, 2.0, 3.0]])
    return [
        Case("standardises two columns", (small,)),
        Case("standardises each of three columns by itself", (larger,), weight=2),
    ]


CASES = {"standardise": standardise_cases}
"""exercise -> its cases"""


def standardise_test(target):
    return run_checks("standardise", target, standardise_cases(), EXPECTED)
'''

HIDDEN_TESTS = '''"""The hidden tests: other shapes, and numbers that are drawn anew for each submission. Never released."""

import os

import numpy as np

import reference
from checks import Case, Property, require, run_checks


def standardise_hidden_test(target):
    draw = np.random.default_rng(int(os.environ.get("GRADER_SEED", "0")))
    X = draw.normal(5.0, 3.0, (6, 4))

    def ignores_the_scale(standardise):
        millimetres = X * [1000, 1, 1, 1]
        require("standardise(millimetres)", standardise(X), standardise(millimetres), atol=1e-6)

    checks = [
        Case("standardises other numbers", (X,), expected=reference.standardise(X), weight=2),
        Property("gives the same for a column in metres and in millimetres", ignores_the_scale),
    ]
    return run_checks("standardise", target, checks, hidden=True)
'''

MISCONCEPTION = '''"""Wrong answers to standardise(X), each a function with its hint."""

import numpy as np


def over_the_whole_table(X):
    """Mean and deviation are those of the whole table.

    Hint: each column has its own; say which axis.
    """
    return (X - np.mean(X)) / np.std(X)
'''

RIGHT_ANSWER = '''"""Right answers to standardise(X) that look unusual."""

import numpy as np


def column_by_column(X):
    """A loop over the columns."""
    Z = np.empty(X.shape)
    for j in range(X.shape[1]):
        column = X[:, j]
        Z[:, j] = (column - sum(column) / len(column)) / np.sqrt(np.mean((column - np.mean(column)) ** 2))
    return Z
'''

SAMPLES = {
    "ada_l": "mean = X.mean(axis=0)\n    return (X - mean) / X.std(axis=0)",
    "ben_m": "return (X - X.mean()) / X.std()",
}
"""Student of the sample class -> body of the answer: a right one, and one with the catalogue's mistake."""

DRAWING = '''"""Draw the figure anew: `make figures ASSIGNMENT={name}`."""

from pathlib import Path

BARS = [(20, 90, "before"), (50, 30, "before"), (140, 60, "after"), (170, 60, "after")]
"""left edge, height, and class of each bar"""
COLOURS = {{"before": "#8a8a8a", "after": "#2b6cb0"}}

bars = "\\n".join(
    f'<rect x="{{x}}" y="{{110 - height}}" width="20" height="{{height}}" fill="{{COLOURS[kind]}}"/>'
    for x, height, kind in BARS
)
svg = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 120" width="420">
{{bars}}
<path d="M90 60h30m-8-6l8 6-8 6" stroke="#333" fill="none" stroke-width="2"/>
</svg>
"""
figures = Path(__file__).parents[2] / "figures"
figures.mkdir(exist_ok=True)
(figures / "standardise.svg").write_text(svg)
'''

FIGURE_TEXT = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 120" width="420">
<rect x="20" y="20" width="20" height="90" fill="#8a8a8a"/>
<rect x="50" y="80" width="20" height="30" fill="#8a8a8a"/>
<rect x="140" y="50" width="20" height="60" fill="#2b6cb0"/>
<rect x="170" y="50" width="20" height="60" fill="#2b6cb0"/>
<path d="M90 60h30m-8-6l8 6-8 6" stroke="#333" fill="none" stroke-width="2"/>
</svg>
"""


def example_files(name: str) -> dict[str, str]:
    """Return path in the assignment's folder -> text. name: the assignment's name."""
    notebook = {"cells": _cells(name), "metadata": {"kernelspec": KERNEL, "language_info": {"name": "python"}}}
    return {
        f"{name}.ipynb": json.dumps({**notebook, "nbformat": 4, "nbformat_minor": 5}, indent=1, ensure_ascii=False),
        "public_tests.py": PUBLIC_TESTS,
        FIGURE: FIGURE_TEXT,
        f"{PRIVATE}/hidden_tests.py": HIDDEN_TESTS,
        f"{PRIVATE}/{MISCONCEPTIONS}/{EXERCISE}.py": MISCONCEPTION,
        f"{PRIVATE}/{RIGHT_ANSWERS}/{EXERCISE}.py": RIGHT_ANSWER,
        f"{PRIVATE}/{DRAW_FIGURES}/__main__.py": DRAWING.format(name=name),
        **{
            f"{PRIVATE}/{SAMPLE_ANSWERS}/{student}.py": f"# %% {EXERCISE}\ndef {EXERCISE}(X):\n    {body}\n"
            for student, body in SAMPLES.items()
        },
    }


def _cells(name: str) -> list[dict[str, Any]]:
    title = name.replace("_", " ").replace("-", " ").capitalize()
    # With this tag, "Run All" goes on after an exercise that is not done.
    raises = ["raises-exception"]
    return [
        _cell("title", "markdown", TITLE.format(title=title)),
        _cell("packages", "code", PACKAGES),
        _cell(f"{EXERCISE}-text", "markdown", TASK),
        _cell(f"{EXERCISE}-solution", "code", SOLUTION, nbgrader=_graded(f"{EXERCISE}_solution", solution=True)),
        _cell(f"{EXERCISE}-try", "code", TRY, tags=raises),
        _cell(f"{EXERCISE}-expected", "markdown", EXPECTED),
        _cell(f"{EXERCISE}-test", "code", TEST, nbgrader=_graded(EXERCISE, points=10), tags=raises),
    ]


def _cell(cell_id: str, kind: str, source: str, **metadata: Any) -> dict[str, Any]:
    cell = {"cell_type": kind, "id": cell_id, "metadata": metadata, "source": source}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _graded(grade_id: str, solution: bool = False, points: float | None = None) -> dict[str, Any]:
    about = {"cell_type": "code", "grade": not solution, "grade_id": grade_id, "locked": not solution}
    about |= {"schema_version": 3, "solution": solution, "task": False}
    return about if points is None else about | {"points": points}
