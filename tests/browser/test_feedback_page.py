"""A student's feedback page in headless Chromium: nothing runs, nothing is asked for, everything can be reached."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from browsers import console, headless, open_file, pdf, requests, screenshot, webdriver
from courses import ANSWERS
from graded_cells import graded_by_machine
from matplotlib.image import imread
from notebooks import code, read
from small_courses import RELEASE

from grader.assignments.assignment import Assignment
from grader.course import Course
from grader.judging.grade import grade
from grader.judging.graded_notebook import graded_notebook
from grader.pages.feedback import feedback_page
from grader.release.sample_class import fill_in
from grader.results.records import Result
from grader.sandbox import Sandbox

pytestmark = pytest.mark.browser
STUDENT, EXERCISE = "ines_f", "conv_single_step"
HINT = "an array with one entry has a method that hands out this entry"
EVIL = """
from IPython.display import HTML, SVG, Javascript, display
RAN = "<script>document.title = 'ran'</script>"
TEXT = "</pre>" + RAN + "<img src=x onerror=\\"document.title = 'ran'\\">\\x1b[31mred\\x1b[0m \\u202egnp.exe"
print(TEXT)
print("y" * 100_000)
display(HTML(TEXT), SVG(f"<svg xmlns='http://www.w3.org/2000/svg'>{RAN}</svg>"), Javascript("document.title = 'ran'"))
raise ValueError(TEXT)
"""
FOCUS = """
const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
return [e.outerHTML, style.outlineStyle !== 'none' && box.width > 0 && box.top >= -1 && box.top < innerHeight]
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with headless(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture(scope="module")
def page(
    real_course: Course, assignment: Assignment, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The page of a student of the sample class, who has added a hostile cell."""
    notebook = fill_in({"": read(RELEASE)}, ANSWERS / f"{STUDENT}.py")[""]
    place = next(i for i, cell in enumerate(notebook["cells"]) if cell["id"] == "conv-single-step-try")
    notebook["cells"].insert(place + 1, code("evil", EVIL))
    content = json.dumps(notebook).encode()
    result: Result = grade(content, assignment, sandbox, real_course.policy)
    cells: list[dict[str, Any]] = json.loads(graded_notebook(assignment, result))["cells"]
    path = tmp_path_factory.mktemp("feedback") / "page.html"
    path.write_text(feedback_page(cells, list(assignment.exercises), graded_by_machine(*result.exercises)))
    return path


@pytest.fixture(autouse=True)
def _opened(browser: webdriver.Chrome, page: Path) -> None:
    console(browser), requests(browser)
    open_file(browser, page)


def test_nothing_is_asked_for_and_nothing_goes_wrong(browser: webdriver.Chrome, page: Path) -> None:
    """Is the file the only thing that the browser asks for, and the console empty?"""
    assert requests(browser) == [page.as_uri()]
    assert console(browser) == []
    assert browser.execute_script("return performance.getEntriesByType('resource').map(e => e.name)") == []


def test_hint_is_visible(browser: webdriver.Chrome) -> None:
    """Does the student see the hint for the mistake, and the marked line, without a click?"""
    section = browser.find_element("css selector", "[aria-labelledby=exercise-2-name]")
    assert section.find_element("css selector", "h2").text == EXERCISE
    hint = section.find_element("css selector", ".panel.open")
    assert hint.is_displayed()
    assert HINT in hint.text
    assert "float(b)" in section.find_element("css selector", "mark.line").text


def test_hostile_submission_is_text(browser: webdriver.Chrome) -> None:
    """Is what the hostile cell prints, shows and raises there to be read, and has none of it run?"""
    assert browser.title != "ran"
    assert browser.execute_script("return document.scripts.length") == 0
    cell = browser.find_element("xpath", "//figure[contains(., 'gnp.exe')]")
    printed = cell.find_element("css selector", "pre.output").text
    assert "</pre><script>document.title = 'ran'</script><img src=x onerror=" in printed
    assert r"\x1b[31mred\x1b[0m \u202egnp.exe" in printed
    assert "more characters are not shown" in printed
    assert cell.find_elements("css selector", "img, script, svg, iframe") == []
    assert r"\u202egnp.exe" in cell.find_element("css selector", "pre.error").text


def test_no_line_is_wider_than_the_page(browser: webdriver.Chrome) -> None:
    """Does nothing, not even 100,000 characters without a blank, make the page scroll sideways?"""
    browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    width, room = browser.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
    assert width <= room


def test_everything_can_be_reached_by_keyboard(browser: webdriver.Chrome) -> None:
    """Does Tab reach every link and every fold, each with a visible mark, and Enter open a fold?"""
    wanted = (
        "return [...document.querySelectorAll('a, summary')].filter(e => e.checkVisibility()).map(e => e.outerHTML)"
    )
    expected: list[str] = browser.execute_script(wanted)
    body = browser.find_element("css selector", "body")
    reached = []
    for _ in expected:
        body.send_keys("\ue004") if not reached else browser.switch_to.active_element.send_keys("\ue004")
        html, is_seen = browser.execute_script(FOCUS)
        assert is_seen, html
        reached.append(html)
    assert reached == expected
    assert len([html for html in reached if html.startswith("<summary")]) >= 16
    fold = browser.find_element("css selector", "details:not([open]) > summary")
    fold.send_keys("\ue007")
    assert fold.find_element("xpath", "..").get_attribute("open") is not None


def test_headings_make_an_outline(browser: webdriver.Chrome) -> None:
    """Is there one first heading, and does no heading skip a level?"""
    levels = browser.execute_script("return [...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_light_and_dark(browser: webdriver.Chrome, page: Path, tmp_path: Path) -> None:
    """Is the page light where the reader's system is, and dark where that is?"""
    brightness = {}
    for scheme in ("light", "dark"):
        open_file(browser, page, scheme)
        screenshot(browser, tmp_path / f"{scheme}.png", height=900)
        brightness[scheme] = imread(tmp_path / f"{scheme}.png")[..., :3].mean()
    assert brightness["light"] > 0.85
    assert brightness["dark"] < 0.25


def test_prints_what_is_folded(browser: webdriver.Chrome) -> None:
    """Are there as many printed pages with the folds closed as with all of them open?"""
    closed = pages(browser)
    browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert closed == pages(browser) > 3


def pages(browser: webdriver.Chrome) -> int:
    """How many the printer gets."""
    return len(re.findall(rb"/Type /Page\b", pdf(browser)))
