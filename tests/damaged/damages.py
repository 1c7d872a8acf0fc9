"""Damaged submissions of the small course `chain`: each a function that spoils a student's folder."""

from __future__ import annotations

import copy
import json
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from notebooks import cell_of, code

Notebook = dict[str, Any]
FILE = "chain.ipynb"
FULL = 11.0


@dataclass(frozen=True)
class Damage:
    """A way to spoil a right submission, and what must come of it."""

    spoil: Callable[[Path], object]
    """is given the student's folder of the assignment, which holds a right notebook"""
    says: str = ""
    """a part of the one line; empty where there is nothing to tell"""
    score: float | None = FULL
    readable: bool = True
    student: str = ""
    """the folder's name, where it matters"""


def edit(change: Callable[[Notebook], object]) -> Callable[[Path], object]:
    """Spoils the notebook's JSON."""

    def spoil(folder: Path) -> None:
        notebook = json.loads((folder / FILE).read_text())
        changed = change(notebook)
        (folder / FILE).write_text(json.dumps(changed if isinstance(changed, dict) else notebook))

    return spoil


def content(change: Callable[[bytes], bytes]) -> Callable[[Path], object]:
    """Spoils the notebook's bytes."""
    return lambda folder: (folder / FILE).write_bytes(change((folder / FILE).read_bytes()))


def instead(make: Callable[[Path], object]) -> Callable[[Path], object]:
    """Puts something else in the notebook's place."""

    def spoil(folder: Path) -> None:
        (folder / FILE).unlink()
        make(folder / FILE)

    return spoil


def _format_3(notebook: Notebook) -> Notebook:
    cells = [{**cell, "input": cell["source"], "language": "python"} for cell in notebook["cells"]]
    for cell in cells:
        del cell["source"]
    heading = {"cell_type": "heading", "level": 1, "source": "Chain"}
    return {"worksheets": [{"cells": [heading, *cells]}], "metadata": {"name": "chain"}, "nbformat": 3}


def _merge(notebook: Notebook, grade_id: str) -> None:
    """The cell takes in the one below, and keeps its own metadata, as in JupyterLab."""
    place = notebook["cells"].index(cell_of(notebook, grade_id))
    below = notebook["cells"].pop(place + 1)
    notebook["cells"][place]["source"] += "\n\n" + below["source"]


def _absurd(notebook: Notebook) -> None:
    notebook["metadata"] = ["kernelspec", 3]
    odd: list[Any] = [None, 3, [1], "x", {"nbgrader": 7}, {"nbgrader": {"grade_id": {}}}, {"tags": 3, "nbgrader": []}]
    for index, cell in enumerate(notebook["cells"]):
        cell |= {"metadata": odd[index % len(odd)], "id": index, "execution_count": "x", "outputs": {"a": 1}}


def _outputs(size: int) -> Callable[[Path], object]:
    text = "all work and no play\\n" * (size // 22)

    def spoil(folder: Path) -> None:
        source = (folder / FILE).read_text()
        output = f'"outputs": [{{"output_type": "stream", "name": "stdout", "text": "{text}"}}]'
        (folder / FILE).write_text(source.replace('"outputs": []', output, 1))

    return spoil


def _socket(path: Path) -> None:
    """A path that is too long for a socket's address is gone to by way of its folder."""
    here = os.getcwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as unix:
            unix.bind(path.name)
    finally:
        os.chdir(here)


def _odd_files(folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / "outside").symlink_to("/etc")
    (folder / "name with\nnewline.txt").write_text("x")
    (folder / os.fsdecode(b"no-\xff-utf8.txt")).write_text("x")


def _folder_link(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))
    folder.symlink_to("elsewhere")


def _only_the_time(folder: Path) -> None:
    (folder / FILE).unlink()
    (folder / "timestamp.txt").write_text("2026-11-20 12:00:00 UTC")


