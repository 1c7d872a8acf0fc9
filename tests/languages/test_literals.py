"""Are the sentences in a notebook's code translated, and strings that code reads left alone?"""

from __future__ import annotations

import pytest
from notebooks import code, markdown

from grader.languages.cells import translated_cells
from grader.languages.literals import sentences_of, titles_of, with_sentences, without_sentences
from grader.languages.paragraphs import Translate

CELL = '''%matplotlib inline
"""A docstring of words."""
names = ["a key of words", "by hand"]
if not names:
    raise ValueError(
        f"Not found: {', '.join(names)}.\\n"
        "Unpack {the} folder."
    )
assert names, "names must not be empty"
print("mean of Z =", data["a key"].mean(), mode("max value"), "good" if names else 'a "bad" one')
print(f"{names[0]!r:>4}", f"row {names:{3}} of {{4}}", "x.shape =", "n_C", "Z[0, 1] =", end=" and so on")
show_figure("Left: a window.")
'''
ENTRIES = [
    "Not found: {1}.\nUnpack {the} folder.",
    "names must not be empty",
    "mean of Z =",
    "good",
    'a "bad" one',
    "row {1} of {4}",
    "Left: a window.",
]


def test_what_a_cell_says_is_an_entry() -> None:
    """Are its sentences found, with numbers in place of values, and neither keys nor names nor options?"""
    assert sorted(sentences_of(CELL)) == sorted(ENTRIES)
    titles = set(titles_of(CELL))
    assert {"a key of words", "by hand"} <= titles and not titles & set(ENTRIES)
    assert list(titles_of("print('a title of words')")) == []


@pytest.mark.parametrize("change", [str.upper, lambda text: f'"{text}"', lambda text: f"'{text}\\ {{9}}\n"])
def test_translated_cell_is_the_same_code(change: Translate) -> None:
    """Does it compile, whatever the translation holds, and differ in sentences only?"""
    fresh = with_sentences(CELL, change)
    compile(fresh.replace("%matplotlib inline", ""), "cell", "exec")
    assert without_sentences(fresh) == without_sentences(CELL) != CELL
    assert with_sentences(CELL, str) == CELL


def test_values_keep_their_places() -> None:
    """Is the text that Python makes the translation, with the values in its order?"""
    source = 'a, b = 1, 2\nraise ValueError(f"{a} of {b:02}")'
    fresh = with_sentences(source, {"{1} of {2}": 'from {2} "{1}"'}.__getitem__)
    with pytest.raises(ValueError, match=r'^from 02 "1"$'):
        exec(fresh, {})


@pytest.mark.parametrize(
    "source", ["%%bash\nprint 'here", "print(f'", 'print(rb"bytes of words")', 'print(r"\\d of {x}")']
)
def test_other_code_is_left_alone(source: str) -> None:
    """Does a cell that is no Python, or another kind of string, stay as it is?"""
    assert with_sentences(source, str.upper) == source


def test_printed_values_run_from_left_to_right() -> None:
    """Has a cell a mark before each value and behind its text from right to left, and the expected output as well?"""
    cells = [
        code("try", 'print("shapes:", a, f"of {b}")'),
        markdown("expected", "```text\nshapes: (1, 2) of (3, 4)\n```"),
    ]
    texts = {("try", "shapes:"): "شکل‌ها:", ("try", "of {1}"): "از {1}"}
    shown = ["".join(cell["source"]) for cell in translated_cells(cells, texts, is_rtl=True)]
    assert shown[0] == 'print("شکل‌ها:\u200e", a, f"از \u200e{b}\u200e")'
    assert "\nشکل‌ها:\u200e (1, 2) از \u200e(3, 4)\u200e\n" in shown[1]


def test_expected_output_follows_what_the_cell_prints() -> None:
    """Has it the words of the translated cell before it, and no other block of text?"""
    cells = [
        code("try", 'print(f"step {i}: loss {loss:.2f}")\nprint("from", 0)'),
        markdown("expected", "Expected:\n\n```text\nstep 1: loss 0.50\nfrom 0 to 1, fromage\n```"),
        code("graded", 'print("from", 0)'),
        markdown("after", "```text\nfrom\n```"),
    ]
    cells[2]["metadata"] = {"nbgrader": {"grade": False, "solution": True}}
    texts = {("try", "step {1}: loss {2}"): "{2} LOSS, STEP {1}", ("try", "from"): "FROM", ("graded", "from"): "NO"}
    shown = ["".join(cell["source"]) for cell in translated_cells(cells, texts, is_rtl=False)]
    assert shown[0] == 'print(f"{loss:.2f} LOSS, STEP {i}")\nprint("FROM", 0)'
    assert "```text\n0.50 LOSS, STEP 1\nFROM 0 to 1, fromage\n```" in shown[1]
    assert shown[2:] == ['print("from", 0)', "```text\nfrom\n```"]
