"""A student by hand in JupyterLab and in Notebook 7: opens hints, moves through steps, types answers, validates."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from accessibility import cut_off, set_width, violations
from browsers import headless, webdriver
from courses import COURSE, NAME
from jupyter_pages import (
    CELL,
    OURS,
    WIDE,
    in_page,
    mark,
    open_notebook,
    output_of,
    run_all,
    run_cell,
    serve,
    solve,
    type_over,
    wait,
)
from notebooks import read, write
from selenium.webdriver.common.keys import Keys

pytestmark = pytest.mark.browser
WINDOWS = "conv-forward-windows"
SLIDERS = {WINDOWS: ("show_windows(conv_forward)", "step_through(conv_forward)")}
# a finder that knows no ipywidgets stands for a Python without it
HIDE = """
import importlib.util as util
find = util.find_spec
util.find_spec = lambda name, *more: None if name == "ipywidgets" else find(name, *more)
"""
POOL, POOL_TEST = "pool-forward-solution", "pool-forward-test"
STARTS = "horiz_start = w * stride"
PLACEHOLDER = "raise NotDoneYet"
SHORT = (
    "companions",
    "packages",
    "zero-pad-solution",
    "zero-pad-test",
    "distribute-value-solution",
    "distribute-value-test",
)
HANDLES = "return [...document.querySelectorAll('.widget-hslider .noUi-handle')]"
SENTENCE = "return document.querySelector('.jupyter-widgets .jp-OutputArea-output p')?.textContent || ''"
SEEN = """
const style = getComputedStyle(document.activeElement), box = document.activeElement.getBoundingClientRect();
return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 && box.width > 0;
"""


@pytest.fixture(scope="module", params=["jupyterlab", "notebook"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Address and application, over the solved notebook with step_through in place of the first picture of windows,
    and a short one: a right exercise, and one whose function never ends."""
    folder = tmp_path_factory.mktemp("student") / NAME
    shutil.copytree(COURSE / "release" / NAME, folder)
    solved = folder / f"{NAME}.ipynb"
    solve(solved, COURSE / "source" / NAME / f"{NAME}.ipynb", SLIDERS)
    notebook = read(solved)
    cells = {cell["id"]: cell for cell in notebook["cells"]}
    cells["distribute-value-solution"]["source"] = "def distribute_value(dz, shape):\n    while True:\n        pass"
    write(notebook | {"cells": [cells[name] for name in SHORT]}, folder / "short.ipynb")
    with serve(folder, request.param) as address:
        yield address, request.param


