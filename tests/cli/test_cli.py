"""The `grader` command: words, options, exit statuses, and what bad input gets."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from commands import grader, refused
from courses import COURSE, NAME, run
from notebooks import write
from small_courses import (
    DOUBLE,
    RELEASE,
    RIGHT,
    answers_of,
    chain,
    exercise,
    filled,
    hand_in,
    without_trials,
    write_course,
)

from grader.cli.main import main
from grader.config.traits import Judge
from grader.course import Course
from grader.sandbox import Sandbox, weaker_mode

Check = Callable[..., Result]
UNTIMED = {"seconds": 0, "exercise_seconds": {}}
"""in place of what differs from run to run"""


class Borrowed:
    """The run's warm sandbox, which no command may close."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.open, self.used, self.layers = sandbox.open, sandbox.used, sandbox.layers

    def __enter__(self) -> Borrowed:
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.fixture
def warm(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands find the sandbox running already."""
    monkeypatch.setattr(Judge, "sandbox", lambda *arguments: Borrowed(sandbox))


@pytest.fixture
def small(tmp_path: Path) -> Course:
    return chain(tmp_path / "course")


@pytest.fixture
def handed_in(small: Course, tmp_path: Path) -> Path:
    """A right notebook in a folder of its own, outside the course."""
    path = tmp_path / "anywhere" / "chain.ipynb"
    path.parent.mkdir()
    path.write_bytes(hand_in(small.folder / "release" / "chain" / "chain.ipynb", RIGHT))
    return path


@pytest.fixture
def check(small: Course, warm: None) -> Check:
    """A function: words of `grader check` -> what came of it, in the small course."""
    return lambda *words: grader(small.folder, "check", *map(str, words))


@pytest.fixture(scope="module")
def viktor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook of the real assignment with two wrong exercises, which have checks and a known mistake."""
    notebook = without_trials(filled(RELEASE, answers_of("viktor_j")))
    return write(notebook, tmp_path_factory.mktemp("viktor") / f"{NAME}.ipynb")


# ------------------------------------------------------------------ what is printed


def test_text_shows_each_exercise_and_the_score(check: Check, handed_in: Path) -> None:
    """Does the terminal show a line for each exercise, and the score with its seed?"""
    done = check(handed_in)
    lines = done.stdout.removeprefix(f"{weaker_mode()}\n").splitlines()
    assert lines[:4] == ["double: 2 of 2", "apart: 1 of 1", "quadruple: 3 of 3", "octuple: 5 of 5"]
    assert re.fullmatch(r"score: 11 of 11   \(seed \d+, [\d.]+ s\)", lines[-1])
    assert (done.exit_code, done.stderr) == (0, "")


def test_text_shows_problems_and_tampering(check: Check, small: Course, tmp_path: Path) -> None:
    """Are limits and changes listed under a heading?"""
    notebook = filled(small.folder / "release" / "chain" / "chain.ipynb", RIGHT)
    notebook["cells"][2]["source"] = "pass"
    notebook["cells"][0]["source"] = "import os\nos._exit(0)"
    done = check(write(notebook, tmp_path / "chain.ipynb"))
    said = done.stdout.removeprefix(f"{weaker_mode()}\n")
    assert said.startswith("cell 1 (packages), line 2 (`os._exit(0)`) was left out, since it ended the run")
    assert "changed, without effect:\n  the test of double was changed" in done.stdout


def documented(heading: str) -> set[str]:
    """The fields in the table of docs/result-schema.md that follows the line."""
    text = (COURSE / "docs" / "result-schema.md").read_text()
    table = re.search(r"^\|.*?\n\n", text[text.index(heading) :], re.DOTALL | re.MULTILINE)[0]
    return set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))


def documented_inside(field: str) -> set[str]:
    """The fields of the object that the table describes in braces."""
    text = (COURSE / "docs" / "result-schema.md").read_text()
    row = re.search(rf"^\| `{field}` \|.*?{{(.*?)}}", text, re.MULTILINE)
    return set(re.findall(r'"(\w+)"', row[1]))


def test_json_has_the_documented_fields_and_no_others(viktor: Path, warm: None) -> None:
    """Is every field of the JSON documented, and every documented field there?"""
    done = grader(COURSE, "check", str(viktor), "--json")
    result = json.loads(done.stdout)
    assert set(result) == documented("The result as JSON")
    assert all(set(part) == documented_inside("parts") for part in result["parts"].values())
    assert [e["name"] for e in result["exercises"] if set(e) != documented("An exercise:")] == []
    checks = [check for e in result["exercises"] for check in e["checks"]]
    assert len(checks) > 50
    assert all(set(check) == documented_inside("checks") for check in checks)
    mistakes = [e["misconception"] for e in result["exercises"] if e["misconception"]]
    assert mistakes
    assert all(set(mistake) == documented_inside("misconception") for mistake in mistakes)
    assert (result["schema"], result["assignment"], result["score"]) == ("grader.result/1", NAME, 67.08)


def test_json_flag_is_a_format(check: Check, handed_in: Path) -> None:
    """Do --json and --format json say the same?"""
    one, other = (json.loads(check(handed_in, *words).stdout) for words in (["--json"], ["--format", "json"]))
    assert one | UNTIMED == other | UNTIMED


