"""The page of the class report, and the command that writes it."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Collection
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from commands import grader, refused
from result_records import OFF_BY_ONE, check, exercise, large_class, record_of
from small_classes import NAME, submit

from grader.analysis.results_table import ClassResults
from grader.common.text import printable
from grader.pages.report import report_page
from grader.results.store import ResultStore

HOSTILE = "<script>alert(1)</script>\x1b[31m\u202eevil</td><img src=x onerror=alert(2)>"
VOID = {"meta", "link", "br", "wbr", "img", "input", "hr"}


class Reader(HTMLParser):
    """The page's text, its tables' rows, and whether every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.rows: list[list[str]] = []
        self.words: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.tags: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attributes
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.attributes += attributes

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if "td" in self.open or "th" in self.open:
            self.rows[-1][-1] += data

    def row(self, first: str) -> list[str]:
        """The first row that begins so."""
        return next(cells for row in self.rows if (cells := [" ".join(cell.split()) for cell in row])[:1] == [first])


def no_examples(exercise: str, students: Collection[str]) -> list[str]:
    return []


def page_of(*entries: dict, **options: object) -> Reader:
    reader = Reader(report_page(ClassResults.of("lab", entries), options.pop("examples", no_examples), **options))
    assert reader.open == []
    return reader


ADD = exercise("add", [check("adds"), check("adds zeros", False, hidden=True)])


def test_numbers_of_a_class() -> None:
    """Do the tables say how the exercise went, who has what, and what each check separates?"""
    right = exercise("add", [check("adds"), check("adds zeros", hidden=True)], carried_forward=["zero"])
    page = page_of(record_of("ada", right), record_of("ben", ADD), record_of("cem", exercise("add", broken=True)))
    assert page.row("add")[:9] == ["add", "10", "7.5", "50 %", "1", "1", "0", "0", "1"]
    assert page.row("ada")[1:4] == ["10", "0.50"] or page.row("ada")[1] == "0.50"
    assert ["add", "adds zeros", "hidden", "5.00", "50 %", "n/a", "scores do not vary"] in page.rows
    assert ["add", "adds", "public", "5.00", "100 %", "n/a", "all pass"] in page.rows
    assert "our disk is full" in page.row("cem")


def test_mistakes_with_examples() -> None:
    """Is a recognised mistake shown with its hint, its count and what was written?"""
    wrong = exercise("add", [check("adds", False)], misconception=OFF_BY_ONE)
    page = page_of(
        record_of("ada", wrong), record_of("ben", wrong), examples=lambda *_: ["def add():\n    return '<b>'"]
    )
    text = "".join(page.words)
    assert "add: counts from one" in text and "start at 0." in text and "100.0 % of the class" in text
    assert "return '<b>'" in text


def test_everything_is_text() -> None:
    """Is whatever a stranger wrote shown as text, wherever it stands?"""
    mistake = {"name": HOSTILE, "description": HOSTILE, "hint": HOSTILE}
    bad = exercise(HOSTILE, [check(HOSTILE, False)], misconception=mistake)
    ours = exercise("second", broken=True, error=HOSTILE)
    hostile = record_of(HOSTILE, bad, ours, tampering=[HOSTILE], problems=[HOSTILE * 1000])
    text = report_page(ClassResults.of(HOSTILE, [hostile]), lambda *_: [HOSTILE], missing=[HOSTILE])
    page = Reader(text)
    assert page.tags.count("script") == 1
    assert "img" not in page.tags
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert "\x1b" not in text
    assert len(text) < 200_000


def test_page_asks_nobody_for_anything() -> None:
    """Does the page name no address that a browser would ask?"""
    page = page_of(*large_class(20, 2, 3))
    places = [value for name, value in page.attributes if name in ("src", "href", "xlink:href", "action")]
    assert places
    assert not [place for place in places if not place.startswith(("#", "data:"))]
    assert "@import" not in "".join(page.words)


def test_remark_on_half_of_the_class() -> None:
    """Is one and the same remark on half of a class said once, as the master's, and are the others still named?"""
    same, own = "cell 3 (zero): changed", "cell 9 (add): removed"
    students = [record_of(f"s{n}", ADD, tampering=[same] if n < 3 else []) for n in range(5)]
    page = page_of(*students, record_of("eve", ADD, tampering=[same, own]))
    text = " ".join("".join(page.words).split())
    assert text.count(same) == 1 and f"{same}: the same in 4 submissions" in text
    assert "The master has probably changed since" in text
    assert "Tampered with1 " in text
    assert page.row("eve") == ["eve", "5", own]
    few = page_of(*(record_of(f"s{n}", ADD, tampering=[same]) for n in range(2)))
    assert "".join(few.words).count(same) == 2


