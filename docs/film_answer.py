"""Film a student in JupyterLab: a wrong answer, the picture of its windows, and the fix. `make pictures` calls this."""

from __future__ import annotations

import base64
import io
import shutil
from pathlib import Path

from accessibility import set_width
from browsers import headless, webdriver
from courses import COURSE, NAME
from jupyter_pages import in_page, mark, open_notebook, run_cell, serve, solve
from PIL import Image

WIDTH, HEIGHT = 880, 680
"""Size of the film, in pixels."""
CODE, TEST = "pool-forward-solution", "pool-forward-test"
RIGHT, WRONG = "horiz_start = w * stride", "horiz_start = w"
TYPED = " * stride"
SHOW = """
const cell = notebook.widgets.find(cell => cell.model.id === arguments[0]).node;
const view = notebook.node.querySelector('.jp-WindowedPanel-outer');
const [box, of] = [cell.getBoundingClientRect(), view.getBoundingClientRect()];
view.scrollTop += arguments[1] === 'end' ? box.bottom - of.bottom + 8 : box.top - of.top - 8;
"""
QUIET = """
document.querySelectorAll('.Toastify').forEach(news => news.remove());
document.documentElement.insertAdjacentHTML('beforeend',
    '<style>.cm-cursor { visibility: visible !important; animation: none !important } '
    + '.cm-cursorLayer { animation: none !important; opacity: 1 !important }</style>');
window.jupyterapp.shell.collapseLeft();
window.jupyterapp.commands.execute('application:set-mode', {mode: 'single-document'});
window.jupyterapp.commands.execute('statusbar:toggle');
"""


class Film:
    """Pictures of the window, and for how many milliseconds each is shown."""

    def __init__(self, browser: webdriver.Chrome) -> None:
        self.browser = browser
        self.frames: list[Image.Image] = []
        self.milliseconds: list[int] = []

    def take(self, milliseconds: int) -> None:
        shot = self.browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
        self.frames.append(Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB"))
        self.milliseconds.append(milliseconds)

    def save(self, path: Path) -> None:
        # Colours of all frames in one palette: otherwise what stands still would flicker.
        height = sum(frame.height for frame in self.frames)
        together = Image.new("RGB", (WIDTH, height))
        for number, frame in enumerate(self.frames):
            together.paste(frame, (0, number * frame.height))
        # The method that keeps pure colours: with the usual one white comes out grey.
        palette = together.quantize(method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        first, *others = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in self.frames]
        first.save(path, save_all=True, append_images=others, duration=self.milliseconds, loop=0, optimize=True)


def film_answer(path: Path, folder: Path) -> None:
    """Write the film as a GIF. folder: an empty one."""
    work = folder / "film" / NAME
    shutil.copytree(COURSE / "release" / NAME, work, ignore=shutil.ignore_patterns("one_file"))
    solve(work / f"{NAME}.ipynb", COURSE / "source" / NAME / f"{NAME}.ipynb", {CODE: (RIGHT, WRONG)})
    with serve(work) as address, headless(folder / "film-profile", f"{WIDTH},{HEIGHT}") as browser:
        set_width(browser, WIDTH, HEIGHT)
        open_notebook(browser, address, f"{NAME}.ipynb")
        browser.execute_script(QUIET)
        for cell in ("companions", "packages"):
            run_cell(browser, cell)
        film = Film(browser)
        run_cell(browser, CODE)
        mark(browser, CODE, WRONG, at_end=True)
        in_page(browser, SHOW, CODE, "end")
        film.take(2500)
        run_cell(browser, TEST)
        in_page(browser, SHOW, TEST, "start")
        film.take(6000)
        mark(browser, CODE, WRONG, at_end=True)
        in_page(browser, SHOW, CODE, "end")
        film.take(1200)
        for key in TYPED:
            browser.switch_to.active_element.send_keys(key)
            film.take(130)
        film.milliseconds[-1] = 1200
        run_cell(browser, CODE)
        run_cell(browser, TEST)
        in_page(browser, SHOW, TEST, "start")
        film.take(5000)
        film.save(path)