def _rename(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_bytes((folder / FILE).read_bytes())
    (folder / FILE).unlink()


def _strip(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def _other(notebook: Notebook) -> Notebook:
    return {"cells": [code("a", "answer = 42")], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def _zero(path: Path) -> None:
    path.write_bytes(b"")


def _macos(folder: Path) -> None:
    """An archive of macOS's unpacked: a folder of its own, and one of companion files."""
    for name in ("mine", "__MACOSX"):
        (folder / name).mkdir()
    (folder / FILE).rename(folder / "mine" / FILE)
    (folder / "__MACOSX" / f"._{FILE}").write_bytes(b"\x00\x05\x16\x07")


READ = "; it was read because it is the only one: rename it to chain.ipynb"
NO_NOTEBOOK = "chain.ipynb: is not a notebook"
DAMAGES: dict[str, Damage] = {
    "invalid JSON": Damage(content(lambda old: old[:-40]), NO_NOTEBOOK, 0, False),
    "empty file": Damage(instead(_zero), "chain.ipynb: is empty", 0, False),
    "zero bytes": Damage(content(lambda old: bytes(len(old))), NO_NOTEBOOK, 0, False),
    "HTML": Damage(content(lambda old: b"<html>Please log in</html>"), "chain.ipynb: is a web page", 0, False),
    "Git LFS pointer": Damage(
        content(lambda old: b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"),
        "chain.ipynb: is a Git LFS pointer",
        0,
        False,
    ),
    "zip": Damage(content(lambda old: b"PK\x03\x04" + bytes(99)), "chain.ipynb: is a zip archive: unpack it", 0, False),
    "conflict of git": Damage(
        content(lambda old: b"<<<<<<< HEAD\n" + old + b"\n=======\n" + old + b"\n>>>>>>> other\n"),
        "chain.ipynb: holds conflict marks of git",
        0,
        False,
    ),
    "other case": Damage(lambda folder: _rename(folder, "CHAIN.IPYNB"), "the notebook is called CHAIN.IPYNB" + READ),
    "unpacked by macOS": Damage(_macos, "the notebook is called mine/chain.ipynb" + READ),
    "archive beside nothing": Damage(
        lambda folder: (folder / FILE).rename(folder / "chain.zip"),
        "was not handed in, but chain.zip. Unpack the archive",
        0,
        False,
    ),
    "nested too deep": Damage(content(lambda old: b"[" * 200_000), NO_NOTEBOOK, 0, False),
    "folder of that name": Damage(instead(Path.mkdir), "chain.ipynb: is a folder", 0, False),
    "link to outside": Damage(instead(lambda path: path.symlink_to("/etc/passwd")), "is a link", 0, False),
    "link to itself": Damage(instead(lambda path: path.symlink_to(FILE)), "is a link", 0, False),
    "pipe": Damage(instead(os.mkfifo), "is no plain file", 0, False),
    "socket": Damage(instead(_socket), "is no plain file", 0, False),
    "folder that is a link": Damage(_folder_link, "lies in a folder that is a link", 0, False),
    "nothing handed in": Damage(_only_the_time, "was not handed in, or is not", 0, False),
    "something else handed in": Damage(
        lambda folder: (folder / FILE).rename(folder / "chain.ipynb.txt"),
        "the notebook is called chain.ipynb.txt" + READ,
    ),
    "wrong notebook": Damage(edit(_other), "no cell is marked as one of this assignment", 0),
    "metadata lost": Damage(edit(_strip), "not of this edition of the assignment, or lost its marks"),
    "notebook renamed": Damage(
        lambda folder: _rename(folder, "chain (1).ipynb"), "the notebook is called chain (1).ipynb" + READ
    ),
    "two others": Damage(lambda folder: _rename(folder, "a.ipynb", "b.ipynb"), "but a.ipynb, b.ipynb were", 0, False),
    "one more notebook": Damage(
        lambda folder: (folder / "other.ipynb").write_text("{}"), "and were not read: other.ipynb"
    ),
    "format 3": Damage(edit(_format_3), "is of notebook format 3"),
    "format 4.99": Damage(edit(lambda n: n.update(nbformat_minor=99)), "is of notebook format 4.99"),
    "format 5": Damage(edit(lambda n: n.update(nbformat=5)), "is of notebook format 5"),
    "format of odd type": Damage(edit(lambda n: n.update(nbformat=[4], nbformat_minor="x"))),
    "no kernelspec": Damage(edit(lambda n: n["metadata"].clear())),
    "another language": Damage(
        edit(lambda n: n.update(metadata={"kernelspec": {"language": "R"}})), "says that its language is R"
    ),
    "test missing": Damage(edit(lambda n: n["cells"].remove(cell_of(n, "double"))), "the test cell double is missing"),
    "solution missing": Damage(
        edit(lambda n: n["cells"].remove(cell_of(n, "apart_solution"))), "solution cell apart_solution is missing", 10
    ),
    "all cells missing": Damage(edit(lambda n: n["cells"].clear()), "no cell is marked", 0),
    "test doubled": Damage(
        edit(lambda n: n["cells"].append(copy.deepcopy(cell_of(n, "apart")))), "the cell apart is there 2 times"
    ),
    "solution doubled": Damage(
        edit(lambda n: n["cells"].append(copy.deepcopy(cell_of(n, "double_solution")))), "double_solution is there 2"
    ),
    "every cell doubled": Damage(edit(lambda n: n["cells"].extend(copy.deepcopy(n["cells"]))), "is there 2 times"),
    "cells in reverse": Damage(edit(lambda n: n["cells"].reverse()), "graded cells are in another order"),
    "solution merged with its test": Damage(edit(lambda n: _merge(n, "double_solution")), "cell double is missing"),
    "test merged with the next solution": Damage(
        edit(lambda n: _merge(n, "double")), "not in its own cell apart_solution"
    ),
    "no ids": Damage(edit(lambda n: [cell.pop("id") for cell in n["cells"]])),
    "one id for all": Damage(edit(lambda n: [cell.update(id="same") for cell in n["cells"]])),
    "absurd metadata": Damage(edit(_absurd), "not of this edition"),
    "things that are no cells": Damage(
        edit(lambda n: n["cells"].extend([3, None])), "holds 2 entries that are no cells"
    ),
    "outputs of 100 MB": Damage(_outputs(100_000_000)),
    "source of 60 MB": Damage(
        edit(lambda n: n["cells"].append(code("x", "#" * 60_000_000))), "is 60 MB large, where 5 MB are read", 0, False
    ),
    "cut off in a text of 60 MB": Damage(
        content(lambda old: old[:-4] + b',"widgets":"' + rb"<div class=\"a\">text</div>" * 2_400_000),
        "is 65 MB large, where 5 MB are read",
        0,
        False,
    ),
    "file of 300 MB": Damage(
        lambda folder: os.truncate(folder / FILE, 300_000_000), "is 300 MB large, where 256 MB are read", 0, False
    ),
    "too many cells": Damage(
        edit(lambda n: n["cells"].extend([code("x", "")] * 3000)), "more than the 2000 that are read", 0, False
    ),
    "millions of cells": Damage(
        content(lambda old: b'{"nbformat": 4, "cells": [' + b"{}," * 1_000_000 + b"{}]}"),
        "holds more than 500,000 values",
        0,
        False,
    ),
    "too many cells of format 3": Damage(
        edit(lambda n: _format_3(n | {"cells": n["cells"] * 1000})), "more than the 2000 that are read", 0, False
    ),
    "invalid UTF-8": Damage(
        content(lambda old: old.replace(b'"import os', b'"# caf\xe9 \xff\\nimport os')),
        "holds bytes that are not UTF-8",
    ),
    "UTF-8 with a mark": Damage(content(lambda old: b"\xef\xbb\xbf" + old)),
    "UTF-16": Damage(content(lambda old: old.decode().encode("utf-16"))),
    "half a surrogate": Damage(edit(lambda n: n["cells"].append(code("x", "# \ud800")))),
    "odd files beside it": Damage(_odd_files, "left out: loop.txt, pipe.txt (links"),
    "a file in a released one's way": Damage(
        lambda folder: (folder / "data").write_text("no folder"), "the file data was left out"
    ),
    "timestamp of nonsense": Damage(
        lambda folder: (folder / "timestamp.txt").write_text("the day before"), "timestamp.txt holds no time"
    ),
    "timestamp out of range": Damage(
        lambda folder: (folder / "timestamp.txt").write_text("0001-01-01 00:00 +1400"), "timestamp.txt holds no time"
    ),
    "timestamp that is a pipe": Damage(
        lambda folder: os.mkfifo(folder / "timestamp.txt"), "left out: timestamp.txt (links"
    ),
    "timestamp in UTF-16": Damage(
        lambda folder: (folder / "timestamp.txt").write_bytes("2026".encode("utf-16")), "timestamp.txt holds no time"
    ),
    "name with spaces": Damage(Path.exists, student=" a  b "),
    "name with quotes": Damage(Path.exists, student='O\'Neil "Bobby"; DROP TABLE student;--'),
    "name with newlines": Damage(Path.exists, student="new\nline\r\x1b[2J"),
    "name with markup": Damage(Path.exists, student="[bold]%s{0}[red]"),
    "name from right to left": Damage(Path.exists, student="\u202eעברית عربي"),
    "name with a leading dash": Damage(Path.exists, student="--force"),
    "name of an emoji": Damage(Path.exists, student="👩🏽‍🔬"),
    "name of 255 bytes": Damage(Path.exists, student="ж" * 127 + "x"),
}
"""name -> damage"""
