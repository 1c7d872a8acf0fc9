"""An assignment of several notebooks, named as one likes: released, proved, graded, shown and scored."""

from __future__ import annotations

import json
import os
import pwd
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from commands import grader
from gradebooks import scores, url_of
from nbgrader.apps import NbGraderAPI
from notebooks import code, markdown, read, write
from several_notebooks import ALL, NAME, NOTEBOOKS, RIGHT, SCORES, masters, submit, submit_class, write_masters
from small_courses import QUICK, exercise, hand_in, write_course
from traitlets.config import Config, PyFileConfigLoader

from grader.assignments.bundle import Bundle
from grader.batch.arrivals import ExchangeInbound
from grader.batch.jobs import graded_by
from grader.batch.watch_folder import Inbox
from grader.cli.check import answered
from grader.cli.report import recorded
from grader.course import Course
from grader.judging.grade import grade
from grader.judging.warm_grader import WarmGrader
from grader.release.gate import inspect_release
from grader.results.store import ResultStore
from grader.sandbox import Sandbox
from grader.submissions.folder import submission_folders
from grader.submissions.job import HandedIn, Job
from grader.submissions.several import read_job


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For reading."""
    course = tmp_path_factory.mktemp("several") / "course"
    write_masters(course, masters())
    assert grader(course, "data").exit_code == 0
    done = grader(course, "release", NAME)
    assert done.exit_code == 0, done.output
    return course


@pytest.fixture(scope="module")
def graded(released: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The class, graded by `grader autograde`; for reading."""
    course = Path(shutil.copytree(released, tmp_path_factory.mktemp("graded") / "course"))
    submit_class(course)
    done = grader(course, "autograde", NAME, "--jobs", "1", "--quiet")
    assert done.exit_code == 0, done.output
    return course


@pytest.fixture(scope="module")
def warm(released: Path) -> Iterator[WarmGrader]:
    """A grader of the released assignment."""
    course = Course(released)
    with course.grader(course.assignment(NAME)) as grader:
        yield grader


@pytest.fixture
def released_copy(released: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(released, tmp_path / "course"))


def test_release_has_every_notebook(released: Path) -> None:
    """Are all notebooks released, without solutions, those with nothing to grade too?"""
    folder = released / "release" / NAME
    assert {path.stem for path in folder.glob("*.ipynb")} == {*NOTEBOOKS, "your notes"}
    assert {path.stem for path in folder.glob("one_file/*.ipynb")} == set(NOTEBOOKS)
    for notebook, answers in RIGHT.items():
        text = (folder / f"{notebook}.ipynb").read_text()
        assert [name for name, answer in answers.items() if json.dumps(answer)[1:-1] in text] == []


def test_gate_proves_every_notebook(released_copy: Path, sandbox: Sandbox) -> None:
    """Is a test that rejects nothing found in one notebook, and a wrong reference in another?"""
    cells = masters()
    cells["part 2"] = exercise("plus", "def plus(x):\n    return x + 1", "assert True", 1)
    cells["warm up"] = exercise("twice", "def twice(x):\n    return x", "assert twice(1) == 2", 2)
    write_masters(released_copy, cells)
    (released_copy / "source" / NAME / "private" / "hidden_tests.py").unlink()
    assignment = Course(released_copy).assignment(NAME)
    problems = inspect_release(assignment, assignment.release, sandbox=sandbox).problems
    assert [line for line in problems if line.startswith("twice: the master's own solution earns 0%")]
    assert [line for line in problems if line.startswith("plus: the untouched release earns 100%")]


def test_class_gets_its_points(graded: Path) -> None:
    """Does everybody get the points of what was handed in?"""
    assert scores_of(graded) == SCORES
    for student in SCORES:
        assert notebooks_of(graded, student) == set(NOTEBOOKS)


def scores_of(course: Path) -> dict[str, dict[str, float]]:
    found = scores(url_of(course), NAME)
    return {student: {name: found[student][name] for name in ALL} for student in found}


def notebooks_of(course: Path, student: str) -> set[str]:
    return {path.stem for path in (course / "autograded" / student / NAME).glob("*.ipynb")}


