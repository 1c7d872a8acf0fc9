"""Habits of notebook users cost no points, and what was read otherwise is said to instructor and student."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from notebooks import cell_of, code
from small_courses import QUICK, RIGHT, chain, filled

from grader.assignments.assignment import Assignment
from grader.judging.grade import grade
from grader.judging.graded_notebook import graded_notebook
from grader.results.codec import result_json
from grader.results.records import NOTICES, Result
from grader.sandbox import Sandbox

Notebook = dict[str, Any]
FULL = 11
IMPATIENT = replace(QUICK, limits=replace(QUICK.limits, cell_seconds=0.3))
TWO_STEPS = "def quadruple(x):\n    y = double(x)\n    z = double(y)\n    return z"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    return chain(tmp_path_factory.mktemp("chain")).assignment("chain")


def answered(small: Assignment, **answers: str) -> Notebook:
    return filled(small.release / "chain.ipynb", RIGHT | answers)


def graded(notebook: Notebook, small: Assignment, sandbox: Sandbox, settings: Any = QUICK) -> Result:
    return grade(json.dumps(notebook).encode(), small, sandbox, settings)


def place_of(notebook: Notebook, grade_id: str) -> int:
    return notebook["cells"].index(cell_of(notebook, grade_id))


# ------------------------------------------------------------------ lines that fail


@pytest.mark.parametrize(
    "lines",
    [
        "import google.colab\nimport math",
        "import pandas_not_here as pd\nfrom tqdm.not_here import tqdm\nimport math",
        "import matplotlib\nmatplotlib.use('TkAgg')\nimport math",
        "!pip install torch\n%cd /content\n%load_ext nothing\nimport math",
        "%tensorflow_version 2.x\nimport math",
    ],
)
def test_imports_below_a_failed_one_are_there(lines: str, small: Assignment, sandbox: Sandbox) -> None:
    """Is an answer right that needs what is imported below the line that failed?"""
    notebook = answered(small, double="def double(x):\n    return int(math.fsum([x, x]))")
    notebook["cells"][0]["source"] = lines
    assert graded(notebook, small, sandbox).score == FULL


def test_cause_of_a_failed_import_comes_first(small: Assignment, sandbox: Sandbox) -> None:
    """Is the failed line named with cell, line and error, before all other problems?"""
    notebook = answered(small, double="def double(x):\n    return pd.double(x)")
    notebook["cells"][0]["source"] = "\n\nimport math\nimport pandas_not_here as pd"
    result = graded(notebook, small, sandbox)
    assert result.problems[0].startswith(
        "cell 1 (packages), line 4 (`import pandas_not_here as pd`) failed (ModuleNotFoundError: No module named"
    )
    assert result.notices == result.problems[:1] == tuple(result_json(result)["notices"])


def test_further_failed_lines_are_counted(small: Assignment, sandbox: Sandbox) -> None:
    """Does the sentence on further failed lines agree with their number?"""
    for others, words in ((1, " Line 2 failed, too."), (2, " Lines 2, 3 failed, too.")):
        notebook = answered(small)
        lines = [f"import not_here_{number}" for number in range(others + 1)]
        notebook["cells"].insert(0, code("packages", "\n".join([*lines, "import math"])))
        assert words in graded(notebook, small, sandbox).notices[0]


def test_cell_of_one_line_has_no_other_lines(small: Assignment, sandbox: Sandbox) -> None:
    """Does the notice on a cell of one failed line say nothing of others?"""
    notebook = answered(small)
    notebook["cells"].insert(0, code("drive", "import google.colab"))
    assert "other lines" not in graded(notebook, small, sandbox).notices[0]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("{}\nimport time\ntime.sleep(60)\nlast = 1", "line 4 (`time.sleep(60)`)"),
        ("{}\n%timeit -n 1 -r 1 __import__('time').sleep(60)\nlast = 1", "line 3 (`%timeit"),
        ("import time\ntime.sleep(60)\n{}\nlast = 1", "line 2 (`time.sleep(60)`)"),
        ("\n\n{}\nwhile True:\n    pass\nlast = 1", "line 5 (`while True:`)"),
        ("{}\nimport os\nos._exit(1)\nlast = 1", "line 4 (`os._exit(1)`)"),
    ],
)
def test_slow_or_fatal_line_costs_itself(source: str, line: str, small: Assignment, sandbox: Sandbox) -> None:
    """Does the function count, and the rest of its cell, and is the line named?"""
    last = "def apart():\n    return 'apart' * last"
    notebook = answered(small, double=source.format(RIGHT["double"]), apart=last)
    result = graded(notebook, small, sandbox, IMPATIENT)
    assert result.score == FULL
    assert line in result.notices[0] and "was left out" in result.notices[0]


def test_another_error_does_not_replace_what_a_kernel_would_keep(small: Assignment, sandbox: Sandbox) -> None:
    """Is a later cell that raises, and would then define the function anew, without effect as in a kernel?"""
    notebook = answered(small)
    notebook["cells"].insert(2, code("scratch", "1 / 0\ndef double(x):\n    return None"))
    assert graded(notebook, small, sandbox).score == FULL


# ------------------------------------------------------------------ answers elsewhere


@pytest.mark.parametrize("kind", ["markdown", "raw"])
@pytest.mark.parametrize("form", ["{}", "```python\n{}\n```"])
def test_answer_made_text_is_judged_as_code(kind: str, form: str, small: Assignment, sandbox: Sandbox) -> None:
    """Is it full points, and said?"""
    notebook = answered(small, double=form.format(RIGHT["double"]))
    cell_of(notebook, "double_solution")["cell_type"] = kind
    result = graded(notebook, small, sandbox)
    assert result.score == FULL and result.tampering == ()
    assert f"is a {kind} cell and holds an answer" in result.notices[0]


def test_text_that_quotes_an_answer_given_elsewhere_stays_text(small: Assignment, sandbox: Sandbox) -> None:
    """Is a draft in prose left alone, where the answer stands in code?"""
    notebook = answered(small)
    draft = {"cell_type": "markdown", "id": "draft", "metadata": {}, "source": "def double(x):\n    return 5"}
    notebook["cells"].insert(3, draft)
    result = graded(notebook, small, sandbox)
    assert (result.score, result.notices) == (FULL, ())


@pytest.mark.parametrize("keeps_metadata", [True, False])
@pytest.mark.parametrize(
    "pieces",
    [
        ["def quadruple(x):\n    y = double(x)", "    z = double(y)\n    return z"],
        ["def quadruple(x):", "    y = double(x)", "    z = double(y)\n    return z"],
        ["def quadruple(x):\n    y = double(x)\n    ", "z = double(y)\n    return z"],
        ["def quadruple(x):\n    return double(", "double(x))"],
        ["def quadruple(x):\n    if x == 99:\n        return 396", "    return double(double(x))"],
        ["def quadruple(x):\n    '''Four", "times x.'''\n    return 4 * x"],
    ],
)
def test_split_answer_is_joined(pieces: list[str], keeps_metadata: bool, small: Assignment, sandbox: Sandbox) -> None:
    """Is an answer right that was cut into cells, wherever the cut lies, and is that the one thing said?"""
    notebook = answered(small)
    place = place_of(notebook, "quadruple_solution")
    cell = notebook["cells"][place]
    parts = [copy.deepcopy(cell) if keeps_metadata or not i else code("x", "") for i in range(len(pieces))]
    for number, (part, text) in enumerate(zip(parts, pieces, strict=True)):
        part |= {"source": text, "id": f"part-{number}"}
    notebook["cells"][place : place + 1] = parts
    result = graded(notebook, small, sandbox)
    assert (result.score, len(result.notices)) == (FULL, 1)
    assert "an answer is split there" in result.notices[0]


def test_indented_demonstration_below_an_answer_is_not_joined(small: Assignment, sandbox: Sandbox) -> None:
    """Does a cell run by itself that begins with spaces, behind an answer that is whole?"""
    notebook = answered(small, quadruple=TWO_STEPS)
    place = place_of(notebook, "quadruple_solution") + 1
    notebook["cells"].insert(place, code("demo", "    print(quadruple(3))"))
    result = graded(notebook, small, sandbox)
    assert (result.score, result.notices) == (FULL, ())
    assert result.cells[place].outputs[0]["text"] == "12\n"


def test_syntax_error_stays_one_where_the_next_cell_does_not_help(small: Assignment, sandbox: Sandbox) -> None:
    """Is nothing joined that is no answer then either?"""
    notebook = answered(small, quadruple="def quadruple(x):\n    return 4 * *")
    notebook["cells"].insert(place_of(notebook, "quadruple_solution") + 1, code("next", "four = 4"))
    result = graded(notebook, small, sandbox)
    assert (result.score, result.notices) == (8, ())


@pytest.mark.parametrize("stub", ["# your answer", "", "pass"])
@pytest.mark.parametrize("below", [True, False])
def test_answer_in_another_cell_counts(stub: str, below: bool, small: Assignment, sandbox: Sandbox) -> None:
    """Does it, wherever it stands, and whatever was left in its own cell?"""
    notebook = answered(small, double=stub)
    place = place_of(notebook, "double") + 1 if below else 0
    notebook["cells"].insert(place, code("mine", RIGHT["double"]))
    result = graded(notebook, small, sandbox)
    assert result.score == FULL
    assert result.notices == (
        f"double: the answer stands in cell {place + 1}, not in its own cell double_solution: it was judged from "
        "there. Move it into its own cell",
    )


def test_answer_in_its_own_cell_is_not_replaced_by_a_draft(small: Assignment, sandbox: Sandbox) -> None:
    """Does the answer's own cell win over an earlier one, and is nothing said?"""
    notebook = answered(small)
    notebook["cells"].insert(0, code("draft", "def double(x):\n    return 5"))
    result = graded(notebook, small, sandbox)
    assert (result.score, result.notices) == (FULL, ())


