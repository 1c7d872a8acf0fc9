"""axe-core in a page: what a screen reader, a keyboard or a weak eye stumbles over."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from browsers import webdriver

AXE = Path(__file__).parent / "browser" / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (320, 700, 1280)
"""CSS pixels. A page of 1280 pixels at a zoom of 200 % has 640: between the first two"""
FOREIGN = (".jupyter-widgets",)
"""not ours: the handle of an ipywidgets slider has no name for a screen reader; the field beside it can be typed in"""
RUN = """
const done = arguments[arguments.length - 1], [include, exclude] = arguments;
const told = node => `${node.html.slice(0, 200)} (${node.failureSummary})`;
axe.run(include.length ? {include, exclude} : document).then(result =>
    done(result.violations.map(violation => `${violation.id}: ${violation.nodes.slice(0, 3).map(told)}`)));
"""
CUT = """
const cut = [], overflow = element => getComputedStyle(element).overflowX;
for (const element of document.querySelectorAll(arguments[0])) {
    const box = element.getBoundingClientRect();
    let parent = element.parentElement;
    while (parent && overflow(parent) === 'visible') parent = parent.parentElement;
    const hides = parent && ['hidden', 'clip'].includes(overflow(parent));
    if (hides && box.width && box.right > parent.getBoundingClientRect().right + 1)
        cut.push(element.textContent.slice(0, 80));
}
return cut;
"""


def violations(browser: webdriver.Chrome, *parts: str) -> list[str]:
    """What axe-core finds, rule by rule, with the first elements. parts: CSS selectors; none: the whole page."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: npm ci --prefix tests/browser")
    if not browser.execute_script("return typeof axe !== 'undefined'"):
        browser.execute_script(AXE.read_text())
    present, foreign = (_present(browser, selectors) for selectors in (parts, FOREIGN))
    assert len(present) == len(parts)
    browser.set_script_timeout(120)
    found: list[str] = browser.execute_async_script(RUN, present, foreign)
    return found


def _present(browser: webdriver.Chrome, selectors: Sequence[str]) -> list[list[str]]:
    """In axe-core's form. It refuses a selector that matches nothing."""
    return [[selector] for selector in selectors if browser.find_elements("css selector", selector)]


def set_width(browser: webdriver.Chrome, width: int, height: int = 1400, zoom: float = 1) -> None:
    """The page's width in CSS pixels. zoom: device pixels in one of them."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": zoom, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def cut_off(browser: webdriver.Chrome, selector: str) -> list[str]:
    """The texts of elements that stick out of a box that hides what sticks out."""
    found: list[str] = browser.execute_script(CUT, selector)
    return found
