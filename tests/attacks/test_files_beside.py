"""Attacks with the files that are handed in beside the notebook."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from deep_folders import deep_folders

from grader.submissions.files import MAX_BYTES, MAX_FILES, foreign_files, read_beside, read_files
from hostile import ANSWERED, ASSIGNMENT, Arena, Attack

YES_TESTS = "\n".join(f"def {name}_test(target): pass" for name in (*ANSWERED, "conv_forward", "pool_forward"))
STEAL = "open('<outside>/written', 'w').write('x')"
RIGHT_FOR_NUMPY = "from numpy import *\nraise SystemExit"

FOLDERS = {f"{n}/{'x/' * 9}y": b"" for n in range(300)}

ATTACKS = [
    Attack("public_tests.py", files={"public_tests.py": YES_TESTS}, says="public_tests.py was changed"),
    Attack("checks.py", files={"checks.py": "raise SystemExit"}, says="checks.py has the name of a released module"),
    Attack(
        "the package checks/",
        files={"checks/__init__.py": "1 / 0", "checks/running.py": "1 / 0", "checks/more.py": "1 / 0"},
        says="checks/running.py was changed\n.*checks/more.py has the name of a released module",
    ),
    Attack("expected_values.py", files={"expected_values.py": "1 / 0"}),
    Attack("public_tests.h5", files={"public_tests.h5": b"\x89HDF\r\n\x1a\n" * 99}, says="public_tests.h5 was changed"),
    Attack(
        "a package public_tests/",
        files={"public_tests/__init__.py": YES_TESTS, "public_tests/x.py": ""},
        says="public_tests/__init__.py has the name of a released module",
    ),
    Attack(
        "compiled files",
        files={
            "__pycache__/public_tests.cpython-311.pyc": b"\xa7\r\r\n" + bytes(99),
            "checks.pyc": b"x",
            "checks.so": b"x",
        },
        says="checks.so has the name of a released module",
    ),
    Attack("numpy.py", files={"numpy.py": RIGHT_FOR_NUMPY, "numpy/__init__.py": RIGHT_FOR_NUMPY}),
    Attack(
        "modules of Python", files={f"{name}.py": STEAL for name in ("os", "json", "random", "ast", "h5py", "types")}
    ),
    Attack("reference.py", files={"reference.py": "", "hidden_tests.py": YES_TESTS, "grader/__init__.py": STEAL}),
    Attack("sitecustomize.py", files={"sitecustomize.py": STEAL}, says="sitecustomize.py would run by itself"),
    Attack("usercustomize.py", files={"a/usercustomize.py": STEAL}, says="usercustomize.py would run by itself"),
    Attack("conftest.py", files={"conftest.py": STEAL}, says="conftest.py would run by itself"),
    Attack("a .pth file", files={"x.pth": f"import os; {STEAL}"}, says="x.pth would run by itself"),
    Attack(
        "settings of IPython",
        files={
            "ipython_config.py": STEAL,
            ".ipython/profile_default/startup/x.py": STEAL,
            "matplotlibrc": "backend: x",
        },
    ),
    Attack("settings of nbgrader", files={"nbgrader_config.py": STEAL, "gradebook.db": b"SQLite format 3\0"}),
    Attack(
        "names in the way",
        files={"tmp": b"", "figures": b"", "a/b/c/d": b"", "a b\n.py": b"", "-rf": b"", "\u202e.py": b"", "": b""},
        says="figures was left out",
    ),
    Attack("a file where a folder is", files={"a": b"", "a/b": b""}, says="a/b was left out"),
    Attack("names too long", files={"x" * 300: b"", "y/" * 2000 + "z": b""}, says="was left out"),
    Attack("a name that is no text", files={"checks.\udce9": b"latin"}, says=r"checks.\\udce9 has the name of"),
    Attack("more folders than the disk takes", files=FOLDERS, says="was left out"),
    Attack("more bytes than the disk takes", files={f"{n}.bin": bytes(10**7) for n in range(7)}, says="was left out"),
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_files_decide_nothing(arena: Arena, attack: Attack) -> None:
    """Does a file of the student's stand in for one of ours, or keep the notebook from being judged?"""
    result = arena.repel(attack)
    assert not result.broken


@pytest.mark.parametrize("name", ["../escape", "/etc/escape", "a/../../escape", "a\0b"])
def test_paths_out_of_the_folder(arena: Arena, name: str) -> None:
    """Is a file whose path leads out of the working folder left out, and the notebook still judged?"""
    arena.repel(Attack("path", files={name: b"x"}, says="was left out"))


# ---- what lies in a submitted folder


@pytest.fixture
def submitted(arena: Arena, tmp_path: Path) -> Path:
    """A folder as a student might hand it in, with every kind of way out of it."""
    canary = arena.outside / "canary.txt"
    folder = tmp_path / "submitted"
    (folder / "inner").mkdir(parents=True)
    (folder / f"{ASSIGNMENT}.ipynb").write_bytes(arena.notebook(Attack("nothing")))
    (folder / "mine.txt").write_text("mine")
    (folder / "inner" / "data.csv").write_text("1,2")
    (folder / "secret.txt").symlink_to(canary)
    (folder / "outside").symlink_to(arena.outside)
    (folder / "loop").symlink_to(folder)
    (folder / "source").symlink_to(arena.assignment.folder)
    (folder / "nowhere").symlink_to("/does/not/exist")
    (folder / "memory").symlink_to("/proc/self/environ")
    os.mkfifo(folder / "pipe")
    try:
        os.link(canary, folder / "hard.txt")
    except OSError:  # another file system
        shutil.copy(canary, folder / "inner" / "twin.txt")
        os.link(folder / "inner" / "twin.txt", folder / "hard.txt")
    return folder


