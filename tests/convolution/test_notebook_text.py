"""The notebook does what its text says: expected outputs, demonstrations, hints, the cell that looks for files."""

from __future__ import annotations

import contextlib
import importlib.util
import inspect
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest
from courses import COURSE, NAME
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from notebooks import read, text_of

from grader.assignments.assignment import Assignment
from grader.assignments.layout import RIGHT_ANSWERS

RELEASE = COURSE / "release" / NAME
CELLS = {cell["id"]: cell for cell in read(RELEASE / f"{NAME}.ipynb")["cells"]}
SHOWN = [cell_id.removesuffix("-expected") for cell_id in CELLS if cell_id.endswith("-expected")]
SLOPE = "    raise NotDoneYet  # put your three lines here, in place of this one"


def source(cell_id: str) -> str:
    return "\n".join(line for line in text_of(CELLS[cell_id]).split("\n") if not line.startswith("%"))


def code_block(cell_id: str, kind: str) -> str:
    return re.search(rf"```{kind}\n(.*?)\n```", text_of(CELLS[cell_id]), re.DOTALL)[1]


def printed(cell_id: str, names: dict[str, Any]) -> str:
    """Run a cell of the release; what it printed. The check of gradients is filled in as its last hint says."""
    lines = code_block("gradient-check", "python").split("\n")
    text = source(cell_id).replace(SLOPE, "\n".join(f"    {line}" for line in lines))
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(text, cell_id, "exec"), names)
    return out.getvalue()


@pytest.fixture(scope="module")
def names(assignment: Assignment) -> Iterator[dict[str, Any]]:
    """What the notebook's imports define, and the master's solutions."""
    matplotlib.use("agg")
    names: dict[str, Any] = {}
    with assignment.importable():
        exec(source("packages"), names)
        names |= {name: assignment.reference[name] for name in assignment.exercises}
        printed("see-it-work-code", names)
        printed("gradient-check-slope", names)
        yield names


@pytest.mark.parametrize("stem", SHOWN)
def test_expected_output_is_what_the_cell_prints(stem: str, names: dict[str, Any]) -> None:
    """Does the cell print, with right solutions, just what stands below it?"""
    cell_id = f"{stem}-try" if f"{stem}-try" in CELLS else f"{stem}-code"
    assert printed(cell_id, dict(names)).rstrip("\n") == code_block(f"{stem}-expected", "text")


def test_every_demonstration_has_its_output_beside_it() -> None:
    """Do the sections after the exercises show what to expect, too?"""
    assert {"gradient-check", "learn", "receptive-field"} < set(SHOWN)


def test_layer_learns_with_any_right_answer(names: dict[str, Any], assignment: Assignment) -> None:
    """Does the loss fall as far with vectorised answers as with loops?"""
    pairs = [
        (forward.function, backward.function)
        for forward, backward in zip(
            assignment.answers_to("conv_forward", RIGHT_ANSWERS),
            assignment.answers_to("conv_backward", RIGHT_ANSWERS),
            strict=False,
        )
    ]
    assert len(pairs) > 3
    for forward, backward in pairs:
        said = printed("learn-code", {**names, "conv_forward": forward, "conv_backward": backward})
        assert float(re.search(r"loss is (\d+) times smaller", said)[1]) > 500


def test_learnt_filter_is_the_hidden_one(names: dict[str, Any]) -> None:
    """Does the layer find the left-right filter that it was never told?"""
    after = dict(names)
    printed("learn-code", after)
    np.testing.assert_allclose(after["W"][:, :, 0, 0], names["left_right"], atol=0.25)


def test_check_of_gradients_that_is_not_begun_is_one_friendly_line(names: dict[str, Any]) -> None:
    """Does the comparison say, before it prints anything, which function is still to be written?"""
    unsolved = dict(names)
    exec(source("gradient-check-slope"), unsolved)
    said = io.StringIO()
    with contextlib.redirect_stdout(said), pytest.raises(names["NotDoneYet"]) as raised:
        exec(source("gradient-check-code"), unsolved)
    assert said.getvalue() == ""
    assert raised.value._render_traceback_() == ["slope is not done yet: put your code in place of `raise NotDoneYet`."]


def test_outline_leads_to_each_exercise() -> None:
    """Is each link within the notebook a heading's name, as Jupyter makes it?"""
    prose = "\n".join(text_of(cell) for cell in CELLS.values() if cell["cell_type"] == "markdown")
    headings = {line.lstrip("#").strip().replace(" ", "-") for line in prose.split("\n") if re.match("#+ ", line)}
    links = re.findall(r"\]\(<#([^>]*)>\)", prose)
    assert len(links) == 8 and set(links) <= headings


