"""The texts of a notebook: split without loss, and put back in another language."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

import mistune
import pytest
from courses import COURSE
from pseudo_language import pseudo

from grader.languages.cells import right_to_left, translated_cells, translated_text
from grader.languages.paragraphs import code, comments_of, misnested, pieces_of_prose, prose, translated_pieces
from grader.languages.sources import is_test, text_of
from grader.notebooks.same_code import bare, is_same

NOTEBOOKS = sorted(COURSE.glob("release/*/*.ipynb"))


def cells(path: Any) -> list[dict[str, Any]]:
    return json.loads(path.read_bytes())["cells"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_survives(path: Any) -> None:
    """Are the pieces of each cell the cell, and does its code stay with other comments?"""
    for cell in cells(path):
        source = text_of(cell)
        if cell["cell_type"] == "markdown":
            assert "".join(piece.text for piece in pieces_of_prose(source)) == source
        elif not is_test(cell):
            assert code(source, lambda text: text) == source
            assert bare(code(source, lambda text: "Other\nlines")) == bare(source)
            assert is_same(code(source, pseudo), source)


PROSE = """### 3.1 - A *title*

A first line
goes on.

- item `a`
- item $b$

> quoted **text**

| name | meaning |
|---|---|
| `f` | size |
| 1 | 2 |

```python
# not translated
```

$$
Z = 1
$$
<img src="a.svg" alt="A picture"> and
<details><summary>Hint 1</summary>

An answer.

</details>"""


def test_entries_are_paragraphs() -> None:
    """Is each paragraph, item, row, summary and alternative text an entry, without marks, code and formulas?"""
    assert [piece.text for piece in pieces_of_prose(PROSE) if piece.is_entry] == [
        "3.1 - A *title*",
        "A first line\ngoes on.",
        "item `a`",
        "item $b$",
        "quoted **text**",
        "| name | meaning |",
        "| `f` | size |",
        "A picture",
        "Hint 1",
        "An answer.",
    ]
    assert prose(PROSE, lambda text: text.upper()).count("# not translated") == 1


HINT = """Start here.

<details><summary>Hint 1</summary>

First this:

```python
for i in range(m):
    ...  # take one example
```

Then $$ as it was:
$$
Z = 1
$$
goes on.

</details>

> quoted
> ```text
> # no comment
> ```

1. one
   ```text
   two
   ```
2. three"""


class Opened(HTMLParser):
    """The elements around each text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.stack: list[tuple[str, str]] = []
        self.around: dict[str, list[tuple[str, str]]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.stack.append((tag, dict(attrs).get("dir") or ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop()[0] == tag, f"{tag} ends another element"

    def handle_data(self, data: str) -> None:
        self.around |= {data.strip(): list(self.stack)} if data.strip() else {}


def test_code_in_a_hint_stays_in_the_hint_from_right_to_left() -> None:
    """Is code in a folded hint folded, in a list in the list, from left to right, with its comment translated?"""
    shown = mistune.html(right_to_left(translated_pieces(HINT, str.upper)))
    around = Opened(str(shown)).around
    (code_,) = (found for text, found in around.items() if "TAKE ONE EXAMPLE" in text)
    assert [tag for tag, _ in code_] == ["div", "details", "div", "pre", "code"]
    assert [direction for tag, direction in code_ if tag == "div"] == ["rtl", "ltr"]
    for text, parents in (("THEN $$ AS IT WAS:", ["rtl"]), ("GOES ON.", ["rtl"]), ("$$\nZ = 1\n$$", ["rtl", "ltr"])):
        assert [direction for tag, direction in around[text] if tag == "div"] == parents
        assert ("details", "") in around[text]
    assert ("blockquote", "") in around["# no comment"] and ("li", "") in around["two"]
    assert around["two"][-3][1] == around["# no comment"][-3][1] == "ltr"
    assert "TWO" not in around and ("ol", "") in around["THREE"]


def test_readme_runs_right_to_left_as_the_notebook_does() -> None:
    """Has a Markdown file its direction, and none in another language?"""
    assert translated_text("# Read me\n", str.upper, is_rtl=True) == '<div dir="rtl">\n\n# READ ME\n\n</div>\n'
    assert translated_text("# Read me\n", str.upper, is_rtl=False) == "# READ ME\n"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("<details><summary>a</summary>\n\nb</div>\n\n</details>", "</div> closes another"),
        ('<div dir="rtl">\n\n<details>\n\n</div>\n\n</details>', "</div> closes another"),
        ("<details>\n\na", "<details> is not closed."),
        ("a</bdi>", "</bdi> closes another"),
        ('<img src="a.svg"> a<br>b <bdi>c</bdi> `</div>` $a<b$\n```\n</p>\n```\n$$\n1 <p >\n$$', ""),
    ],
)
def test_tags_in_a_wrong_order_are_named(source: str, told: str) -> None:
    """Is an element that ends too early, or never, found, and no code taken for a tag?"""
    assert misnested(source).startswith(told) and bool(misnested(source)) == bool(told)


CODE = '''def f(x):
    """Do it.

    Arguments:
        x: array (m,), the input
            of the layer
    """
    # First do this,
    # then that (≈2 lines)
    # y = None
    ### START CODE HERE ###
    raise NotDoneYet  # put your code here
    ### END CODE HERE ###
    return "# no comment"'''


def test_comments_and_docstrings_are_entries_and_code_is_not() -> None:
    """Are lines of code in comments, marks and strings left out, and lines of one comment together?"""
    assert [comment.text for comment in comments_of(CODE)] == [
        "Do it.",
        "Arguments:",
        "x: array (m,), the input\nof the layer",
        "First do this,\nthen that (≈2 lines)",
        "put your code here",
    ]
    translated = code(CODE, lambda text: text.replace("\n", " ").upper())
    assert "    # FIRST DO THIS, THEN THAT (≈2 LINES)\n    # y = None" in translated
    assert bare(translated) == bare(CODE) and not is_same(CODE.replace("f(x)", "f(y)"), CODE)


def test_a_magic_or_half_a_program_is_left_alone() -> None:
    """Is a cell that is no Python copied?"""
    for source in ("%%bash\nls # 'here", "def f(:", "x = '''"):
        assert code(source, lambda text: "X") == source


def test_links_follow_their_headings_and_prose_runs_right_to_left() -> None:
    """Does a link to a heading lead to the translated one, with code isolated and pictures as they were?"""
    source = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "[1](<#2---The-end>) uses `Z`\n\n```\nx\n```"},
        {"cell_type": "markdown", "id": "b", "metadata": {}, "source": ["## 2 - The end"]},
    ]
    texts = {("b", "2 - The end"): "2 - پایان", ("a", "[1](<#2---The-end>) uses `Z`"): "[1](<#2---The-end>) `Z`"}
    first, second = ["".join(cell["source"]) for cell in translated_cells(source, texts, is_rtl=True)]
    assert second == '<div dir="rtl">\n\n## 2 - پایان\n\n</div>'
    words, fence = '[1](<#2---پایان>) <bdi dir="ltr">`Z`</bdi>', "```\nx\n```"
    assert first == f'<div dir="rtl">\n\n{words}\n\n<div dir="ltr">\n\n{fence}\n\n</div>\n\n</div>'
