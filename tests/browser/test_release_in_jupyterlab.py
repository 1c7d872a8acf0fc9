"""The release as a student sees it: JupyterLab in headless Chromium."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsers import headless, requests, webdriver
from courses import COURSE

from grader.release.one_file import FOLDER as ONE_FILE

pytestmark = pytest.mark.browser
ASSIGNMENT = "convolution_step_by_step"
IN_THE_PAGE = """
const notebook = window.jupyterapp.shell.currentWidget.content;
const done = arguments[arguments.length - 1];
"""
KERNEL_IS_READY = "return window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"
SHOW_ALL_CELLS = "notebook.notebookConfig = {...notebook.notebookConfig, windowingMode: 'none'}"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab that has the released folder as its root."""
    folder = tmp_path_factory.mktemp("student") / ASSIGNMENT
    shutil.copytree(COURSE / "release" / ASSIGNMENT, folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"]
    options = ["--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True", "--LabApp.news_url=None"]
    environment = os.environ | {"JUPYTER_CONFIG_DIR": str(folder.parent / "config")}
    server = subprocess.Popen(
        command + options, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(lambda: urllib.request.urlopen(f"{address}/api").status == 200)
        yield address
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="module")
def page(lab: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """A browser with the released notebook open, its cells rendered."""
    with headless(tmp_path_factory.mktemp("profile"), "1200,2000") as browser:
        _open(browser, f"{lab}/lab/tree/{ASSIGNMENT}.ipynb?reset")
        yield browser


def test_every_figure_loads(page: webdriver.Chrome) -> None:
    """Does the browser show all ten figures, each with words for those who cannot see it?"""
    figures = _figures(page)
    assert len(figures) == 10
    assert all(width > 0 and len(alt) > 20 for width, alt in figures)


def test_formulas_are_typeset(page: webdriver.Chrome) -> None:
    """Are there formulas, and no raw dollar signs?"""
    _wait(lambda: page.execute_script("return document.querySelectorAll('.jp-Notebook mjx-container').length") > 20)
    prose = page.execute_script("return [...document.querySelectorAll('.jp-RenderedMarkdown')].map(e => e.innerText)")
    assert not [text for text in prose if "$" in text]


def test_hints_are_folded(page: webdriver.Chrome) -> None:
    """Is every hint closed until the student opens it?"""
    state = page.execute_script("return [...document.querySelectorAll('.jp-Notebook details')].map(d => d.open)")
    assert len(state) >= 16
    assert not any(state)


def test_run_all_reaches_the_end(page: webdriver.Chrome) -> None:
    """Does Run All go through an untouched notebook, with one friendly line where something is not done yet?"""
    outputs = _run_all(page)
    errors = [output for _, cell in outputs for output in cell if output["output_type"] == "error"]
    assert {error["ename"] for error in errors} == {"NotDoneYet"}
    assert all(len(error["traceback"]) == 1 and "is not done yet" in error["traceback"][0] for error in errors)


def test_nothing_comes_from_another_machine(page: webdriver.Chrome, lab: str) -> None:
    """Does the page ask only our own server?"""
    assert not [url for url in requests(page) if url.startswith(("http", "ws")) and not url.startswith(lab)]


def test_one_file_shows_its_pictures_and_runs(lab: str, tmp_path: Path) -> None:
    """Has the notebook in a folder of its own all figures, and does Run All find the tests that are inside it?"""
    with headless(tmp_path, "1200,2000") as browser:
        _open(browser, f"{lab}/lab/tree/{ONE_FILE}/{ASSIGNMENT}.ipynb?reset")
        figures = _figures(browser)
        assert len(figures) == 10
        assert all(width > 0 and len(alt) > 20 for width, alt in figures)
        outputs = _run_all(browser)
    errors = {output["ename"] for _, cell in outputs for output in cell if output["output_type"] == "error"}
    assert errors == {"NotDoneYet"}


def _open(browser: webdriver.Chrome, address: str) -> None:
    """Open a notebook, wait for its kernel, and render all cells."""
    browser.set_script_timeout(120)
    browser.get(address)
    _wait(lambda: browser.execute_script(IN_THE_PAGE + "return notebook.widgets.length > 40", None))
    _wait(lambda: browser.execute_script(IN_THE_PAGE + KERNEL_IS_READY, None))
    browser.execute_script(IN_THE_PAGE + SHOW_ALL_CELLS, None)


def _figures(page: webdriver.Chrome) -> list[tuple[int, str]]:
    """Width and alternative text of every picture in the text cells, once all have loaded."""
    with_figure = "return notebook.widgets.map((w, i) => w.model.sharedModel.source.includes('<img') ? i : -1)"
    cells = [index for index in page.execute_script(IN_THE_PAGE + with_figure, None) if index >= 0]
    loaded = """
        const cell = notebook.widgets[arguments[0]];
        notebook.activeCellIndex = arguments[0];
        notebook.scrollToItem(arguments[0]);
        return [...cell.node.querySelectorAll('img')].map(i => [i.naturalWidth, i.alt]);
    """
    figures = []
    for index in cells:
        _wait(lambda index=index: all(width for width, _ in page.execute_script(IN_THE_PAGE + loaded, index, None)))
        figures += page.execute_script(IN_THE_PAGE + loaded, index, None)
    return figures


def _run_all(page: webdriver.Chrome) -> list[tuple[int, list[dict]]]:
    """Run All; execution count and outputs of each code cell."""
    page.execute_script(IN_THE_PAGE + "window.jupyterapp.commands.execute('notebook:run-all-cells')", None)
    code = """return notebook.widgets.filter(w => w.model.type === 'code').map(w => [
        w.model.sharedModel.execution_count, w.model.outputs.toJSON()])"""
    _wait(lambda: all(count for count, _ in page.execute_script(IN_THE_PAGE + code, None)))
    return page.execute_script(IN_THE_PAGE + code, None)


def _wait(ready: Callable[[], object], seconds: float = 60) -> None:
    """Until `ready` is true; an error while it is not there yet counts as no."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(Exception):
            if ready():
                return
        time.sleep(0.2)
    pytest.fail(f"the page did not get ready in {seconds:g} s")