def test_gradescope_form(check: Check, handed_in: Path) -> None:
    """Does --format gradescope print results.json?"""
    content = json.loads(check(handed_in, "--format", "gradescope").stdout)
    assert content["score"] == 11
    assert [test["name"] for test in content["tests"]] == list(RIGHT)


def test_seed_reproduces(viktor: Path, warm: None) -> None:
    """Does the seed of a result, given as --seed, give the same result again?"""
    first = json.loads(grader(COURSE, "check", str(viktor), "--json").stdout)
    again = json.loads(grader(COURSE, "check", str(viktor), "--json", "--seed", str(first["seed"])).stdout)
    other = json.loads(grader(COURSE, "check", str(viktor), "--json", "--seed", "7").stdout)
    assert first | UNTIMED == again | UNTIMED
    assert other["seed"] == 7
    assert other["exercises"] != first["exercises"]


# ------------------------------------------------------------------ which assignment, which files


def test_assignment_is_named_where_the_file_is_not(check: Check, handed_in: Path) -> None:
    """Does --assignment stand for the file's name?"""
    renamed = handed_in.rename(handed_in.with_name("Ada L. (final).ipynb"))
    handed_in.write_text("{}")
    refused(
        check(handed_in.rename(handed_in.with_name("no notebook.ipynb"))), "'no notebook'", "The course has: chain."
    )
    assert check(renamed, "--assignment", "chain").exit_code == 0


def test_course_is_found_by_option_and_by_environment(handed_in: Path, small: Course, warm: None) -> None:
    """May the course be named by the environment as well?"""
    done = CliRunner().invoke(main, ["check", str(handed_in)], env={"GRADER_COURSE": str(small.folder)})
    assert done.exit_code == 0


# ------------------------------------------------------------------ exit statuses and bad input


def test_untouched_notebook_is_no_error(check: Check, small: Course) -> None:
    """Is the exit status 0 whatever the score?"""
    done = check(small.folder / "release" / "chain" / "chain.ipynb")
    assert "score: 0 of 11" in done.stdout
    assert done.exit_code == 0


@pytest.mark.parametrize("content", ["{", "[]", "\x00"])
def test_invalid_notebook_is_graded_nought(content: str, check: Check, tmp_path: Path) -> None:
    """Is a file that is no notebook judged, with 0 points and a problem that names file and remedy?"""
    (tmp_path / "chain.ipynb").write_text(content)
    done = check(tmp_path / "chain.ipynb", "--json")
    result = json.loads(done.stdout)
    assert (result["score"], result["max_score"], done.exit_code) == (0, 11, 0)
    assert result["problems"][0].startswith("chain.ipynb: is not a notebook")
    assert result["problems"][0].endswith("save it and hand it in again.")


def test_unknown_assignment_is_refused(check: Check, handed_in: Path) -> None:
    """Is an assignment that the course does not have named, with those that it has?"""
    refused(check(handed_in, "--assignment", "chian"), "'chian'", "The course has: chain.")


@pytest.mark.parametrize("words", [["check", __file__], ["release", "chain"], ["data"]])
def test_folder_that_is_no_course_is_refused(words: list[str], tmp_path: Path) -> None:
    """Is a folder without settings named, with where to go?"""
    refused(grader(tmp_path, *words), str(tmp_path), "nbgrader_config.py", "--course")


def test_assignment_that_is_not_released_is_refused(check: Check, small: Course, handed_in: Path) -> None:
    """Is the command named that has to run first?"""
    (small.folder / "release").rename(small.folder / "elsewhere")
    refused(check(handed_in), "does not exist", "Run `grader release chain` first.")


@pytest.mark.parametrize("words", [["gone.ipynb"], ["."], [], ["gone.ipynb", "--format", "xml"]])
def test_wrong_command_line(words: list[str], check: Check) -> None:
    """Is a missing notebook, a folder, or an unknown option an error of the command line, with its name and usage?"""
    done = check(*words)
    assert done.exit_code == 2
    assert done.stdout == ""
    last = done.stderr.splitlines()[-1]
    assert last.startswith("Error: ")
    assert any(word in last for word in [*words, "NOTEBOOK"])
    assert "grader check" in done.stderr or "main check" in done.stderr


def test_broken_exercise_has_an_exit_status(warm: None, tmp_path: Path) -> None:
    """Is the exit status 3, and the score open, where a test of ours has a bug?"""
    course = write_course(tmp_path / "course", "faulty", exercise("double", DOUBLE, "assert double(2) == 4 / 0"))
    path = tmp_path / "faulty.ipynb"
    path.write_bytes(hand_in(course.folder / "release" / "faulty" / "faulty.ipynb", {"double": DOUBLE}))
    done = grader(course.folder, "check", str(path))
    assert done.exit_code == 3
    assert "score: open of 1" in done.stdout
    result = grader(course.folder, "check", str(path), "--json")
    assert (result.exit_code, json.loads(result.stdout)["score"]) == (3, None)


def test_console_command(viktor: Path) -> None:
    """Does the installed command, started in the course's folder, judge a notebook of the real assignment?"""
    done = run(COURSE, "grader", "check", str(viktor), "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    result: dict[str, Any] = json.loads(done.stdout)
    assert (result["score"], result["max_score"]) == (67.08, 100)
    assert [e["name"] for e in result["exercises"] if e["outcome"] == "failed"] == ["conv_forward", "pool_forward"]
