"""The page of a class while it is graded, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsers import console, headless, requests, webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from grader.pages.live.run_state import RunState
from grader.pages.live.server import LiveServer

pytestmark = pytest.mark.browser
HOSTILE = "<img src=x onerror=\"document.title = 'mine'\">"
PATIENCE = 30


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with headless(tmp_path_factory.mktemp("profile"), "700,900") as browser:
        yield browser


def text_of(browser: webdriver.Chrome, name: str) -> str:
    return browser.find_element(By.ID, name).text


def test_scores_and_problems_come_in(browser: webdriver.Chrome) -> None:
    """Does a reader see progress, scores and problems without a reload, and the report at the end?"""
    state = RunState("lab", 3)
    with LiveServer(state) as server:
        browser.get(server.url)
        wait = WebDriverWait(browser, PATIENCE)
        wait.until(lambda _: text_of(browser, "status") == "0 of 3 graded")
        assert browser.current_url == f"http://127.0.0.1:{server.port}/"
        for student, score in (("ada", "2 of 2"), (HOSTILE, "open"), ("bob", "1 of 2")):
            state.add_row(student, score)
        state.add_problem("bob", f"{HOSTILE} in `while True`")
        wait.until(lambda _: text_of(browser, "status") == "3 of 3 graded, 1 problem")
        rows = [row.text for row in browser.find_elements(By.CSS_SELECTOR, "#rows tr")]
        assert rows == ["bob 1 of 2", f"{HOSTILE} open", "ada 2 of 2"]
        assert text_of(browser, "problems") == f"bob: {HOSTILE} in while True"
        assert [code.text for code in browser.find_elements(By.TAG_NAME, "code")] == ["while True"]
        assert not browser.find_element(By.ID, "report").is_displayed()
        state.end(b"<title>report</title><p>all of it")
        wait.until(lambda _: text_of(browser, "status") == "Done: 3 of 3 graded, 1 problem")
        assert not console(browser), "the page's own policy refused something, or a script failed"
        assert all(url.startswith(f"http://127.0.0.1:{server.port}/") for url in requests(browser))
        browser.find_element(By.CSS_SELECTOR, "#report a").click()
        wait.until(lambda _: browser.title == "report")


def test_a_run_that_is_gone_is_told(browser: webdriver.Chrome) -> None:
    """Does the page say so when the grader has ended?"""
    with LiveServer(RunState("lab")) as server:
        browser.get(server.url)
        WebDriverWait(browser, PATIENCE).until(lambda _: text_of(browser, "status") == "0 graded")
    WebDriverWait(browser, PATIENCE).until(lambda _: "does not answer" in text_of(browser, "status"))
    console(browser)