# ------------------------------------------------------------------ other files and editions


def test_older_edition_is_one_sentence(small: Assignment, sandbox: Sandbox) -> None:
    """Is a notebook with other grade ids judged by its functions, and named once?"""
    notebook = answered(small)
    for number, cell in enumerate(notebook["cells"]):
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["grade_id"] = f"cell-{number}"
    result = graded(notebook, small, sandbox)
    assert (result.score, result.tampering, len(result.problems)) == (FULL, (), 1)
    assert "not of this edition" in result.problems[0] and "(4 of 4)" in result.problems[0]


def test_script_with_a_notebooks_name_is_judged(small: Assignment, sandbox: Sandbox) -> None:
    """Is an export as a script judged, named, and kept in the graded notebook?"""
    script = "#!/usr/bin/env python\n# coding: utf-8\n\n# In[1]:\n\n" + "\n\n# In[ ]:\n\n".join(RIGHT.values())
    result = grade(script.encode(), small, sandbox, QUICK)
    assert result.score == FULL
    assert result.problems == ("is a Python script, not a notebook: its code was judged. Hand in the notebook itself",)
    kept = json.loads(graded_notebook(small, result))
    assert RIGHT["double"] in [cell["source"] for cell in kept["cells"]]


# ------------------------------------------------------------------ the graded notebook


def notices_in(notebook: bytes) -> list[list[str]]:
    cells = json.loads(notebook)["cells"]
    data = [output.get("data", {}) for cell in cells for output in cell.get("outputs", ())]
    return [entry[NOTICES] for entry in data if NOTICES in entry]


def test_graded_notebook_keeps_the_notices_once(small: Assignment, sandbox: Sandbox) -> None:
    """Does the page find them there?"""
    notebook = answered(small)
    notebook["cells"].insert(0, code("drive", "import google.colab"))
    content = json.dumps(notebook).encode()
    result = grade(content, small, sandbox, QUICK)
    assert notices_in(graded_notebook(small, result)) == [list(result.notices)]


def test_student_cannot_write_notices(small: Assignment, sandbox: Sandbox) -> None:
    """Is our media type taken out of what a student displays?"""
    notebook = answered(small)
    forged = f"display({{{NOTICES!r}: ['You are great'], 'text/plain': 'x'}}, raw=True)"
    notebook["cells"].insert(0, code("forged", forged))
    content = json.dumps(notebook).encode()
    assert notices_in(graded_notebook(small, grade(content, small, sandbox, QUICK))) == []
