"""Cells of strangers in the feedback page: all is shown, as text or as a checked picture, and nothing acts."""

from __future__ import annotations

import base64
import html
import re
import struct
import zlib
from html.parser import HTMLParser
from typing import Any

import pytest
from graded_cells import (
    MISTAKE,
    answer,
    displayed,
    outcome_of,
    own,
    page_of,
    picture,
    raised,
    scored,
    stream,
)
from notebooks import markdown

from grader.common.expendable import in_child
from grader.pages.cells import MAX_OUTPUT, MAX_PICTURES, plain, shown_cell
from grader.pages.exercise_cells import exercise_cells
from grader.pages.pictures import SIGNATURE, clean_png
from grader.results.records import CellOutcome, CheckOutcome, ExerciseOutcome, Misconception

EVIL = '</pre></code><script>alert(1)</script><img src=x onerror=alert(1)>"\x1b[31m\u202ered\udc80'
FAILED = outcome_of("sums", CellOutcome((CheckOutcome("a", 1, False, "no"),)))


class Parts(HTMLParser):
    """The tags, attributes and texts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}
        self.addresses |= {value for name, value in attributes if name in ("src", "href", "action", "data") and value}

    def handle_data(self, text: str) -> None:
        self.text += text


def png(*chunks: tuple[bytes, bytes]) -> str:
    """A file of these chunks, in base64."""
    packed = (struct.pack(">I4s", len(d), k) + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks)
    return base64.b64encode(SIGNATURE + b"".join(packed)).decode()


HEAD = (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
BODY = (b"IDAT", zlib.compress(b"\0\0"))
END = (b"IEND", b"")


def test_nothing_of_a_strangers_acts() -> None:
    """Wherever a hostile text stands, is it shown as text, with no tag, attribute or address of its own?"""
    check = CheckOutcome(EVIL, 1, False, EVIL, EVIL, False, {"output": EVIL, "index": [0], "axes": [EVIL], "got": EVIL})
    test = CellOutcome((check,), mistake=Misconception(EVIL, EVIL, EVIL), message=EVIL)
    outcome = ExerciseOutcome(EVIL, EVIL, 1, True, test, (EVIL,), EVIL)
    outputs = [stream(EVIL), stream(EVIL, "stderr"), raised(EVIL, EVIL, EVIL)]
    kinds = ("text_html", "image_svg+xml", "application_javascript", "text_markdown", "text_latex", "image_png")
    outputs += [displayed(**{kind: EVIL, "text_plain": EVIL}) for kind in kinds]
    cells = [answer("x", EVIL, outputs), scored(outcome)]
    page = page_of(outcome, cells=cells, student=EVIL, name=EVIL, assignment=EVIL, comments={"x_solution": EVIL})
    parts = Parts(page)
    assert "script" not in parts.tags
    assert "img" not in parts.tags
    assert not [name for name in parts.attributes if name.startswith("on")]
    assert not [address for address in parts.addresses if not address.startswith(("#", "data:,"))]
    assert parts.text.count("<script>alert(1)</script>") >= 20
    assert r"\x1b[31m\u202ered\udc80" in parts.text
    assert not [character for character in "\x1b\u202e\udc80" if character in page]


def test_students_html_is_not_shown() -> None:
    """Of an output that is HTML, SVG or markdown, is only its plain text shown?"""
    rich = displayed(text_html="<b>rich</b>", **{"image_svg+xml": "<svg>rich</svg>"}, text_plain="plain")
    page = page_of(FAILED, cells=[answer("sums", "1", [rich]), scored(FAILED)])
    assert "plain" in page
    assert "rich" not in page


def test_students_text_cells_are_not_shown() -> None:
    """Is nothing of a text cell shown, neither its HTML nor the pictures pasted into it?"""
    text = markdown("own", "<b>rich</b> ![rich](attachment:rich.png)")
    text |= {"attachments": {"rich.png": {"image/png": picture()}}}
    page = page_of(FAILED, cells=[text, answer("sums", "1"), scored(FAILED)])
    assert "rich" not in page
    assert picture() not in page


def test_long_output_is_cut_with_a_note() -> None:
    """Is a line of 100,000 characters, and a text of 100,000 lines, cut, and does it say by how much?"""
    for text in ("x" * 100_000, "x\n" * 100_000):
        shown = plain(text)
        left = int(re.search(r"\[([\d,]+) more characters are not shown\]", shown)[1].replace(",", ""))
        assert len(shown) < MAX_OUTPUT + 100
        assert len(shown.rpartition("\n")[0]) + left == len(text)
    assert plain("short\n\ttext") == "short\n    text"


def test_figure_of_matplotlib_is_shown_unchanged() -> None:
    """Does a figure come through, drawn as before?"""
    import io

    from matplotlib.image import imread

    before = base64.b64decode(picture())
    assert (imread(io.BytesIO(clean_png(picture()))) == imread(io.BytesIO(before))).all()
    page = page_of(FAILED, cells=[answer("sums", "1", [displayed(image_png=picture())]), scored(FAILED)])
    assert re.search(r'<img src="data:image/png;base64,[\w+/=]+" alt="Figure that cell 1 drew">', page)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "not base64!",
        base64.b64encode(b"<svg onload=alert(1)>").decode(),
        base64.b64encode(SIGNATURE).decode(),
        png(HEAD, BODY),
        png(BODY, END),
        png(HEAD, HEAD, END),
        png(HEAD, BODY, END, (b"tEXt", b"after the end")),
        png((b"IHDR", struct.pack(">IIBBBBB", 1 << 20, 1 << 20, 8, 0, 0, 0, 0)), BODY, END),
        png((b"IHDR", b""), BODY, END),
        png(HEAD, BODY, END)[:-8] + "AAAAAAA=",
        base64.b64encode(base64.b64decode(png(HEAD, BODY, END)) + b"PK\3\4").decode(),
        None,
        7,
    ],
    ids=[
        *("empty", "no base64", "SVG", "signature alone", "no end", "no head", "two heads", "more behind the end"),
        *("huge", "head too short", "damaged", "another file behind it", "nothing", "a number"),
    ],
)
def test_what_is_no_picture_is_left_out(content: object) -> None:
    """Is data that is no whole PNG of a sensible size refused, whatever it calls itself?"""
    assert clean_png(content) == b""


def test_picture_loses_what_does_not_draw() -> None:
    """Are texts and unknown chunks of a picture left out?"""
    told = png(HEAD, (b"tEXt", b"Comment\0<script>"), (b"zzZz", b"?"), BODY, END)
    assert clean_png(told) == base64.b64decode(png(HEAD, BODY, END))


def test_number_of_pictures_is_limited() -> None:
    """Do pictures without end not make a page without end?"""
    outputs = [displayed(image_png=picture())] * (MAX_PICTURES + 3)
    shown = shown_cell(1, answer("sums", "1", outputs)).outputs
    assert [output.kind for output in shown] == ["picture"] * MAX_PICTURES


@pytest.mark.parametrize(
    ("findings", "outputs", "named"),
    [
        (["raised TypeError: x (line 2 of the cell, in f)"], [], {2}),
        (["raised TypeError: x (line 2 of the cell, in g)"], [], set()),
        ([], [raised("ValueError", "x", "Cell In[7], line 3, in f()\n")], {3}),
        ([], [raised("ValueError", "x", "Cell In[8], line 3, in f()\n")], set()),
        ([], [raised("SyntaxError", "expected ':' (<ipython-input-7-8c>, line 1)", "  Cell In[7], line 1")], {1}),
        ([], [raised("IndentationError", "unindent (<tokenize>, line 4)", "  File <tokenize>:4")], {4}),
    ],
    ids=["a finding", "of another function", "a traceback", "of another cell", "syntax", "indentation"],
)
def test_line_of_an_error_is_marked(findings: list[str], outputs: list[dict], named: set[int]) -> None:
    """Is the line marked that a finding, a traceback or a syntax error names, if it is one of this cell?"""
    shown = shown_cell(1, answer("sums", "def f():\n    a\n    b\n  c", outputs, number=7), findings)
    assert shown.named == named
    page = page_of(FAILED, cells=[answer("sums", "def f():\n    a\n    b\n  c", outputs, number=7), scored(FAILED)])
    assert len(re.findall('<mark class="line">', page)) == len(named if outputs else ())


def test_code_is_whole_in_its_lines() -> None:
    """Is the code, coloured and in numbered lines, still the same text?"""
    source = '\n\ndef f(x):\n    """Of\n\n    several lines."""\n    return f"{x} <&> é" \\\n        + "b"  # done\n\n'
    page = page_of(FAILED, cells=[answer("sums", source), scored(FAILED)])
    code = re.search(r'<pre class="code"><code>(.*?)</code></pre>', page, re.DOTALL)[1]
    assert html.unescape(re.sub(r"<[^>]*>", "", code)) == source + "\n"
    assert len(re.findall('class="line"', code)) == source.count("\n") + 1
    assert re.search(r'<span class="py-k\w*">def</span>', code)


def test_cells_belong_to_the_exercise_around_them() -> None:
    """Does code go to the test after it, and right behind a test to that one?"""
    second = outcome_of("products", CellOutcome())
    cells = [
        own("start", "0"),
        answer("sums"),
        own("try", "1"),
        scored(FAILED),
        own("again", "2"),
        markdown("text", "# Next"),
        own("helper", "3"),
        answer("products"),
        scored(second),
        answer("unfinished"),
    ]
    found = {one.name: [cell["id"] for _, cell in one.cells] for one in exercise_cells(cells, ["sums", "products"])}
    assert found == {"sums": ["sums", "try", "again"], "products": ["helper", "products"], "": ["start", "unfinished"]}


def test_familiar_mistake_may_quote_code() -> None:
    """Is what stands between backticks shown as code?"""
    page = page_of(outcome_of("sums", CellOutcome((CheckOutcome("a", 1, False),), mistake=MISTAKE)))
    assert "It adds <code>b</code> twice." in page


BLANKS = "\n" * 300_000


@pytest.mark.parametrize(
    ("source", "outputs"),
    [
        (BLANKS, []),
        ("def f():" + BLANKS + "    pass", []),
        ("x", [raised("ValueError", BLANKS, BLANKS)]),
        ("x", [raised("SyntaxError", ", line 1" * 40_000, *[" \n" * 1000] * 300)]),
        ("x", [stream(BLANKS)]),
        (" \t" * 150_000, [displayed(text_plain=" " * 300_000)]),
        ("(" * 300_000, []),
        ("def " * 75_000, []),
        ('"""' * 100_000, []),
        ("x = '" * 60_000, []),
    ],
    ids=[
        "blank cell",
        "blank body",
        "blank error",
        "syntax error",
        "blank text",
        "blanks",
        "(",
        "def",
        "quotes",
        "text",
    ],
)
def test_text_of_one_kind_is_searched_once(source: str, outputs: list[Any]) -> None:
    """Is a page made at once of texts that a search could go through again and again?"""
    finding = "raised ValueError: x (line 1 of the cell, in f)"
    outcome = outcome_of("slide", CellOutcome((CheckOutcome("a", 1, False, finding),)))
    cells = [answer("slide", source, outputs), scored(outcome)]
    text = in_child(lambda: page_of(outcome, cells=cells), 5, 1 << 30)
    assert "slide" in text