def test_all_points_in_decimals() -> None:
    """Are all points all points where their sum is not exact in binary?"""
    tenths = [exercise(f"e{n}", [check("adds")], max_score=0.1) for n in range(3)]
    assert "All points1 100 %" in " ".join("".join(page_of(record_of("ada", *tenths)).words).split())


def test_one_student() -> None:
    """Is there a page of a class of one, whose numbers cannot vary?"""
    page = page_of(record_of("ada", ADD))
    assert page.row("add")[:4] == ["add", "10", "5.0", "0 %"]


def test_class_of_open_scores() -> None:
    """Is there a page where nobody has a score yet?"""
    page = page_of(record_of("ada", exercise("add", broken=True)), record_of("ben", exercise("add", broken=True)))
    assert page.row("add")[:4] == ["add", "10", "n/a", "n/a"]


@pytest.mark.parametrize("name", [r"a$\frac$b$c$", "李小龍", "عائشة", "{0}%s\n", "a_b^c", " ", "#0d0c00", "x1.234567"])
def test_names_of_all_kinds(name: str) -> None:
    """Is a name shown as it is, whatever a plotting library would make of it?"""
    text = report_page(ClassResults.of("lab", [record_of(name, ADD), record_of("ada", ADD)]), no_examples)
    map_of_checks = text[text.index("Map of 2 students") :]
    assert html.escape(printable(name)) in map_of_checks[: map_of_checks.index("</svg>")]


def test_nothing_counts() -> None:
    """Is there a page of an assignment that is tested, and worth nothing?"""
    page = page_of(record_of("ada", ADD | {"counts": False}))
    assert "does not count" in page.row("add does not count")[0]


def test_large_class() -> None:
    """Is everybody of a thousand in it, in a file that mail takes?"""
    text = report_page(ClassResults.of("lab", large_class(1000)), no_examples)
    assert set(re.findall(r"student_\d{4}", text)) == {f"student_{number:04}" for number in range(1000)}
    assert len(text) < 2_000_000


def test_same_page_every_time() -> None:
    """Are the same results the same bytes, so that two reports can be compared?"""
    entries = large_class(30, 2, 5)
    first, second = (report_page(ClassResults.of("lab", order), no_examples) for order in (entries, entries[::-1]))
    assert first == second


def test_regrade_that_is_due() -> None:
    """Does the page say that results come from two versions of the assignment, and whose result is missing?"""
    old = replace(record_of("ben", ADD), bundle="older")
    text = "".join(page_of(record_of("ada", ADD), old, missing=["cem"]).words)
    assert "2 versions" in text and "without a result: cem" in text
    assert "versions" not in "".join(page_of(record_of("ada", ADD)).words)


def test_exercise_that_only_some_results_have() -> None:
    """Is a cell empty where an older result lacks an exercise?"""
    page = page_of(record_of("ada", ADD, exercise("sum", [check("sums")])), record_of("ben", ADD))
    rows = [row[:4] for row in page.rows if row[0] in ("ada", "ben") and len(row) > 5]
    assert rows == [["ada", "15", "5", "10"], ["ben", "5", "5", ""]]


def test_command_writes_the_page(small_graded_class: Path, tmp_path: Path) -> None:
    """Does `grader report` write one file, in reports/ or where it is told?"""
    course = shutil.copytree(small_graded_class, tmp_path / "course")
    submit(course, "late", "one")
    done = grader(course, "report", NAME)
    assert (done.exit_code, done.stderr) == (0, "")
    page = Reader((course / "reports" / f"{NAME}.html").read_text())
    assert page.row("double")[1] == "2"
    assert "late" in "".join(page.words)
    assert grader(course, "report", NAME, "--output", str(tmp_path / "deep" / "page.html")).exit_code == 0
    assert (tmp_path / "deep" / "page.html").read_bytes() == (course / "reports" / f"{NAME}.html").read_bytes()
    refused(grader(course, "report", NAME, "--output", "-"), "name a file")


def test_nothing_is_recorded(small_graded_class: Path, tmp_path: Path) -> None:
    """Is a class that was not graded yet told so, with the command to run?"""
    course = shutil.copytree(small_graded_class, tmp_path / "course")
    shutil.rmtree(course / ".grader")
    refused(grader(course, "report", NAME), "no result", "grader autograde")
    refused(grader(course, "report", "other"), "no assignment")


def test_damaged_entry_is_passed_over(small_graded_class: Path, tmp_path: Path) -> None:
    """Is an entry that cannot be read left out, and its student named as missing?"""
    course = shutil.copytree(small_graded_class, tmp_path / "course")
    (course / ".grader" / NAME / "s01.json").write_text("{")
    assert [one.student for one in ResultStore(course, NAME).records()] == ["s00", "s02"]
    assert grader(course, "report", NAME).exit_code == 0
    assert "without a result: s01" in (course / "reports" / f"{NAME}.html").read_text()
