"""The release as a student sees it: JupyterLab in headless Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import headless, requests, webdriver
from courses import COURSE
from jupyter_pages import in_page, open_notebook, run_all, serve, wait

from grader.release.one_file import FOLDER as ONE_FILE

pytestmark = pytest.mark.browser
ASSIGNMENT = "convolution_step_by_step"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab that has the released folder as its root."""
    folder = tmp_path_factory.mktemp("student") / ASSIGNMENT
    shutil.copytree(COURSE / "release" / ASSIGNMENT, folder)
    with serve(folder) as address:
        yield address


@pytest.fixture(scope="module")
def page(lab: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """A browser with the released notebook open, its cells rendered."""
    with headless(tmp_path_factory.mktemp("profile"), "1200,2000") as browser:
        open_notebook(browser, lab, f"{ASSIGNMENT}.ipynb")
        yield browser


def test_every_figure_loads(page: webdriver.Chrome) -> None:
    """Does the browser show all ten figures, each with words for those who cannot see it?"""
    figures = _figures(page)
    assert len(figures) == 10
    assert all(width > 0 and len(alt) > 20 for width, alt in figures)


def test_formulas_are_typeset(page: webdriver.Chrome) -> None:
    """Are there formulas, and no raw dollar signs?"""
    wait(lambda: page.execute_script("return document.querySelectorAll('.jp-Notebook mjx-container').length") > 20)
    prose = page.execute_script("return [...document.querySelectorAll('.jp-RenderedMarkdown')].map(e => e.innerText)")
    assert not [text for text in prose if "$" in text]


def test_hints_are_folded(page: webdriver.Chrome) -> None:
    """Is every hint closed until the student opens it?"""
    state = page.execute_script("return [...document.querySelectorAll('.jp-Notebook details')].map(d => d.open)")
    assert len(state) >= 16
    assert not any(state)


def test_run_all_reaches_the_end(page: webdriver.Chrome) -> None:
    """Does Run All go through an untouched notebook, with one friendly line where something is not done yet?"""
    outputs = run_all(page)
    errors = [output for _, cell in outputs for output in cell if output["output_type"] == "error"]
    assert {error["ename"] for error in errors} == {"NotDoneYet"}
    assert all(len(error["traceback"]) == 1 and "is not done yet" in error["traceback"][0] for error in errors)


def test_nothing_comes_from_another_machine(page: webdriver.Chrome, lab: str) -> None:
    """Does the page ask only our own server?"""
    assert not [url for url in requests(page) if url.startswith(("http", "ws")) and not url.startswith(lab)]


def test_one_file_shows_its_pictures_and_runs(lab: str, tmp_path: Path) -> None:
    """Has the notebook in a folder of its own all figures, and does Run All find the tests that are inside it?"""
    with headless(tmp_path, "1200,2000") as browser:
        open_notebook(browser, lab, f"{ONE_FILE}/{ASSIGNMENT}.ipynb")
        figures = _figures(browser)
        assert len(figures) == 10
        assert all(width > 0 and len(alt) > 20 for width, alt in figures)
        outputs = run_all(browser)
    errors = {output["ename"] for _, cell in outputs for output in cell if output["output_type"] == "error"}
    assert errors == {"NotDoneYet"}


def _figures(page: webdriver.Chrome) -> list[tuple[int, str]]:
    """Width and alternative text of every picture in the text cells, once all have loaded."""
    with_figure = "return notebook.widgets.map((w, i) => w.model.sharedModel.source.includes('<img') ? i : -1)"
    cells = [index for index in in_page(page, with_figure) if index >= 0]
    loaded = """
        const cell = notebook.widgets[arguments[0]];
        notebook.activeCellIndex = arguments[0];
        notebook.scrollToItem(arguments[0]);
        return [...cell.node.querySelectorAll('img')].map(i => [i.naturalWidth, i.alt]);
    """
    figures = []
    for index in cells:
        wait(lambda index=index: all(width for width, _ in in_page(page, loaded, index)))
        figures += in_page(page, loaded, index)
    return figures
