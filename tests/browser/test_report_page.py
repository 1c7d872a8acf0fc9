"""The class report in a real browser: nothing is asked of anybody, tables sort by click and by key, light and dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsers import console, headless, open_file, pdf, requests, webdriver
from result_records import OFF_BY_ONE, check, exercise, large_class, record_of
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from grader.analysis.results_table import ClassResults
from grader.pages.report import report_page

pytestmark = pytest.mark.browser
HOSTILE = "<script>document.title = 'mine'</script><img src=x onerror=\"document.title = 'mine'\">\u202e</table>"
COLUMN = """
const rows = document.querySelectorAll('#students ~ details tbody tr');
return [...rows].map(row => row.cells[arguments[0]].innerText);
"""
ROWS = "return [...arguments[0].tBodies[0].rows].map(row => row.innerText)"
OPENED = "document.querySelectorAll('details').forEach(d => d.open = true)"
HEAD = "#students ~ details th:nth-child(2)"
Show = Callable[..., webdriver.Chrome]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with headless(tmp_path_factory.mktemp("profile"), "1280,1000") as browser:
        yield browser


@pytest.fixture
def show(browser: webdriver.Chrome, tmp_path: Path) -> Show:
    """Opens the report of these entries."""

    def show(entries: list[dict], scheme: str = "light") -> webdriver.Chrome:
        path = tmp_path / "report.html"
        path.write_text(report_page(ClassResults.of("lab", entries), lambda *_: [HOSTILE]))
        console(browser), requests(browser)  # what was before
        open_file(browser, path, scheme)
        return browser

    return show


def five() -> list[dict]:
    """Students whose scores and names sort differently, one of them open."""
    points = {"ada": 9, "ben": 10, "cem": 2, "dan": 7}
    wrong = {name: [check("adds", weight=n), check("adds all", False, 10 - n)] for name, n in points.items()}
    graded = [
        record_of(name, exercise("add", checks[: 1 if points[name] == 10 else 2])) for name, checks in wrong.items()
    ]
    return [*graded, record_of("eva", exercise("add", broken=True))]


def test_nothing_is_asked_for_and_nothing_goes_wrong(show: Show) -> None:
    """Is the page shown without an error, and without asking another machine for anything?"""
    browser = show(large_class(100))
    assert requests(browser) == [browser.current_url]
    assert console(browser) == []
    assert browser.execute_script("return performance.getEntriesByType('resource').map(r => r.name)") == []


def test_what_students_wrote_does_nothing(show: Show) -> None:
    """Does a page full of a student's markup show it as text, and run none of it?"""
    wrong = exercise(HOSTILE, [check(HOSTILE, False)], misconception=OFF_BY_ONE | {"hint": HOSTILE})
    browser = show([record_of(HOSTILE, wrong, tampering=[HOSTILE], problems=[HOSTILE])])
    assert browser.title == "lab: class report"
    assert console(browser) == []
    assert browser.find_elements(By.CSS_SELECTOR, "main img") == []
    assert "<script>document.title = 'mine'</script>" in browser.find_element(By.TAG_NAME, "main").text


def test_sorting_by_click(show: Show) -> None:
    """Does a click on a head sort by numbers, and a second one turn it round, with what is open always last?"""
    browser = show(five())
    head = browser.find_element(By.CSS_SELECTOR, HEAD)
    assert head.get_attribute("aria-sort") is None
    head.find_element(By.TAG_NAME, "button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert browser.execute_script(COLUMN, 1) == ["10", "9", "7", "2", "open"]
    head.find_element(By.TAG_NAME, "button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert browser.execute_script(COLUMN, 1) == ["2", "7", "9", "10", "open"]
    assert browser.execute_script(COLUMN, 0) == ["cem", "dan", "ada", "ben", "eva"]


def test_sorting_by_key(show: Show) -> None:
    """Can the heads be reached with Tab and used with Enter and the space bar?"""
    browser = show(five())
    summary = browser.find_element(By.CSS_SELECTOR, "#students ~ details summary")
    browser.execute_script("arguments[0].focus()", summary)
    summary.send_keys(Keys.TAB)
    first = browser.switch_to.active_element
    assert first.text.startswith("Student")
    first.send_keys(Keys.ENTER)
    assert browser.execute_script(COLUMN, 0) == ["ada", "ben", "cem", "dan", "eva"]
    first.send_keys(Keys.SPACE)
    assert browser.execute_script(COLUMN, 0) == ["eva", "dan", "cem", "ben", "ada"]
    assert browser.execute_script("return document.activeElement.parentNode.ariaSort") == "descending"
    sorted_heads = browser.find_elements(By.CSS_SELECTOR, "#students ~ details th[aria-sort]")
    assert len(sorted_heads) == 1


def test_every_table_sorts(show: Show) -> None:
    """Has each head of each table a button that keeps all rows?"""
    browser = show(large_class(100))
    browser.execute_script(OPENED)
    tables = browser.find_elements(By.CSS_SELECTOR, "table.sortable")
    assert len(tables) >= 5
    for table in tables:
        rows = sorted(browser.execute_script(ROWS, table))
        buttons = table.find_elements(By.CSS_SELECTOR, "thead th > button")
        assert len(buttons) == len(table.find_elements(By.CSS_SELECTOR, "thead th"))
        for button in buttons:
            browser.execute_script("arguments[0].click()", button)
        assert rows == sorted(browser.execute_script(ROWS, table))


def test_page_does_not_scroll_sideways(show: Show) -> None:
    """Do wide tables scroll by themselves, on a narrow screen, too?"""
    browser = show(large_class(70))
    for width in (1280, 420):
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        browser.execute_script(OPENED)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read(show: Show, scheme: str) -> None:
    """Do charts and text take the colours of light and dark, and can the page be printed?"""
    browser = show(large_class(30, 3, 4), scheme)
    colour = "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]"
    text = browser.execute_script(colour, "figure svg text", "fill")
    paper = browser.execute_script(colour, "body", "backgroundColor")
    bright = {name: sum(map(float, value[4:-1].split(","))) for name, value in (("text", text), ("paper", paper))}
    assert (bright["text"] < bright["paper"]) is (scheme == "light")
    assert abs(bright["text"] - bright["paper"]) > 3 * 100
    assert pdf(browser).startswith(b"%PDF")
