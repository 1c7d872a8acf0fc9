"""Take the pictures of README.md and docs/ again, from the pages of the sample class: make demo pictures

Needs Chromium and its driver, and the pages that `make demo` has written.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

from accessibility import set_width
from browsers import headless, open_file, screenshot, webdriver
from courses import ANSWERS, COURSE, NAME
from jupyter_pages import in_page, open_notebook, serve, wait
from notebooks import read

from grader.release.sample_class import fill_in

STUDENT = "priya_v"
"""Whose page is shown: a first exercise that is wrong, and later ones that are right with a working helper."""
FEEDBACK = COURSE / "feedback" / STUDENT / NAME / f"{NAME}.html"
REPORT = COURSE / "reports" / f"{NAME}.html"
DOCS = COURSE / "docs"
OPEN_FIRST = """
const section = document.querySelector('[aria-labelledby=exercise-1-name]');
section.querySelector('details').open = true;
section.querySelectorAll(':scope > details').forEach(fold => { if (fold.querySelector('pre')) fold.open = true; });
return Math.ceil(section.getBoundingClientRect().bottom + scrollY);
"""
SHOW_TEST = """
const index = notebook.widgets.findIndex(cell => cell.model.id === 'zero-pad-test');
notebook.activeCellIndex = index;
notebook.widgets[index].node.scrollIntoView({block: 'start'});
"""


def main() -> None:
    missing = [path for path in (FEEDBACK, REPORT) if not path.is_file()]
    if missing:
        sys.exit(f"{missing[0].relative_to(COURSE)} is missing: run `make demo` first.")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with headless(folder / "feedback", "1100,900") as browser:
            take_pages(browser, FEEDBACK, "feedback", None)
        with headless(folder / "report", "1180,900") as browser:
            take_pages(browser, REPORT, "report", 1726)
        take_notebook(folder)


def take_pages(browser: webdriver.Chrome, page: Path, name: str, height: int | None) -> None:
    """Take a page in both schemes. height: in pixels; None: to the end of the first exercise, in the dark its top."""
    for scheme, ending in (("light", ""), ("dark", "-dark")):
        open_file(browser, page, scheme)
        end = height or browser.execute_script(OPEN_FIRST)
        screenshot(browser, DOCS / f"{name}{ending}.png", height=end if height or not ending else 1290)


def take_notebook(folder: Path) -> None:
    """Take the student's notebook in JupyterLab, at the first exercise's test."""
    work = folder / NAME
    shutil.copytree(COURSE / "release" / NAME, work, ignore=shutil.ignore_patterns("one_file"))
    notebook = fill_in({"": read(work / f"{NAME}.ipynb")}, ANSWERS / f"{STUDENT}.py")[""]
    (work / f"{NAME}.ipynb").write_text(json.dumps(notebook))
    with serve(work) as address, headless(folder / "notebook", "1100,817") as browser:
        set_width(browser, 1100, 817)
        open_notebook(browser, address, f"{NAME}.ipynb")
        for cell in ("companions", "packages", "zero-pad-solution", "zero-pad-test"):
            in_page(
                browser,
                "notebook.activeCellIndex = notebook.widgets.findIndex(cell => cell.model.id === arguments[0]);"
                "window.jupyterapp.commands.execute('notebook:run-cell')",
                cell,
            )
        wait(lambda: "checks passed" in browser.find_element("css selector", ".jp-Notebook").text)
        in_page(browser, SHOW_TEST)
        browser.execute_script("document.querySelectorAll('.Toastify').forEach(news => news.remove())")
        screenshot(browser, DOCS / "notebook.png", height=817)


if __name__ == "__main__":
    main()
