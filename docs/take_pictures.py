"""Take the pictures of README.md and docs/ again, from the pages of the sample class: make demo pictures

Needs Chromium and its driver, and the pages that `make demo` has written.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from browsers import headless, open_file, screenshot, webdriver
from courses import COURSE, NAME
from film_answer import film_answer

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
        film_answer(DOCS / "answer.gif", folder)


def take_pages(browser: webdriver.Chrome, page: Path, name: str, height: int | None) -> None:
    """Take a page in both schemes. height: in pixels; None: to the end of the first exercise, in the dark its top."""
    for scheme, ending in (("light", ""), ("dark", "-dark")):
        open_file(browser, page, scheme)
        end = height or browser.execute_script(OPEN_FIRST)
        screenshot(browser, DOCS / f"{name}{ending}.png", height=end if height or not ending else 1290)


if __name__ == "__main__":
    main()
