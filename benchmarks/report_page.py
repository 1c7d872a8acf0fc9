"""Measure the class report: its size, the time to make it, and the time until Chromium shows it.

Synthetic results of classes of 100 and 1,000 students with 160 checks each. The page's load event is the time of
loading, the first contentful paint the time of showing. Prints the median of five fresh loads.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from grader.analysis.results_table import ClassResults
from grader.pages.report import report_page

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from browsers import headless
from result_records import large_class

COUNTS = (100, 1000)
LOADS = 5
EXAMPLE = "def answer(x):\n    total = 0\n    for i in range(1, len(x)):\n        total += x[i]\n    return total"
TIMES = """
const [page] = performance.getEntriesByType('navigation');
const paint = performance.getEntriesByName('first-contentful-paint')[0];
return [page.loadEventEnd, paint ? paint.startTime : NaN];
"""


def main() -> None:
    print(f"{'students':>10}{'make s':>10}{'KB':>10}{'loaded ms':>12}{'painted ms':>12}")
    folder = Path(tempfile.mkdtemp())
    try:
        for count in COUNTS:
            entries = large_class(count)
            started = time.monotonic()
            text = report_page(ClassResults.of("lab", entries), lambda exercise, students: [EXAMPLE, EXAMPLE + "\n"])
            seconds = time.monotonic() - started
            path = folder / f"{count}.html"
            path.write_text(text)
            loaded, painted = loads(path)
            size = path.stat().st_size / 1000
            print(f"{count:>10}{seconds:>10.2f}{size:>10.0f}{loaded:>12.0f}{painted:>12.0f}", flush=True)
    finally:
        shutil.rmtree(folder)


def loads(path: Path) -> tuple[float, float]:
    """Return median milliseconds until the page is loaded, and until something is painted."""
    times = []
    with headless(path.parent / "profile", "1280,900") as browser:
        for _ in range(LOADS):
            # An empty page in between, so that each load starts fresh.
            browser.get("about:blank")
            browser.get(path.as_uri())
            # The paint is reported a little after the load event.
            time.sleep(0.5)
            times.append(browser.execute_script(TIMES))
    loaded, painted = zip(*times, strict=True)
    return statistics.median(loaded), statistics.median(painted)


if __name__ == "__main__":
    main()
