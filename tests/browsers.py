"""A headless Chromium for tests of pages, and what it saw."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed: make setup")

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
]


@contextmanager
def headless(profile: Path, size: str = "1100,900", *arguments: str) -> Iterator[webdriver.Chrome]:
    """A browser that logs all it is told and asks for. profile: an empty folder; size: of the window, in pixels;
    arguments: more of Chromium's own."""
    if not CHROMIUM or not DRIVER:
        pytest.skip("Chromium or its driver is missing: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    for argument in [*ARGUMENTS, *arguments, f"--window-size={size}", f"--user-data-dir={profile}"]:
        options.add_argument(argument)
    options.binary_location = CHROMIUM
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    try:
        browser.get("about:blank")
        browser.get_log("performance")  # of the browser's own first page
        yield browser
    finally:
        browser.quit()


def open_file(browser: webdriver.Chrome, path: Path, scheme: str = "light") -> None:
    """scheme: "light" or "dark", as the reader's system has it."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": features})
    browser.get(path.as_uri())


def console(browser: webdriver.Chrome) -> list[str]:
    """What stands in the console since it was last asked."""
    return [entry["message"] for entry in browser.get_log("browser")]


def requests(browser: webdriver.Chrome) -> list[str]:
    """The addresses that the page asked for since it was last asked, but for data that it holds itself."""
    messages = (json.loads(entry["message"])["message"] for entry in browser.get_log("performance"))
    asked = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    return [url for url in asked if not url.startswith("data:")]


def screenshot(browser: webdriver.Chrome, path: Path, height: int | None = None) -> None:
    """The page from its top as a PNG. height: in pixels; None: all of it."""
    size: dict[str, Any] = browser.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
    clip = {"x": 0, "y": 0, "width": size["width"], "height": height or size["height"], "scale": 1}
    command = {"format": "png", "captureBeyondViewport": True, "clip": clip}
    path.write_bytes(base64.b64decode(browser.execute_cdp_cmd("Page.captureScreenshot", command)["data"]))


def pdf(browser: webdriver.Chrome) -> bytes:
    """The page as it is printed."""
    return base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", {"printBackground": False})["data"])
