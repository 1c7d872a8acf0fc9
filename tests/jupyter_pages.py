"""A notebook in JupyterLab or Notebook 7, as a browser shows it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browsers import webdriver
from notebooks import read, text_of, write
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

IN_THE_PAGE = """
const notebook = window.jupyterapp.shell.currentWidget.content;
const done = arguments[arguments.length - 1];
"""
KERNEL_IS_READY = "return window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"
SHOW_ALL_CELLS = "notebook.notebookConfig = {...notebook.notebookConfig, windowingMode: 'none'}"
CELL = "const cell = notebook.widgets.find(cell => cell.model.id === arguments[0]);"
MARK = f"""{CELL}
notebook.activeCellIndex = notebook.widgets.indexOf(cell);
const start = cell.model.sharedModel.source.indexOf(arguments[1]);
if (start < 0) return false;
notebook.mode = 'edit';
const end = start + arguments[1].length;
cell.editor.editor.dispatch({{selection: {{anchor: arguments[2] ? end : start, head: end}}}});
cell.editor.focus();
return true;
"""
OUTPUT = f"{CELL} return cell.node.querySelector('.jp-Cell-outputWrapper')"
SHOWN = f"{CELL} return [cell.model.sharedModel.execution_count, cell.model.outputs.toJSON()]"
OURS = (".jp-RenderedMarkdown", ".jp-OutputArea-output")
"""what is ours in a notebook's page: texts and outputs"""
WIDE = ", ".join(f"{part} {inner}" for part in OURS for inner in ("mjx-container", "table", "img", "svg", "pre"))
"""what may be wider than the page"""
PLACES = {"jupyterlab": "lab/tree", "notebook": "notebooks"}
"""application -> where a notebook's page is"""
SLOPE = "    raise NotDoneYet  # put your three lines here, in place of this one\n"


@contextlib.contextmanager
def serve(folder: Path, application: str = "jupyterlab") -> Iterator[str]:
    """The address of a server that has the folder as its root. application: a key of PLACES."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", application, "--no-browser", "--allow-root", f"--port={port}"]
    exposed = {"jupyterlab": "LabApp", "notebook": "JupyterNotebookApp"}[application]
    options = ["--IdentityProvider.token=", f"--{exposed}.expose_app_in_browser=True", "--LabApp.news_url=None"]
    environment = os.environ | {"JUPYTER_CONFIG_DIR": str(folder.parent / f"config-{application}")}
    server = subprocess.Popen(
        command + options, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait(lambda: urllib.request.urlopen(f"{address}/api").status == 200)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def open_notebook(browser: webdriver.Chrome, address: str, path: str, application: str = "jupyterlab") -> None:
    """Open a notebook, wait for its kernel, and render all cells. path: from the server's root."""
    browser.set_script_timeout(120)
    browser.get(f"{address}/{PLACES[application]}/{path}?reset")
    wait(lambda: in_page(browser, "return notebook.widgets.length > 0 && notebook.model.cells.length > 0"))
    wait(lambda: in_page(browser, KERNEL_IS_READY))
    in_page(browser, SHOW_ALL_CELLS)
    wait(lambda: in_page(browser, "return notebook.widgets.length === notebook.model.cells.length"))


def in_page(browser: webdriver.Chrome, script: str, *arguments: Any) -> Any:
    """What a script returns that finds the notebook under this name."""
    return browser.execute_script(IN_THE_PAGE + script, *arguments, None)


def run_all(browser: webdriver.Chrome) -> list[tuple[int, list[dict[str, Any]]]]:
    """Run All; execution count and outputs of each code cell."""
    in_page(browser, "window.jupyterapp.commands.execute('notebook:run-all-cells')")
    code = """return notebook.widgets.filter(w => w.model.type === 'code').map(w => [
        w.model.sharedModel.execution_count, w.model.outputs.toJSON()])"""
    wait(lambda: all(count for count, _ in in_page(browser, code)))
    wait(lambda: in_page(browser, KERNEL_IS_READY))
    found: list[tuple[int, list[dict[str, Any]]]] = in_page(browser, code)
    return found


def wait(ready: Callable[[], object], seconds: float = 90) -> None:
    """Until `ready` is true; an error while it is not there yet counts as no."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(Exception):
            if ready():
                return
        time.sleep(0.2)
    pytest.fail(f"the page did not get ready in {seconds:g} s")


def solve(notebook: Path, master: Path, changed: dict[str, tuple[str, str]] | None = None) -> None:
    """Fill the release with the solutions. changed: id of a cell -> a text of it, and what replaces it."""
    content = read(notebook)
    right = {cell["id"]: cell["source"] for cell in read(master)["cells"]}
    by_id = {cell["id"]: cell for cell in content["cells"]}
    for cell in content["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = right[cell["id"]]
    hint = text_of(by_id["gradient-check"]).split("```python\n")[1].split("\n```")[0]
    filled = "".join(f"    {line}\n" for line in hint.split("\n"))
    changes = {"gradient-check-slope": (SLOPE, filled)} | (changed or {})
    for cell_id, (old, new) in changes.items():
        text = text_of(by_id[cell_id]) + "\n"
        assert old in text, cell_id
        by_id[cell_id]["source"] = text.replace(old, new).rstrip("\n")
    write(json.loads(json.dumps(content)), notebook)


def mark(browser: webdriver.Chrome, cell: str, text: str, at_end: bool = False) -> None:
    """Mark a text in a code cell, and give the cell the keyboard. cell: its id; at_end: only put the cursor there."""
    assert in_page(browser, MARK, cell, text, at_end), (cell, text)
    wait(lambda: in_page(browser, "return notebook.mode === 'edit' && notebook.activeCell.editor.hasFocus()"))


def type_over(browser: webdriver.Chrome, cell: str, old: str, new: str) -> None:
    """Mark a text in a code cell and type another over it, key by key. cell: its id."""
    mark(browser, cell, old)
    browser.switch_to.active_element.send_keys(new)


def run_cell(browser: webdriver.Chrome, cell: str) -> list[dict[str, Any]]:
    """Run a code cell with Ctrl+Enter; its outputs. cell: its id."""
    mark(browser, cell, "")
    before, _ = in_page(browser, SHOWN, cell)
    browser.switch_to.active_element.send_keys(Keys.CONTROL, Keys.ENTER)
    wait(lambda: (in_page(browser, SHOWN, cell)[0] or before) != before)
    wait(lambda: in_page(browser, KERNEL_IS_READY))
    outputs: list[dict[str, Any]] = in_page(browser, SHOWN, cell)[1]
    return outputs


def output_of(browser: webdriver.Chrome, cell: str) -> WebElement:
    """A code cell's outputs, as they are shown. cell: its id."""
    shown: WebElement = in_page(browser, OUTPUT, cell)
    return shown
