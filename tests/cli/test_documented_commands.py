"""Each command that the README and docs/ tell to type runs: here, in a small graded class, or in a named test."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from commands import grader
from courses import COURSE
from gradebooks import url_of
from nbgrader.api import Gradebook
from small_classes import NAME

PAGES = [COURSE / "README.md", *sorted((COURSE / "docs").glob("*.md"))]
WALK = "docs/writing-an-assignment.md"
PLACES = {
    "convolution_step_by_step": NAME,
    "ASSIGNMENT": NAME,
    "NOTEBOOK": f"submitted/s00/{NAME}/{NAME}.ipynb",
    "path/to/notebook.ipynb": f"submitted/s00/{NAME}/{NAME}.ipynb",
}
"""what stands in the pages -> what is in the small class"""
ELSEWHERE = {
    "grader autograde --cluster": "tests/end_to_end/test_dask_cluster.py",
    "grader autograde --open": "tests/cli/test_open.py",
    "grader release --dry-run": "tests/release/test_gradebook_of_a_release.py",
    "grader release --withdraw": "tests/release/test_release.py",
    "grader serve-folder --open": "tests/cli/test_open.py",
    "grader watch": "tests/cli/test_watch.py",
    "grader new": "tests/cli/test_walk.py",
    "grader serve-folder --exchange": "tests/batch/test_watch_folder.py",
    "nbgrader autograde": "tests/end_to_end/test_two_doors.py",
    "nbgrader collect": "tests/hub/test_jupyterhub.py",
    "nbgrader db": "tests/end_to_end/test_dry_run_gradebook.py",
    "nbgrader export": "tests/end_to_end/test_nbgrader.py",
    "nbgrader generate_assignment": "tests/end_to_end/test_nbgrader.py",
    "nbgrader generate_feedback": "tests/hub/test_jupyterhub.py",
    "nbgrader release_assignment": "tests/hub/test_jupyterhub.py",
    "nbgrader release_feedback": "tests/hub/test_jupyterhub.py",
    "nbgrader validate": "tests/end_to_end/test_nbgrader.py",
    "nbgrader zip_collect": "tests/end_to_end/test_collecting.py",
}
"""program, command and option -> the test that runs it"""


def documented() -> Iterator[tuple[str, ...]]:
    """The words of each command of grader and nbgrader, in fences and between backticks, without comments."""
    for page in PAGES:
        text = page.read_text()
        if page == COURSE / WALK:
            continue  # test_walk.py follows it to the end
        fenced = "\n".join(re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE))
        for line in [*fenced.splitlines(), *re.findall(r"`([^`\n]+)`", text)]:
            words = shlex.split(line, comments=True) if re.match(r"\s*(nb)?grader [a-z]", line) else []
            # Without an argument a command is only mentioned: `grader autograde`, `grader autograde --dry-run`.
            if len(words) > 2 and not words[2].startswith("-"):
                yield tuple(words)


def place_of(words: tuple[str, ...]) -> str:
    """The named test of this command, or nothing."""
    program, command, *rest = words
    options = [word.partition("=")[0] for word in rest if word.startswith("--")]
    names = [f"{program} {command} {option}" for option in options] + [f"{program} {command}"]
    return next((ELSEWHERE[name] for name in names if name in ELSEWHERE), "")


COMMANDS = sorted(set(documented()))
HERE = [words for words in COMMANDS if words[0] == "grader" and not place_of(words)]


@pytest.fixture(scope="module")
def course(small_graded_class: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graded class with the files that the pages speak of."""
    folder = Path(copytree(small_graded_class, tmp_path_factory.mktemp("documented") / "course"))
    (folder / "roster.csv").write_text("id,first_name,last_name\ns00,Ada,Lovelace\n")
    (folder / "extensions.csv").write_text("student,days\ns00,0\n")
    (folder / "INBOX").mkdir()
    with Gradebook(url_of(folder)) as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate="2026-11-20 18:00 UTC")
    return folder


@pytest.mark.parametrize("words", HERE, ids=" ".join)
def test_command_runs(words: tuple[str, ...], course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does the command end well in a graded class?"""
    monkeypatch.chdir(course)
    arguments = [PLACES.get(word, word) for word in words[1:]]
    if "serve-folder" in words:
        arguments.append("--once")  # it would serve for ever
    done = grader(course, *arguments)
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("words", [words for words in COMMANDS if words not in HERE], ids=" ".join)
def test_command_runs_elsewhere(words: tuple[str, ...]) -> None:
    """Is there a test that runs the command?"""
    place = place_of(words)
    assert place, f"no test runs {' '.join(words)}"
    assert words[1] in (COURSE / place).read_text(), f"{place} does not run {words[1]}"


def test_there_are_commands() -> None:
    """Are there commands in the pages? Empty pages would pass."""
    assert len(HERE) > 8 and len(COMMANDS) > 20