def api_of(course: Path) -> NbGraderAPI:
    """What the Formgrader calls."""
    config: Config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    config.CourseDirectory.root = str(course)
    return NbGraderAPI(config=config)


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own, at a student that it adds
def test_nbgrader_gives_the_same_points(released_copy: Path) -> None:
    """Does nbgrader, which comes with one notebook after another, get the points of the submission as a whole?"""
    # It refuses a folder without a notebook of its names, and a file that is no notebook.
    submit_class(released_copy)
    done = api_of(released_copy).autograde(NAME, "missing")
    assert done["success"], done
    assert scores_of(released_copy) == {"missing": SCORES["missing"]}
    assert notebooks_of(released_copy, "missing") == set(NOTEBOOKS)
    record = ResultStore(released_copy, NAME).record("missing")
    assert record is not None
    assert [one.name for one in record.result.exercises] == list(ALL)
    # one with nothing to grade is not filed
    assert api_of(released_copy).autograde(NAME, "more")["success"]
    assert scores_of(released_copy)["more"] == SCORES["more"]
    assert notebooks_of(released_copy, "more") == set(NOTEBOOKS)


def test_what_was_amiss_names_the_notebook(graded: Path) -> None:
    """Do instructor and student read which notebook is missing, renamed or broken?"""
    store = ResultStore(graded, NAME)

    def told(student: str) -> str:
        record = store.record(student)
        assert record is not None
        return " ".join(record.result.notices)

    assert told("right") == told("wrong") == told("more") == ""
    assert told("missing") == "part 10.ipynb: was not handed in."
    assert "part 2.ipynb: the notebook is called part 2 (final).ipynb" in told("renamed")
    assert told("broken").startswith("warm up.ipynb: is not a notebook")
    assert "part 2.ipynb: was not handed in, but hw.zip. Unpack the archive" in told("archive")


def test_result_tells_each_exercises_notebook(graded: Path) -> None:
    """Is each exercise of a result tagged with its notebook?"""
    record = ResultStore(graded, NAME).record("right")
    assert record is not None
    found = [(one.notebook, one.name) for one in record.result.exercises]
    assert found == [(notebook, name) for notebook in NOTEBOOKS for name in RIGHT[notebook]]
    assert (record.result.score, record.result.max_score) == (10, 10)


def test_misconception_is_recognised(graded: Path) -> None:
    """Does the catalogue, which all notebooks share, name a mistake in the second one?"""
    record = ResultStore(graded, NAME).record("wrong")
    assert record is not None
    mistakes = {one.name: [mistake.name for mistake in one.test.mistakes] for one in record.result.exercises}
    assert mistakes["thrice"] == ["adds"]


def test_absent_notebook_leaves_nothing_open(graded: Path) -> None:
    """Is an answer that people grade worth 0 where its notebook was not handed in?"""
    found = scores(url_of(graded), NAME)
    assert found["missing"]["essay"] == 0


