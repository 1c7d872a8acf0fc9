"""Each damaged submission of one class: judged as far as that goes, told on one line, and a nuisance to nobody."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from commands import grader as command
from damages import DAMAGES, FILE, FULL, READ
from small_class import autograde, submit, totals

import grader.course
from grader.batch.jobs import warm_grader
from grader.cli.grade import bundle_of
from grader.common.text import printable
from grader.course import Course
from grader.notebooks.model import Notebook
from grader.results.store import ResultStore

GOOD = ("first", "zuletzt")


@dataclass
class Graded:
    """The class after its run."""

    course: Path
    report: dict
    status: int
    scores: dict[str, float]
    lines: dict[str, list[str]] = field(default_factory=dict)


def student_of(name: str) -> str:
    return DAMAGES[name].student or name


@pytest.fixture(scope="session")
def graded(empty_class: Path, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """One run over all damaged submissions beside two good ones."""
    course = shutil.copytree(empty_class, tmp_path_factory.mktemp("damaged") / "course")
    for student in GOOD:
        submit(course, student)
    for name, damage in DAMAGES.items():
        damage.spoil(submit(course, student_of(name)))
    done = autograde(course, "--json")
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    result = Graded(course, report, done.exit_code, totals(course))
    for problem in report["problems"]:
        result.lines.setdefault(problem["student"], []).append(problem["problem"])
    return result


def test_the_good_ones_are_graded(graded: Graded) -> None:
    """Do those whose notebooks are right get full marks beside all the others, and is that no failure of ours?"""
    assert [graded.scores[student] for student in GOOD] == [FULL, FULL]
    assert graded.report["broken"] == []
    assert graded.status == 0


@pytest.mark.parametrize("name", DAMAGES)
def test_damaged_submission(name: str, graded: Graded) -> None:
    """Is what can be judged judged, and what is amiss told on one line that names the file?"""
    damage, student = DAMAGES[name], student_of(name)
    lines = graded.lines.get(student, [])
    assert len(lines) == bool(damage.says), lines
    for line in lines:
        assert line.startswith(FILE) and damage.says in line and line.isprintable(), line
        assert line.endswith(f"See autograded/{printable(student)}/chain.")
    assert graded.scores[student] == damage.score
    assert (student in graded.report["nothing_to_judge"]) is not damage.readable


@pytest.mark.parametrize("name", DAMAGES)
def test_graded_notebook_is_whole(name: str, graded: Graded) -> None:
    """Has each an autograded notebook with every test once, and the released files beside it?"""
    folder = graded.course / "autograded" / student_of(name) / "chain"
    notebook = Notebook.read(folder / FILE)
    assert sorted(c.grade_id for c in notebook.cells if c.is_test) == ["apart", "double", "octuple", "quadruple"]
    assert (folder / "data" / "numbers.txt").read_text() == "1 2 3\n"


@pytest.mark.parametrize("name", [name for name, damage in DAMAGES.items() if not damage.readable])
def test_refused_notebook_is_not_copied(name: str, graded: Graded) -> None:
    """Does the autograded notebook say why there is nothing to judge, and hold no more than the master's tests?"""
    path = graded.course / "autograded" / student_of(name) / "chain" / FILE
    *tests, said = Notebook.read(path).cells
    assert said.kind == "markdown" and DAMAGES[name].says in said.source
    assert all(cell.is_test for cell in tests) and path.stat().st_size < 100_000


def test_class_table_has_everyone(graded: Graded) -> None:
    """Do the scores of the table agree with the gradebook's?"""
    records = ResultStore(graded.course, "chain").records()
    assert {record.student: record.result.score for record in records} == graded.scores
    assert command(graded.course, "scores", "chain").exit_code == 0


def test_lines_are_printed(graded: Graded) -> None:
    """Is each problem one line for a terminal, and is nothing graded twice?"""
    done = autograde(graded.course, "--force", "--student", student_of("name with newlines"), "--student", "pipe")
    assert [line for line in done.stderr.splitlines() if ":" in line] == [
        "pipe: chain.ipynb: is no plain file. Ask the student for the notebook itself. See autograded/pipe/chain."
    ]


def test_second_run_has_nothing_to_do(graded: Graded) -> None:
    """Is every result, also of what could not be read, left as it is where nothing has changed?"""
    report = json.loads(autograde(graded.course, "--json").stdout)
    assert len(report["unchanged"]) == len(DAMAGES) + len(GOOD)
    assert report["graded"] == report["nothing_to_judge"] == report["problems"] == []
    store = ResultStore(graded.course, "chain")
    assert all(store.has_record(student_of(name)) for name in DAMAGES)


@pytest.fixture(scope="module")
def one_grader(graded: Graded) -> Iterator[None]:
    """Lets `grader check` share the warm sandbox."""
    course = Course(graded.course)
    warm = warm_grader(bundle_of(course, "chain"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grader.course.Course, "grader", lambda *arguments, **options: nullcontext(warm))
        yield


@pytest.mark.parametrize("name", DAMAGES)
@pytest.mark.usefixtures("one_grader")
def test_check_command(name: str, graded: Graded) -> None:
    """Does `grader check` give the same score, or one line that names the file?"""
    path = graded.course / "submitted" / student_of(name) / "chain" / FILE
    done = command(graded.course, "check", str(path), "--assignment", "chain", "--json")
    if done.exit_code == 0:
        followed = name == "folder that is a link"  # whoever names a path means what lies there
        assert json.loads(done.stdout)["score"] == (FULL if followed else DAMAGES[name].score)
    else:
        (line,) = done.stderr.splitlines()
        assert line.startswith("Error: ") and FILE in line
        assert done.exit_code in (1, 2) and (not DAMAGES[name].readable or READ in DAMAGES[name].says)