@pytest.fixture(scope="module")
def page(server: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """The solved notebook after Run All."""
    address, application = server
    with headless(tmp_path_factory.mktemp("profile"), "1200,1600") as browser:
        open_notebook(browser, address, f"{NAME}.ipynb", application)
        outputs = run_all(browser)
        assert [output for _, cell in outputs for output in cell if output["output_type"] == "error"] == []
        yield browser


def test_hints_open_by_key(page: webdriver.Chrome) -> None:
    """Is a fold reached with Tab from the one before it, seen to have the focus, and opened by Enter?"""
    first, second = page.find_elements("css selector", ".jp-RenderedMarkdown summary")[1:3]
    page.execute_script("arguments[0].scrollIntoView({block: 'center'}); arguments[0].focus()", first)
    page.switch_to.active_element.send_keys(Keys.TAB)
    wait(lambda: page.switch_to.active_element == second)
    assert page.execute_script(SEEN)
    page.switch_to.active_element.send_keys(Keys.ENTER)
    wait(lambda: second.find_element("xpath", "..").get_attribute("open") is not None)


def test_fields_and_sliders_stand_above_the_first_step(page: webdriver.Chrome) -> None:
    """Are there three number fields, each with a name that a screen reader finds, three sliders, and the step?"""
    wait(lambda: len(page.execute_script(HANDLES)) == 3)
    tree = page.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    names = [node["name"]["value"] for node in tree if node.get("role", {}).get("value") == "spinbutton"]
    assert names == ["h", "w", "c"]
    wait(lambda: page.execute_script(SENTENCE).startswith("Z[0, 0, 0, 0] looks at rows 0 to 2"))


def test_fields_move_by_key(page: webdriver.Chrome) -> None:
    """Do the arrow keys choose h, w and c, and do the step and the sliders follow?"""
    wait(lambda: len(page.execute_script(HANDLES)) == 3)
    for number, entry in enumerate(("Z[0, 1, 0, 0]", "Z[0, 1, 1, 0]", "Z[0, 1, 1, 1]")):
        wait(lambda number=number: _has_moved(page, number))
        wait(lambda entry=entry: page.execute_script(SENTENCE).startswith(entry))
    assert page.execute_script(SENTENCE).endswith("Your function says the same.")
    wait(lambda: [float(one.get_attribute("aria-valuenow")) for one in page.execute_script(HANDLES)] == [1, 1, 1])


def _has_moved(page: webdriver.Chrome, number: int) -> bool:
    """Is the field no longer at 0? If it is, focus it and press the key."""
    field = page.find_elements("css selector", ".widget-text input[type=number]")[number]
    if field.get_attribute("value") != "0":
        return True
    page.execute_script("arguments[0].scrollIntoView({block: 'center'}); arguments[0].focus()", field)
    page.switch_to.active_element.send_keys(Keys.ARROW_UP)
    return False


def test_outline_leads_to_an_exercise(page: webdriver.Chrome) -> None:
    """Does a click on an exercise's number bring its heading into view?"""
    in_page(page, "notebook.activeCellIndex = 0; notebook.node.querySelector('.jp-WindowedPanel-outer').scrollTop = 0")
    page.find_element("css selector", ".jp-RenderedMarkdown table a[href*='exercise-3']").click()
    heading = "return [...document.querySelectorAll('h3')].find(h => h.textContent.startsWith('3.3 -'))"
    inside = f"{heading}.getBoundingClientRect()".replace("return ", "const box = ", 1)
    wait(lambda: page.execute_script(f"{inside}; return box.top >= 0 && box.top < innerHeight"))


def test_pictures_without_sliders(page: webdriver.Chrome) -> None:
    """Where ipywidgets is not installed, does the cell show the step all the same?"""
    source = f"{HIDE}step_through(conv_forward, h=1, w=2, c=0)"
    in_page(page, f"{CELL} cell.model.sharedModel.source = arguments[1]", WINDOWS, source)
    run_cell(page, WINDOWS)
    group = "[role=group][aria-label='conv_forward, step by step']"
    wait(lambda: "your output so far" in output_of(page, WINDOWS).find_element("css selector", group).text)
    assert output_of(page, WINDOWS).find_elements("css selector", ".jupyter-widgets") == []


def test_typed_answer_comes_to_its_ticks(page: webdriver.Chrome) -> None:
    """Typed into its cell: does an unfinished exercise say so, a wrong one show its mistake and its windows, a right
    one its ticks, and progress() what was reached?"""
    type_over(page, POOL, STARTS, PLACEHOLDER)
    run_cell(page, POOL)
    (error,) = run_cell(page, POOL_TEST)
    (line,) = error["traceback"]
    assert line.startswith("pool_forward is not done yet: put your code in place of `raise NotDoneYet`. So far: m, ")

    type_over(page, POOL, PLACEHOLDER, "horiz_start = w")
    run_cell(page, POOL)
    assert run_cell(page, POOL_TEST)[-1]["ename"] == "ChecksFailed"
    named = "This looks familiar. The window moves by the stride downwards, but by one pixel sideways."
    wait(lambda: named in output_of(page, POOL_TEST).text)
    picture = "svg[aria-label^='pool_forward on 5 rows and 7 columns']"
    wait(lambda: output_of(page, POOL_TEST).find_element("css selector", picture).rect["width"] > 200)

    mark(page, POOL, "horiz_start = w", at_end=True)
    page.switch_to.active_element.send_keys(" * stride")
    run_cell(page, POOL)
    assert "error" not in {output["output_type"] for output in run_cell(page, POOL_TEST)}
    wait(lambda: output_of(page, POOL_TEST).text.count("✓") == 11)
    assert "✗" not in output_of(page, POOL_TEST).text

    run_cell(page, "progress-code")
    wait(lambda: "pool_forward" in output_of(page, "progress-code").text)


def test_dark_and_narrow_page_is_whole(page: webdriver.Chrome) -> None:
    """In dark colours, at 700 pixels and at 200 %, does axe-core find nothing, and is nothing cut off?"""
    page.execute_script("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    wait(lambda: page.execute_script("return document.body.dataset.jpThemeName") == "JupyterLab Dark")
    page.execute_script("window.jupyterapp.shell.collapseLeft()")
    for width, zoom in ((700, 1), (640, 2)):
        set_width(page, width, zoom=zoom)
        assert violations(page, *OURS) == [], (width, zoom)
        assert cut_off(page, WIDE) == [], (width, zoom)


def test_validate_says_what_is_left(page: webdriver.Chrome, server: tuple[str, str]) -> None:
    """Does a click on Validate name the test that fails, and end although its function never does?"""
    address, application = server
    set_width(page, 1200, 900)
    open_notebook(page, address, "short.ipynb", application)
    page.find_element("xpath", "//*[contains(@class, 'jp-Toolbar')]//*[normalize-space()='Validate']").click()
    wait(lambda: page.find_element("css selector", ".jp-Dialog-content").text)
    said = page.find_element("css selector", ".jp-Dialog-content").text
    assert "distribute_value_test(distribute_value)" in said and "zero_pad_test" not in said
    assert "without an end: endless loop?" in said


def test_figures_rest_where_motion_is_reduced(tmp_path: Path) -> None:
    """Does an animated figure stand still, with all of its values, for a reader who asked for less motion?"""
    names = ("conv_forward", "pool_backward")
    figures = [COURSE / "release" / NAME / "figures" / f"{name}.svg" for name in names]
    page = tmp_path / "page.html"
    page.write_text("".join(f"<img src='{path.as_uri()}' alt='figure' style='display:block'>" for path in figures))
    shots: dict[str, list[int]] = {}
    for setting in ("--force-prefers-reduced-motion", "--force-prefers-no-reduced-motion"):
        with headless(tmp_path / setting, "1100,1100", setting) as browser:
            browser.get(page.as_uri())
            taken: list[set[str]] = [set() for _ in figures]
            for _ in range(3):
                browser.execute_async_script("setTimeout(arguments[0], 1700)")
                for seen, image in zip(taken, browser.find_elements("tag name", "img"), strict=True):
                    seen.add(image.screenshot_as_base64)
            shots[setting] = [len(seen) for seen in taken]
    assert shots["--force-prefers-reduced-motion"] == [1, 1]
    assert all(number > 1 for number in shots["--force-prefers-no-reduced-motion"])