def test_links_are_not_followed(arena: Arena, submitted: Path) -> None:
    """Are links of every kind, pipes and hidden files left where they are?"""
    (submitted / ".hidden").write_text("x")
    files = read_files(submitted)
    assert set(files) == {"mine.txt", "inner/data.csv"}
    assert not any(arena.secret.encode() in content for content in files.values())


def test_a_folder_that_is_a_link(arena: Arena, tmp_path: Path) -> None:
    """Is a linked folder within the submission not walked through?"""
    (tmp_path / "in").symlink_to(arena.outside, target_is_directory=True)
    assert read_files(tmp_path) == {}


def test_too_many_files(tmp_path: Path) -> None:
    """Is the number of files and of bytes bounded while they are read?"""
    for number in range(MAX_FILES + 10):
        (tmp_path / f"{number}.txt").write_text("x")
    assert len(read_files(tmp_path)) == MAX_FILES
    with (tmp_path / "0.txt").open("wb") as sparse:
        sparse.truncate(1 << 40)
    assert "0.txt" not in read_files(tmp_path)
    assert sum(map(len, read_files(tmp_path).values())) <= MAX_BYTES


def test_folders_without_end(tmp_path: Path) -> None:
    """Do folders deeper than Python can walk cost nothing but their own files, and are they named?"""
    (tmp_path / "mine.txt").write_text("x")
    with deep_folders(tmp_path):
        beside = read_beside(tmp_path)
        foreign = foreign_files(tmp_path)
    assert set(beside.files) == {"mine.txt"}
    (remark,) = beside.remarks()
    assert remark.startswith("left out: d/d/d") and "folders may be" in remark
    assert foreign == []


def test_paths_without_end(tmp_path: Path) -> None:
    """Is a file with a path that is too long for the system left out, with this reason, and not taken for a link?"""
    place = os.open(tmp_path, os.O_RDONLY)
    for _ in range(4096 // 250):
        os.mkdir("d" * 250, dir_fd=place)
        inner = os.open("d" * 250, os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = inner
    os.close(os.open("f" * 250, os.O_CREAT, dir_fd=place))
    os.close(place)
    beside = read_beside(tmp_path)
    assert beside.files == {}
    (remark,) = beside.remarks()
    assert remark.startswith("left out: ddd") and "File name too long" in remark
    assert foreign_files(tmp_path) == []


def test_too_many_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does the walk end, and say so?"""
    monkeypatch.setattr("grader.submissions.files.MAX_FOLDERS", 5)
    for number in range(9):
        (tmp_path / f"{number}").mkdir()
        (tmp_path / f"{number}" / "a.txt").write_text("x")
    beside = read_beside(tmp_path)
    assert set(beside.files) == {"0/a.txt", "1/a.txt", "2/a.txt", "3/a.txt"}
    assert beside.remarks() == ["left out: the rest (no more than 5 folders are read)"]


def test_check_with_links_beside_the_notebook(arena: Arena, submitted: Path) -> None:
    """Does the command keep what links lead to out of the sandbox and of the result?"""
    notebook = json.loads((submitted / f"{ASSIGNMENT}.ipynb").read_bytes())
    look = "import os, pathlib\nprint(os.environ, [p.read_text() for p in pathlib.Path().rglob('*') if p.is_file()])"
    notebook["cells"][-1] = {"cell_type": "code", "source": look, "metadata": {}, "outputs": [], "id": "look"}
    (submitted / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(notebook))
    result = check(arena, submitted / f"{ASSIGNMENT}.ipynb")
    assert result["score"] == 25
    assert arena.secret not in json.dumps(result)


def test_check_in_a_folder_of_hostile_modules(arena: Arena, tmp_path: Path) -> None:
    """Does the command, started in the student's folder, import anything from it?"""
    for name in ("json", "click", "numpy", "sitecustomize", "usercustomize", "checks", "public_tests", "reference"):
        (tmp_path / f"{name}.py").write_text(arena.placed(STEAL))
    (tmp_path / f"{ASSIGNMENT}.ipynb").write_bytes(arena.notebook(Attack("nothing")))
    result = check(arena, tmp_path / f"{ASSIGNMENT}.ipynb", tmp_path)
    assert result["score"] == 25
    assert any("sitecustomize.py would run by itself" in line for line in result["tampering"])
    assert not (arena.outside / "written").exists()


def check(arena: Arena, notebook: Path, folder: Path | None = None) -> dict[str, Any]:
    """What `grader check --json` says, as the installed command: its own folder is not on the import path."""
    start = "import sys; sys.path.insert(0, sys.argv.pop(1)); from grader.cli.main import main; main()"
    command = [sys.executable, "-I", "-c", start, str(arena.course.folder), "--course", str(arena.course.folder)]
    words = ["check", str(notebook), "--files", str(notebook.parent), "--json"]
    done = subprocess.run([*command, *words], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