def test_framework_prints_the_same_numbers(names: dict[str, Any]) -> None:
    """Are the printed numbers those of one's own layer on the same inputs, and is the code right where torch is?"""
    code, shown = code_block("framework", "python"), code_block("framework", "text")
    inputs = code[code.index("np.random.seed") : code.index("x = ")]
    own = dict(names)
    exec(inputs, own)
    Z, _ = own["conv_forward"](own["A_prev"], own["W"], own["b"], {"stride": 2, "pad": 1})
    numbers = [float(number) for number in re.findall(r"-?\d+\.\d{4}", shown)]
    np.testing.assert_allclose(numbers, Z[0, 2, 1], atol=6e-5)
    if importlib.util.find_spec("torch"):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(code, dict(names))
        assert out.getvalue().split() == shown.split()


def test_wrong_gradient_is_seen_in_the_check(names: dict[str, Any]) -> None:
    """Do the two columns differ where a formula is wrong?"""

    def halved(dZ: np.ndarray, cache: tuple) -> tuple:
        dA_prev, dW, db = names["conv_backward"](dZ, cache)
        return dA_prev, dW / 2, db

    said = printed("gradient-check-code", {**names, "conv_backward": halved})
    rows = [line.rsplit(maxsplit=2)[-2:] for line in said.splitlines()[1:]]
    assert len(rows) == 5
    assert all(float(formula) * 2 == pytest.approx(float(measured), abs=2e-6) for formula, measured in rows)


@pytest.mark.parametrize("exercise", ["conv_forward", "pool_forward", "conv_backward"])
def test_names_of_hints_are_defined_by_the_skeleton(exercise: str) -> None:
    """Does a student who follows hints and skeleton to the letter meet no name that is defined nowhere?"""
    stem = exercise.replace("_", "-")
    skeleton, text = source(f"{stem}-solution"), text_of(CELLS[f"{stem}-text"])
    # a_prev[0:2, 0:2, :] is an example with numbers, and says itself what a_prev is
    used = set(re.findall(r"\b(d?[aA]_prev\w*|a_slice\w*)\b(?=\[(?!\d))", skeleton + text))
    head = skeleton[: skeleton.index('"""')]
    defined = set(re.findall(r"\b(\w+) = ", skeleton)) | set(re.findall(r"\w+", head)) | {"A_prev", "dA_prev"}
    assert used <= defined
    assert used


@pytest.mark.parametrize(
    ("exercise", "arguments"),
    [
        ("conv_forward", ""),
        ("pool_forward", "hparameters, mode = {'stride': 1, 'f': 3}, 'max'"),
        ("conv_backward", "dZ, cache = Z, cache_conv"),
    ],
)
def test_lines_of_a_function_run_in_a_cell_of_their_own(
    exercise: str, arguments: str, names: dict[str, Any], assignment: Assignment
) -> None:
    """Does the advice for wrong numbers work to the letter: no name that only the function or its loops define?"""
    advice = re.search(r"1\. (.*)", text_of(CELLS["title"]))[1]
    left_out = re.findall(r"`(\w+)`", advice.split(" lines, ")[0])
    assert left_out == ["def", "for", "return"]
    own = dict(names)
    printed(f"{exercise.replace('_', '-')}-try", own)
    source_lines = inspect.getsource(assignment.reference[exercise]).split('"""')[2].split("\n")
    lines = [line.strip() for line in source_lines if not line.strip().startswith(tuple(left_out))]
    indices = re.search(r"`(i, h, w, c = [^`]*)`", advice)[1]
    exec("\n".join([arguments, indices, *lines]), own)
    assert own["vert_start"] == own["hparameters"]["stride"] and own["f"] == own["vert_end"] - own["vert_start"]


def test_notebook_alone_says_what_to_do_in_two_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does the first cell stop a notebook without its files, with two lines in place of a traceback?"""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    shell = InteractiveShell.instance()
    try:
        with capture_output() as captured:
            result = shell.run_cell(source("companions"))
    finally:
        InteractiveShell.clear_instance()
    assert not result.success
    lines = captured.stdout.strip().splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("Not found next to this notebook: checks, public_tests")
    assert "one_file/" in lines[1]


def test_formulas_are_numbered_in_order() -> None:
    """Do the numbers of the formulas run from 1 without a gap?"""
    tags = re.findall(r"\\tag\{(\d+)\}", "\n".join(map(text_of, CELLS.values())))
    assert list(map(int, tags)) == list(range(1, len(tags) + 1))


def test_every_table_names_its_columns() -> None:
    """Is no heading of a table empty? It is read aloud before each entry."""
    text = "\n".join(text_of(cell) for cell in CELLS.values() if cell["cell_type"] == "markdown")
    heads = re.findall(r"^(\|.*\|)\n\|[-|]+\|$", text, re.MULTILINE)
    assert len(heads) >= 4
    assert [head for head in heads if any(not name.strip() for name in head.strip("|").split("|"))] == []


def test_every_picture_that_a_cell_draws_has_a_text() -> None:
    """Is matplotlib's own show, whose pictures have no alternative text, used nowhere?"""
    code = [text_of(cell) for cell in CELLS.values() if cell["cell_type"] == "code"]
    assert not [text for text in code if "plt.show()" in text]
    assert sum(text.count("show_figure(") for text in code) == 4
