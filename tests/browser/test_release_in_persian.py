"""The Persian release in JupyterLab: prose runs right to left, code left to right, and hints are folded."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from browsers import headless
from courses import COURSE
from jupyter_pages import open_notebook, serve, wait

pytestmark = pytest.mark.browser

NAME = "convolution_step_by_step"
PERSIAN = r"/[\u0600-\u06ff]/"
HINTS = "return document.querySelectorAll('.jp-Notebook details').length"
FOUND = f"""
const all = selector => [...document.querySelectorAll('.jp-RenderedMarkdown ' + selector)];
const turned = part => getComputedStyle(part).direction;
const wrong = (parts, right) => parts.filter(part => turned(part) !== right).map(part => part.innerText.slice(0, 60));
return {{
    open: all('details').filter(part => part.open).length,
    shown: all('details pre').filter(part => part.checkVisibility()).map(part => part.innerText),
    hinted: all('details pre').length,
    prose: wrong(all('p, li, summary, h2, h3, td').filter(part => {PERSIAN}.test(part.innerText)), 'rtl'),
    code: wrong(all('code, pre'), 'ltr'),
}}"""


def test_directions_and_hints(tmp_path: Path) -> None:
    """Does all Persian prose run right to left, all code left to right, and does no hint stand open?"""
    folder = Path(shutil.copytree(COURSE / "release" / "fa" / NAME, tmp_path / NAME))
    with serve(folder) as address, headless(tmp_path / "profile", "1200,2000") as browser:
        open_notebook(browser, address, f"{NAME}.ipynb")
        wait(lambda: browser.execute_script(HINTS) > 20)
        found = browser.execute_script(FOUND)
    assert found.pop("hinted") > 5
    assert found == {"open": 0, "shown": [], "prose": [], "code": []}
