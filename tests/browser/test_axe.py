"""axe-core finds nothing in the pages and in what the notebook shows: narrow, wide, light, dark."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from accessibility import WIDTHS, cut_off, set_width, violations
from browsers import headless, open_file, webdriver
from courses import ANSWERS, COURSE, NAME
from graded_cells import graded_by_machine
from jupyter_pages import OURS, WIDE, in_page, open_notebook, run_all, serve, solve, wait
from notebooks import read
from result_records import large_class
from small_courses import RELEASE

from grader.analysis.results_table import ClassResults
from grader.assignments.assignment import Assignment
from grader.course import Course
from grader.judging.grade import grade
from grader.judging.graded_notebook import graded_notebook
from grader.languages.available import language
from grader.pages.feedback import feedback_page
from grader.pages.report import report_page
from grader.release.sample_class import fill_in
from grader.sandbox import Sandbox

pytestmark = pytest.mark.browser
OPEN_ALL = "document.querySelectorAll('details').forEach(d => d.open = true)"
FORGOTTEN_STRIDE = {"pool-forward-solution": ("vert_start = h * stride", "vert_start = h")}
STEPS = {"distribute-value-try": ("# Try it", "step_through(conv_forward, h=1, w=2, c=0)\n# Try it")}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with headless(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture(scope="module")
def pages(
    real_course: Course, assignment: Assignment, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Language -> the page of a student who forgot a stride, called float, and left an exercise out."""
    notebook = fill_in({"": read(RELEASE)}, ANSWERS / "ines_f.py")[""]
    for cell in notebook["cells"]:
        if cell["id"] == "pool-forward-solution":
            cell["source"] = "".join(cell["source"]).replace("h * stride", "h")
        if cell["id"] == "distribute-value-solution":
            cell["source"] = "def distribute_value(dz, shape):\n    raise NotDoneYet"
    result = grade(json.dumps(notebook).encode(), assignment, sandbox, real_course.policy)
    cells = json.loads(graded_notebook(assignment, result))["cells"]
    folder = tmp_path_factory.mktemp("feedback")
    grading = graded_by_machine(*result.exercises)
    for code in ("en", "fa"):
        page = feedback_page(cells, list(assignment.exercises), grading, language=language(code, assignment.private))
        (folder / f"{code}.html").write_text(page)
    return {path.stem: path for path in folder.iterdir()}


@pytest.fixture(scope="module")
def feedback(pages: dict[str, Path]) -> Path:
    return pages["en"]


@pytest.fixture(scope="module")
def feedback_from_right_to_left(pages: dict[str, Path]) -> Path:
    return pages["fa"]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "page.html"
    path.write_text(report_page(ClassResults.of("lab", large_class(60)), lambda *_: ["x = 1"]))
    return path


@pytest.mark.parametrize(
    ("name", "scheme"),
    [*product(("feedback", "report"), ("light", "dark")), ("feedback_from_right_to_left", "light")],
)
def test_nothing_is_found_in_our_pages(
    name: str, scheme: str, browser: webdriver.Chrome, request: pytest.FixtureRequest
) -> None:
    """With every fold open, does axe-core find nothing at any width, and does no page scroll sideways?"""
    for width in WIDTHS:
        set_width(browser, width)
        open_file(browser, request.getfixturevalue(name), scheme)
        browser.execute_script(OPEN_ALL)
        assert violations(browser) == [], width
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width


def test_feedback_shows_the_windows(browser: webdriver.Chrome, feedback: Path) -> None:
    """Is the picture of the student's windows on the page, in sight, and within a narrow page?"""
    set_width(browser, 320)
    open_file(browser, feedback)
    drawing = browser.find_element("css selector", ".drawing svg")
    assert drawing.get_attribute("aria-label").startswith("pool_forward on 5 rows and 7 columns")
    box = drawing.rect
    assert drawing.is_displayed() and 200 < box["width"] <= 320 - 2 * 16
    assert browser.execute_script("return document.querySelectorAll('.drawing svg path').length") > 10


@pytest.fixture(scope="module")
def notebook_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """JupyterLab with the notebook, solved but for one stride, after Run All, every fold open."""
    folder = tmp_path_factory.mktemp("student") / NAME
    shutil.copytree(COURSE / "release" / NAME, folder)
    solve(folder / f"{NAME}.ipynb", COURSE / "source" / NAME / f"{NAME}.ipynb", FORGOTTEN_STRIDE | STEPS)
    with serve(folder) as address, headless(tmp_path_factory.mktemp("profile"), "1280,1400") as browser:
        open_notebook(browser, address, f"{NAME}.ipynb")
        outputs = run_all(browser)
        errors = [output["ename"] for _, cell in outputs for output in cell if output["output_type"] == "error"]
        assert errors == ["ChecksFailed"]
        browser.execute_script("window.jupyterapp.shell.collapseLeft()")
        browser.execute_script("window.jupyterapp.commands.execute('application:set-mode', {mode: 'single-document'})")
        wait(lambda: in_page(browser, "return document.querySelectorAll('.jp-Notebook mjx-container').length > 20"))
        browser.execute_script(OPEN_ALL)
        yield browser


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_nothing_is_found_in_the_notebook(theme: str, notebook_page: webdriver.Chrome) -> None:
    """Do texts and outputs pass at every width, and at 200 %, with no formula or picture cut off?"""
    in_page(notebook_page, f"window.jupyterapp.commands.execute('apputils:change-theme', {{theme: '{theme}'}})")
    wait(lambda: notebook_page.execute_script("return document.body.dataset.jpThemeName") == theme)
    for width, zoom in [*((width, 1) for width in WIDTHS), (640, 2)]:
        set_width(notebook_page, width, zoom=zoom)
        assert violations(notebook_page, *OURS) == [], (width, zoom)
        assert cut_off(notebook_page, WIDE) == [], (width, zoom)


def test_failed_test_shows_the_windows_in_the_notebook(notebook_page: webdriver.Chrome) -> None:
    """Is the picture in the test's own output, before the folded checks, and again below it from show_windows?"""
    pictures = notebook_page.find_elements("css selector", "svg[aria-label^='pool_forward on 5 rows']")
    assert len(pictures) == 2
    assert "windows are wrong" in pictures[0].get_attribute("aria-label")