def test_second_run_grades_nobody(graded: Path) -> None:
    """Is what is graded left as it is?"""
    done = grader(graded, "autograde", NAME, "--jobs", "1", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["graded"] == []


def test_gradebook_counts_points_by_notebook(graded: Path) -> None:
    """Does nbgrader's gradebook have each notebook with its own points?"""
    from nbgrader.api import Gradebook

    with Gradebook(url_of(graded)) as gradebook:
        names = (*NOTEBOOKS, "your notes")
        points = {name: gradebook.find_submission_notebook(name, NAME, "missing").score for name in names}
    assert points == {"part 2": 1, "part 10": 0, "warm up": 5, "your notes": 0}


def test_feedback_has_a_page_for_each_notebook(graded: Path, tmp_path: Path) -> None:
    """Is the missing notebook told on its own page only?"""
    course = Path(shutil.copytree(graded, tmp_path / "course"))
    done = api_of(course).generate_feedback(NAME, "missing")
    assert done["success"], done
    pages = {path.stem: path.read_text() for path in (course / "feedback" / "missing" / NAME).glob("*.html")}
    assert pages.keys() - {"your notes"} == set(NOTEBOOKS)
    assert [name for name, page in pages.items() if "was not handed in" in page] == ["part 10"]


def test_report_and_exports_have_the_sum_of_all(graded: Path, tmp_path: Path) -> None:
    """Do the class report and every export have the exercises of all notebooks, in the order of today's masters?"""
    course = Path(shutil.copytree(graded, tmp_path / "course"))
    start, *cells = masters()["warm up"]
    write_masters(course, {"warm up": [start, *cells[2:], *cells[:2]]})
    order = ["plus", "thrice", "four", "twice"]
    assert {tuple(one.name for one in record.result.exercises) for record in recorded(Course(course), NAME)} == {
        tuple(order)
    }
    assert grader(course, "report", NAME).exit_code == 0
    report = (course / "reports" / f"{NAME}.html").read_text()
    columns = re.findall(rf">({'|'.join(order)}) /\d", report)
    assert columns == order
    for form in ("canvas", "moodle", "json", "gradescope"):
        assert grader(course, "export", NAME, "--format", form).exit_code == 0
    rows = {one["student"]: one["score"] for one in json.loads((course / "reports" / f"{NAME}.json").read_text())}
    assert rows == {student: sum(points.values()) for student, points in SCORES.items()}
    gradescope = json.loads((course / "reports" / f"{NAME}-gradescope" / "missing" / "results.json").read_text())
    assert [test["name"] for test in gradescope["tests"]] == order
    assert {test["name"]: test["score"] for test in gradescope["tests"]} == SCORES["missing"]
    assert [word for word in grader(course, "scores", NAME).stdout.split() if word in order] == order


def test_check_judges_one_notebook(graded: Path) -> None:
    """Does `grader check` take a notebook by its name, or by its cells, with the seed of the whole submission?"""
    record = ResultStore(graded, NAME).record("renamed")
    assert record is not None
    folder = graded / "submitted" / "renamed" / NAME
    done = grader(graded, "check", str(folder / "part 2 (final).ipynb"), "--json")
    assert "part 2.ipynb of hw" in done.stderr
    result = json.loads(done.stdout)
    assert (result["score"], result["max_score"], result["seed"]) == (1, 1, record.result.seed)
    content = (folder / "part 10.ipynb").read_bytes()
    found, parsed = answered(Course(graded), folder / "part 10.ipynb", content, None)
    assert (found.notebook, parsed) == ("part 10", None)


def test_recorded_result_is_reproduced(graded: Path) -> None:
    """Does a second judgement with the recorded seed come to the same in all notebooks?"""
    done = grader(graded, "reproduce", "renamed", NAME)
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[-1].startswith("renamed: 10 of 10")


def test_inbox_judges_each_notebook(released: Path, warm: WarmGrader, tmp_path: Path) -> None:
    """Does the watched folder tell the notebooks apart, and refuse what is none of them?"""
    arriving = tmp_path / "inbox"
    arriving.mkdir()
    for notebook, answers in RIGHT.items():
        content = hand_in(released / "release" / NAME / f"{notebook}.ipynb", answers)
        (arriving / f"of {notebook[-2:]}.ipynb").write_bytes(content)
    shutil.copy(released / "release" / NAME / "your notes.ipynb", arriving / "x.ipynb")
    dict(Inbox(warm, arriving, tmp_path / "outbox", 10**6).look(at_rest=True))
    results = {path.stem: json.loads(path.read_text()) for path in (tmp_path / "outbox").glob("*.json")}
    assert {name: one.get("score") for name, one in results.items()} == {"of  2": 1, "of 10": 4, "of up": 5, "x": None}
    assert "none of the notebooks" in results["x"]["error"]


def test_exchange_judges_all_notebooks_together(graded: Path, warm: WarmGrader, tmp_path: Path) -> None:
    """Does a folder in nbgrader's exchange get one result, of all its notebooks, with the scores of the class?"""
    me, when = pwd.getpwuid(os.getuid()).pw_name, "2026-11-20 18:00:00.000000 UTC"
    for student in ("missing", "renamed"):
        folder = tmp_path / "inbound" / f"{me}+{NAME}+{when}+{student}"
        shutil.copytree(graded / "submitted" / student / NAME, folder)
        (folder / "timestamp.txt").write_text(when)
    service = Inbox(warm, tmp_path / "inbound", tmp_path / "out", 10**6, b"secret", ExchangeInbound(NAME))
    dict(service.look(at_rest=True))
    results = {path.stem.split("+")[-1]: json.loads(path.read_text()) for path in (tmp_path / "out").glob("*.json")}
    assert {student: one["score"] for student, one in results.items()} == {"missing": 6, "renamed": 10}
    assert results["missing"]["notices"] == ["part 10.ipynb: was not handed in."]


def test_time_is_the_submissions_and_not_each_notebooks(released: Path, warm: WarmGrader) -> None:
    """Do the notebooks share the time of a job, and is a job without a limit of its own never cut short?"""
    wait = [code("wait", "import time\ntime.sleep(0.4)")]
    pages = {name: hand_in(released / "release" / NAME / f"{name}.ipynb", RIGHT[name], wait) for name in NOTEBOOKS}
    several = {name: HandedIn(content) for name, content in pages.items()}
    bundle = Bundle.of(warm.assignment, warm.policy, {})
    cut = graded_by(warm, bundle, Job("ada", b"", several=several, most_seconds=0.6)).result
    # What came first is judged, and the rest has no time left.
    assert cut.cut_short
    assert cut.exercises[-1].score == 0
    assert "warm up.ipynb: The submission as a whole took too long" in " ".join(cut.problems)
    limits = replace(warm.policy.limits, session_seconds=0.6)
    short = replace(bundle, policy=replace(warm.policy, limits=limits))
    whole = graded_by(warm, short, Job("ada", b"", several=several)).result
    assert (whole.cut_short, whole.exercises[-1].score) == (False, 0)


def test_sample_class_fills_every_notebook(released_copy: Path) -> None:
    """Does an answer file for exercises of two notebooks become a submission of all?"""
    answers = released_copy / "source" / NAME / "private" / "sample_answers"
    answers.mkdir()
    text = f"# %% plus\n{RIGHT['part 2']['plus']}\n# %% thrice\n{RIGHT['part 10']['thrice']}\n"
    (answers / "ada.py").write_text(text)
    assert grader(released_copy, "sample-class", NAME).exit_code == 0
    folder = released_copy / "submitted" / "ada" / NAME
    assert {path.stem for path in folder.glob("*.ipynb")} == set(NOTEBOOKS)
    assert RIGHT["part 10"]["thrice"] in [cell["source"] for cell in read(folder / "part 10.ipynb")["cells"]]


def test_equal_names_are_refused(released_copy: Path) -> None:
    """Does the gate name both notebooks where an exercise stands in two, and leave the release as it was?"""
    again = exercise("plus", "def plus(x):\n    return x + 1", "assert plus(2) == 3", 1)
    write_masters(released_copy, {"other": again})
    done = grader(released_copy, "release", NAME)
    assert done.exit_code == 1
    lines = done.stderr.splitlines()
    assert all("part 2.ipynb" in line and "other.ipynb" in line and "change one of the two" in line for line in lines)
    assert "'plus'" in done.stderr
    assert not (released_copy / "release" / NAME / "other.ipynb").exists()
    submit(released_copy, "ada", RIGHT)
    done = grader(released_copy, "autograde", NAME)
    assert done.exit_code == 1
    assert "'plus'" in done.stderr


def test_notebook_is_added_and_withdrawn(graded: Path, tmp_path: Path) -> None:
    """Is a new notebook released before anybody is graded, and are no grades lost when a notebook goes?"""
    course = Path(shutil.copytree(graded, tmp_path / "course"))
    write_masters(course, {"extra": exercise("minus", "def minus(x):\n    return x - 1", "assert minus(1) == 0", 5)})
    for command in (["autograde", NAME], ["reproduce", "right", NAME]):
        done = grader(course, *command)
        assert done.exit_code == 1
        assert f"extra.ipynb: is not released yet. Run `grader release {NAME}` first." in done.stderr
    (course / "source" / NAME / "part 2.ipynb").unlink()
    done = grader(course, "release", NAME)
    assert done.exit_code == 1
    assert "plus: withdrawn, 1 points" in done.stderr
    assert (course / "release" / NAME / "part 2.ipynb").exists()
    assert not (course / "release" / NAME / "extra.ipynb").exists()
    done = grader(course, "release", NAME, "--withdraw", "plus")
    assert done.exit_code == 0, done.output
    assert "minus: added, 5 points" in done.stdout
    found = scores(url_of(course), NAME)["right"]
    assert {name: found[name] for name in ("thrice", "twice", "four")} == {"thrice": 4, "twice": 2, "four": 3}
    assert "plus" not in found


def test_single_notebook_may_have_any_name(tmp_path: Path, sandbox: Sandbox) -> None:
    """Is an assignment graded whose one notebook is not called like it, and whose other notebook is only read?"""
    course = write_course(tmp_path, NAME, [markdown("notes", "Read this first.")])
    cells = exercise("plus", "def plus(x):\n    return x + 1", "assert plus(1) == 2", 1)
    for kind in ("source", "release"):
        write({"cells": cells, "metadata": {}, "nbformat": 4}, tmp_path / kind / NAME / "Übung eins.ipynb")
    assignment = course.assignment(NAME)
    assert [one.notebook for one in assignment.notebooks] == ["Übung eins"]
    bundle = Bundle.of(assignment, QUICK, {})
    submit(tmp_path, "ada", {"Übung eins": RIGHT["part 2"]})
    submit(tmp_path, "ben", {"Übung eins": RIGHT["part 2"]}, {"Übung eins": "answer"})
    for submission in submission_folders(tmp_path / "submitted", NAME):
        job = read_job(submission, bundle)
        assert grade(job.content, assignment, sandbox, QUICK).score == 1
        assert [line for line in job.notices if "rename it to Übung eins.ipynb" in line] == list(job.notices)
