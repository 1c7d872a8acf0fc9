"""A student by hand in JupyterLab and in Notebook 7: opens hints by key, moves through steps, follows links."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import headless, screenshot, webdriver
from courses import COURSE, NAME
from jupyter_pages import in_page, open_notebook, run_all, serve, solve, wait
from selenium.webdriver.common.keys import Keys

pytestmark = pytest.mark.browser
SLIDERS = {"conv-forward-windows": ("show_windows(conv_forward)", "step_through(conv_forward)")}
HANDLES = "return [...document.querySelectorAll('.widget-hslider .noUi-handle')]"
SENTENCE = "return document.querySelector('.jupyter-widgets .jp-OutputArea-output p')?.textContent || ''"
SEEN = """
const style = getComputedStyle(document.activeElement), box = document.activeElement.getBoundingClientRect();
return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 && box.width > 0;
"""


@pytest.fixture(scope="module", params=["jupyterlab", "notebook"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """The solved notebook after Run All, with step_through in place of the first picture of windows."""
    folder = tmp_path_factory.mktemp("student") / NAME
    shutil.copytree(COURSE / "release" / NAME, folder)
    solve(folder / f"{NAME}.ipynb", COURSE / "source" / NAME / f"{NAME}.ipynb", SLIDERS)
    with (
        serve(folder, request.param) as address,
        headless(tmp_path_factory.mktemp("profile"), "1200,1600") as browser,
    ):
        open_notebook(browser, address, f"{NAME}.ipynb", request.param)
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


def test_pictures_without_sliders(tmp_path: Path) -> None:
    """Where ipywidgets is not installed, does the cell show the step all the same?"""
    folder = tmp_path / "student" / NAME
    shutil.copytree(COURSE / "release" / NAME, folder)
    # a finder that knows no ipywidgets stands for a Python without it
    hidden = "import importlib.util as util\nfind = util.find_spec\n"
    hidden += "util.find_spec = lambda name, *more: None if name == 'ipywidgets' else find(name, *more)\n"
    call = f"{hidden}step_through(conv_forward, h=1, w=2, c=0)"
    changed = {"conv-forward-windows": ("show_windows(conv_forward)", call)}
    solve(folder / f"{NAME}.ipynb", COURSE / "source" / NAME / f"{NAME}.ipynb", changed)
    with serve(folder) as address, headless(tmp_path / "profile", "1200,1600") as browser:
        open_notebook(browser, address, f"{NAME}.ipynb")
        run_all(browser)
        group = browser.find_element("css selector", "[role=group][aria-label='conv_forward, step by step']")
        assert "your output so far" in group.text
        assert browser.find_elements("css selector", ".jupyter-widgets") == []


@pytest.mark.parametrize("name", ["conv_forward", "pool_backward"])
def test_figures_rest_where_motion_is_reduced(name: str, tmp_path: Path) -> None:
    """Does an animated figure stand still, with all of its values, for a reader who asked for less motion?"""
    figure = COURSE / "release" / NAME / "figures" / f"{name}.svg"
    page = tmp_path / "page.html"
    page.write_text(f"<img src='{figure.as_uri()}' alt='figure'>")
    shots = {}
    for setting in ("--force-prefers-reduced-motion", "--force-prefers-no-reduced-motion"):
        with headless(tmp_path / setting, "1100,900", setting) as browser:
            browser.get(page.as_uri())
            taken = []
            for number in range(3):
                browser.execute_async_script("setTimeout(arguments[0], 1700)")
                screenshot(browser, tmp_path / f"{number}.png", height=440)
                taken.append((tmp_path / f"{number}.png").read_bytes())
            shots[setting] = len(set(taken))
    assert shots["--force-prefers-reduced-motion"] == 1
    assert shots["--force-prefers-no-reduced-motion"] > 1
