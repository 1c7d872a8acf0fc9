"""The Gradescope archive in a bare Debian, laid out as Gradescope lays its containers out.

As root, without user namespaces, with Docker's default capabilities. The form of results.json is the one published in
Gradescope's "Autograder Specifications".
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from containers import make_bare_debian, run_in, why_none
from courses import COURSE, NAME, run_well
from jsonschema import validate
from small_courses import RELEASE, answers_of, hand_in

pytestmark = [pytest.mark.container, pytest.mark.skipif(bool(why_none()), reason=why_none())]

STATUS = {"enum": ["passed", "failed"]}
VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
TEST = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "output"],
    "properties": {
        "score": {"type": "number"},
        "max_score": {"type": "number"},
        "status": STATUS,
        "name": {"type": "string"},
        "output": {"type": "string"},
        "visibility": VISIBILITY,
    },
}
PUBLISHED_FORM = {
    "type": "object",
    "additionalProperties": False,
    "required": ["tests"],
    "properties": {
        "score": {"type": "number"},
        "output": {"type": "string"},
        "visibility": VISIBILITY,
        "tests": {"type": "array", "items": TEST},
    },
}
CANARY = "canary-of-the-container"
THIEF = """
import glob, os
for path in ["/autograder/submission_metadata.json", *glob.glob("/autograder/**/*", recursive=True), "/etc/shadow"]:
    try: print(path, open(path, errors="replace").read())
    except Exception as error: pass
try: open("/autograder/results/results.json", "w").write('{"score": 100}')
except Exception as error: pass
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A bare system whose image was built by setup.sh."""
    work = tmp_path_factory.mktemp("gradescope")
    root, archive = work / "root", work / "autograder.zip"
    root.mkdir()
    make_bare_debian(root)
    run_well(COURSE, "grader", "gradescope-zip", NAME, "--output", str(archive))
    source = root / "autograder" / "source"
    for folder in (source, root / "autograder" / "submission", root / "autograder" / "results", root / "wheels"):
        folder.mkdir(parents=True)
    with zipfile.ZipFile(archive) as file:
        for entry in file.infolist():  # as unzip does it, with the modes
            Path(file.extract(entry, source)).chmod(entry.external_attr >> 16 & 0o777)
    shutil.copy2(source / "run_autograder", root / "autograder")
    _download(root, source / "requirements.txt")
    done = run_in(root, "/autograder/source/setup.sh", PIP_NO_INDEX="1", PIP_FIND_LINKS="/wheels")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "The solutions get 100 of 100 points." in done.stdout
    yield root
    shutil.rmtree(root)


def _download(root: Path, requirements: Path) -> None:
    """Fetch the wheels with this machine's pip, whose settings know where they are."""
    version = run_in(root, "python3", "-c", "import platform; print(platform.python_version())").stdout.strip()
    command = ["pip", "download", "--quiet", "--only-binary=:all:", f"--python-version={version}"]
    command += [f"--requirement={requirements}", f"--dest={root / 'wheels'}"]
    done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]


def graded(root: Path, files: dict[str, bytes]) -> tuple[dict[str, Any], subprocess.CompletedProcess]:
    """What Gradescope gets for these files, which were handed in, and what the instructor sees of the run."""
    autograder = root / "autograder"
    for folder in (autograder / "submission", autograder / "results"):
        shutil.rmtree(folder)
        folder.mkdir()
    for name, content in files.items():
        (autograder / "submission" / name).write_bytes(content)
    users = [{"email": "ada@example.org", "id": 1, "name": "Ada"}]
    (autograder / "submission_metadata.json").write_text(json.dumps({"id": 7, "users": users, "canary": CANARY}))
    done = run_in(root, "/autograder/run_autograder")
    content = json.loads((autograder / "results" / "results.json").read_text())
    validate(content, PUBLISHED_FORM)
    return content, done


def test_right_answers(root: Path) -> None:
    """Does a student with all answers right get all points, one test for each exercise?"""
    content, done = graded(root, {f"{NAME}.ipynb": hand_in(RELEASE, answers_of("amara_k"))})
    assert content["score"] == 100 and done.returncode == 0, done.stdout + done.stderr
    assert {test["status"] for test in content["tests"]} == {"passed"} and len(content["tests"]) == 8


def test_says_which_protection_is_left(root: Path) -> None:
    """Does the instructor read in the run's output which layers hold there, and which are missing?"""
    _, done = graded(root, {f"{NAME}.ipynb": RELEASE.read_bytes()})
    assert "Student code runs behind: landlock, seccomp." in done.stdout or "users, seccomp" in done.stdout
    assert "namespaces" not in done.stdout.partition("behind: ")[2].partition(".")[0]


def test_untouched(root: Path) -> None:
    """Does the released notebook get nothing, with a sentence for each exercise?"""
    content, _ = graded(root, {f"{NAME}.ipynb": RELEASE.read_bytes()})
    assert content["score"] == 0 and all("not done yet" in test["output"] for test in content["tests"])


def test_nothing_handed_in(root: Path) -> None:
    """Is it said that there is no notebook, and what there is instead?"""
    content, done = graded(root, {"answers.zip": b"PK"})
    assert content["score"] == 0 and "answers.zip" in content["output"] and done.returncode == 0


def test_thief(root: Path) -> None:
    """Is nothing of the container's to be read or written by a student, though all runs as root?"""
    notebook = json.loads(hand_in(RELEASE, answers_of("elif_d")))
    cell = {"cell_type": "code", "id": "thief", "metadata": {}, "execution_count": None, "outputs": []}
    notebook["cells"].insert(0, {**cell, "source": THIEF})
    content, done = graded(root, {f"{NAME}.ipynb": json.dumps(notebook).encode()})
    honest, _ = graded(root, {f"{NAME}.ipynb": hand_in(RELEASE, answers_of("elif_d"))})
    assert content["score"] == honest["score"] and len(content["tests"]) == 8
    assert CANARY not in json.dumps(content) + done.stdout + done.stderr
