"""Load on the machine costs no points: what hit a limit meanwhile is judged once more, alone, at the end."""

from __future__ import annotations

import contextlib
import json
import logging
import math
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from commands import grader
from gradebooks import scores, url_of
from nbgrader.apps import AutogradeApp
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from notebooks import code
from small_classes import NAME, SCORES, grade_class, small_class, submit
from small_courses import RIGHT, exercise, hand_in, write_course

from grader.assignments.bundle import Bundle
from grader.batch import once_more
from grader.batch.executors.base import Outcome
from grader.batch.jobs import grade_job
from grader.batch.run_report import RunReport
from grader.cli import progress as progress_lines
from grader.cli.grade import bundle_of
from grader.common.errors import SubmissionError
from grader.config.limits import FIRST_CELL_SHARE, FIRST_SECONDS, SLOW_LEAST_SECONDS, SLOW_TIME_SHARE
from grader.course import Course
from grader.judging.graded import Graded
from grader.nbgrader_hooks import judge
from grader.results.records import Result
from grader.sandbox.isolation import control_group
from grader.submissions.job import Job


class BusyAtFirst:
    """Grades in this process; the first time, s00 comes out as on a machine with too much to do."""

    def __init__(self) -> None:
        self.rounds: list[list[str]] = []

    def started(self, bundle: Bundle) -> AbstractContextManager[object]:
        return nullcontext()

    def run(self, bundle: Bundle, jobs: Iterable[Job]) -> Iterator[Outcome]:
        self.rounds.append([])
        for job in jobs:
            self.rounds[-1].append(job.student)
            graded = grade_job(bundle, job)
            if job.student == "s00" and len(self.rounds) == 1:
                result = replace(graded.result, starved=True, problems=("a limit was hit",))
                graded = replace(graded, result=result)
            yield job, graded


def test_a_starved_submission_is_judged_again_last_and_alone(tmp_path: Path) -> None:
    """Does the second outcome count, and nothing of the first?"""
    course = small_class(tmp_path / "course", 3)
    executor = BusyAtFirst()
    report = grade_class(course, executor)
    assert executor.rounds == [["s00", "s01", "s02"], ["s00"]]
    assert report.graded == ["s01", "s02", "s00"] and not report.problems
    assert scores(url_of(course), NAME)["s00"] == SCORES["all right"]


class CutShort:
    """Grades in this process; submissions with a name in `slow` use up any time of their own that a job gives."""

    def __init__(self, slow: set[str]) -> None:
        self.slow = slow
        self.rounds: list[list[tuple[str, bool]]] = []
        """For each call: student, and whether the job has its full time."""

    def started(self, bundle: Bundle) -> AbstractContextManager[object]:
        return nullcontext()

    def run(self, bundle: Bundle, jobs: Iterable[Job]) -> Iterator[Outcome]:
        self.rounds.append([])
        for job in jobs:
            self.rounds[-1].append((job.student, math.isinf(job.most_seconds)))
            graded = grade_job(bundle, replace(job, most_seconds=math.inf))
            is_cut = job.student in self.slow and not math.isinf(job.most_seconds)
            yield job, replace(graded, result=replace(graded.result, cut_short=is_cut))


def test_few_slow_submissions_share_a_time_and_none_gets_a_silent_zero(tmp_path: Path) -> None:
    """Do the others keep their turn, and is the score of a slow one open, with the next step, until it is judged?"""
    course = small_class(tmp_path / "course", 5)
    executor = CutShort({"s00"})
    report = grade_class(course, executor)
    assert executor.rounds == [[(f"s{number:02}", False) for number in range(5)], [("s00", False)]]
    assert sorted(report.graded) == ["s01", "s02", "s03", "s04"] and report.broken == ["s00"]
    [(student, problem)] = report.problems
    assert student == "s00" and "not judged to the end" in problem and "Start again" in problem
    assert set(scores(url_of(course), NAME)["s00"].values()) == {None}
    # the next run has only this one, which is no longer one of few
    again = CutShort({"s00"})
    assert grade_class(course, again).graded == ["s00"]
    assert again.rounds == [[("s00", False)], [("s00", True)]]
    assert scores(url_of(course), NAME)["s00"] == SCORES["all right"]


def test_no_time_is_left_for_further_slow_submissions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is the time at the end a total for all of them?"""
    monkeypatch.setattr(once_more, "AGAIN_SECONDS", 0.0)
    executor = CutShort({"s00"})
    report = grade_class(small_class(tmp_path / "course", 5), executor)
    assert len(executor.rounds) == 1 and report.broken == ["s00"]


def test_a_slow_assignment_has_its_full_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where most of the class is slow, is nobody cut short any more, and everybody judged?"""
    monkeypatch.setattr(once_more, "SLOW_CLASS_SIZE", 2)
    course = small_class(tmp_path / "course", 4)
    executor = CutShort({"s00", "s01", "s02", "s03"})
    assert sorted(grade_class(course, executor).graded) == ["s00", "s01", "s02", "s03"]
    assert executor.rounds == [
        [("s00", False), ("s01", False), ("s02", True), ("s03", True)],
        [("s00", True), ("s01", True)],
    ]


def test_a_run_without_anything_new_ends_well(tmp_path: Path) -> None:
    """Does the command start no worker for submissions that were put off where there are none?"""
    course = small_class(tmp_path / "course", 1)
    assert grader(course, "autograde", NAME).exit_code == 0
    again = grader(course, "autograde", NAME)
    assert again.exit_code == 0, again.output


def test_endless_loops_are_cut_short_and_slow_right_answers_keep_their_points(tmp_path: Path) -> None:
    """Does a submission with its time cut say so, and has it all its points with its full time?"""
    course = Course(small_class(tmp_path / "course", 0))
    burn = "\n    start = time.process_time()\n    while time.process_time() < start + 0.05: pass\n    return"
    slow = RIGHT | {"double": "import time\n" + RIGHT["double"].replace("\n    return", burn)}
    released = course.folder / "release" / NAME / f"{NAME}.ipynb"
    job = Job("ada", hand_in(released, slow), seed=1)
    bundle = bundle_of(course, NAME)
    cut = grade_job(bundle, replace(job, most_seconds=0.08)).result
    assert cut.cut_short and any("time for all calls and cells" in line for line in cut.problems), cut.problems
    full = grade_job(bundle, job).result
    assert full.score == full.max_score and not full.cut_short


def test_the_run_says_which_submissions_took_most(tmp_path: Path) -> None:
    """Are they named, the slowest first, to people and to scripts?"""
    course = small_class(tmp_path / "course", 2)
    done = grader(course, "autograde", NAME)
    assert done.exit_code == 0, done.stderr
    line = next(line for line in done.stdout.splitlines() if "took most" in line)
    assert set(re.findall(r"(\w+) [\d.]+ s", line)) == {"s00", "s01"}
    slowest = json.loads(grader(course, "autograde", NAME, "--force", "--json").stdout)["slowest"]
    assert {entry["student"] for entry in slowest} == {"s00", "s01"}
    assert slowest[0]["seconds"] >= slowest[1]["seconds"] > 0


def test_the_slowest_come_first_and_are_few() -> None:
    report = RunReport(took={"a": 0.1, "b": 3.0, "d": 0.2, "c": 0.2})
    assert report.slowest() == [("b", 3.0), ("c", 0.2), ("d", 0.2)]


def test_who_sleeps_just_under_each_limit_holds_nobody_up(tmp_path: Path) -> None:
    """Does it cost a worker hardly more than the time for waiting, however many cells and calls sleep?"""
    course = small_class(tmp_path / "course", 0, config="c.Judge.idle_seconds = 1\n")
    slow = {name: source.replace("    return", "    time.sleep(0.9)\n    return") for name, source in RIGHT.items()}
    cells = [code(f"own-{number}", "import time\ntime.sleep(0.9)") for number in range(8)]
    path = submit(course, "sleeper", "all right")
    path.write_bytes(hand_in(course / "release" / NAME / f"{NAME}.ipynb", slow, cells))
    report = json.loads(grader(course, "autograde", NAME, "--json").stdout)
    assert report["slowest"][0]["seconds"] < 8, "it would sleep for eleven"
    assert report["scores"] == {"sleeper": 0}


def test_a_busy_core_costs_no_points(tmp_path: Path) -> None:
    """Does an answer that computes for half its limit keep its points beside processes that leave it a tenth of a core?

    On the clock on the wall each call would take more than twice its limit.
    """
    course = small_class(tmp_path / "course", 0, config="c.Judge.call_seconds = 0.6\n")
    hand_in_slow(course, 0.3)
    with busy_neighbours(8):
        report = json.loads(grader(course, "autograde", NAME, "--json", "--jobs", "2").stdout)
    assert report["scores"] == {"slow": 3}, report


def test_a_neighbours_threads_cost_no_points(tmp_path: Path) -> None:
    """Does an answer that takes 0.4 s a call keep its points beside another student's thirty busy threads?"""
    config = "c.Judge.call_seconds = 0.6\nc.Judge.submission_seconds = 2\nc.Judge.carry_forward = False\n"
    course = small_class(tmp_path / "course", 0, config=config)
    hand_in_slow(course, 0.4)
    released = course / "release" / NAME / f"{NAME}.ipynb"
    submit(course, "threads", "all right").write_bytes(hand_in(released, RIGHT, before=[code("threads", THREADS)]))
    report = json.loads(grader(course, "autograde", NAME, "--json", "--jobs", "2").stdout)
    assert report["scores"]["slow"] == 3, report


THREADS = """import threading
def spin():
    while True: pass
for _ in range(30):
    try: threading.Thread(target=spin, daemon=True).start()
    except RuntimeError: break"""


def hand_in_slow(course: Path, seconds: float) -> None:
    """Hand in a right answer that computes for so long in each call."""
    burn = f"\n    start = time.process_time()\n    while time.process_time() < start + {seconds}: pass\n    return"
    slow = RIGHT | {"double": RIGHT["double"].replace("\n    return", burn)}
    del slow["quadruple"], slow["octuple"]
    path = submit(course, "slow", "all right")
    path.write_bytes(hand_in(course / "release" / NAME / f"{NAME}.ipynb", slow))


@contextlib.contextmanager
def busy_neighbours(count: int) -> Iterator[None]:
    """So many processes that compute, on each core."""
    burn = "import os\nos.sched_setaffinity(0, {%d})\nwhile True: pass"
    cores = [core for core in os.sched_getaffinity(0) for _ in range(count)]
    running = [subprocess.Popen([sys.executable, "-c", burn % core]) for core in cores]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


def test_a_run_says_where_sessions_have_no_control_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is it one line at the start, for people only, and does the doctor name the remedy?"""
    course = small_class(tmp_path / "course", 1)
    monkeypatch.setattr(control_group.new_group, "__defaults__", (tmp_path,))
    done = grader(course, "autograde", NAME)
    first, *others = done.stdout.splitlines()
    assert first.startswith("Sessions share the machine without control groups (")
    assert not any("control groups" in line for line in others)
    told = grader(course, "doctor").stdout
    assert "no   one core's share" in told and "remedy: control groups of version 2" in told
    assert json.loads(grader(course, "autograde", NAME, "--force", "--json").stdout)["graded"] == ["s00"]


def test_every_command_says_where_sessions_have_no_control_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Is it the first line of each command that runs student code, and no line at all where there are groups?"""
    course = small_class(tmp_path / "course", 1)
    assert grader(course, "autograde", NAME).exit_code == 0
    inbox, notebook = tmp_path / "inbox", course / "submitted" / "s00" / NAME / f"{NAME}.ipynb"
    inbox.mkdir()
    commands = {
        "check": ("check", str(notebook)),
        "reproduce": ("reproduce", "s00", NAME),
        "serve-folder": ("serve-folder", NAME, str(inbox), str(tmp_path / "outbox"), "--once"),
        "gradescope-run": ("gradescope-run", NAME, "--trial"),
    }
    for why in ("the line of a test", ""):
        monkeypatch.setattr(progress_lines, "weaker_mode", lambda why=why: why)
        for words in commands.values():
            done = grader(course, *words)
            assert done.exit_code == 0, done.output
            assert done.stdout.startswith("the line of a test\n") is bool(why), done.stdout
        monkeypatch.setattr(judge, "weaker_mode", lambda why=why: why)
        app = AutogradeApp()
        app.log = logging.getLogger("autograde")
        caplog.clear()
        judge.GradedNotebook(parent=Autograde(CourseDirectory(root=str(course)), parent=app))
        assert (why in caplog.messages) is bool(why)


def took(seconds: float) -> Result:
    """The result of a submission that took these seconds."""
    return Result("chain", 0, (), seconds=seconds, own_seconds=seconds)


def test_a_run_in_order_gives_few_slow_submissions_a_time_together() -> None:
    """Has each its full time while a good part of the run is slow, and else what the others have left?"""
    turns = once_more.SingleTurns()
    assert math.isinf(turns.most_seconds())
    for number in range(20):
        turns.note(f"s{number:02}", took(1.4))
    usual = max(SLOW_LEAST_SECONDS, SLOW_TIME_SHARE * 20 * 1.4)
    assert turns.most_seconds() == FIRST_SECONDS + usual
    turns.note("loops", took(FIRST_SECONDS + 5))
    assert turns.most_seconds() == pytest.approx(FIRST_SECONDS + usual - FIRST_SECONDS - 5)
    turns.note("loops too", took(FIRST_SECONDS + usual))
    assert turns.most_seconds() == FIRST_SECONDS
    for number in range(6):
        turns.note(f"cut{number}", took(FIRST_SECONDS))
    assert math.isinf(turns.most_seconds())


@pytest.mark.parametrize(("count", "slow"), [(200, 20), (200, 1), (2000, 200), (26, 2)])
def test_slow_submissions_together_take_less_than_the_others(count: int, slow: int) -> None:
    """Is their own time at their turns and at the end within the others', who take 0.3 s each, or else short?"""
    usual, spent = 0.3 * (count - slow), FIRST_SECONDS * slow
    assert spent + once_more.slow_seconds(usual, spent) <= max(usual, SLOW_LEAST_SECONDS)
    # two students' common mistakes are judged in the same run
    assert once_more.slow_seconds(usual, 2 * FIRST_SECONDS) >= 20


class TakesLong(CutShort):
    """The same; each turn of a slow submission takes all the time that the job gives, or `seconds` if it has more."""

    def __init__(self, slow: set[str], seconds: float) -> None:
        super().__init__(slow)
        self.seconds = seconds
        self.given: list[float] = []

    def run(self, bundle: Bundle, jobs: Iterable[Job]) -> Iterator[Outcome]:
        for job in jobs:
            seconds = min(self.seconds, job.most_seconds) if job.student in self.slow else 0.1
            result = replace(took(seconds), cut_short=seconds < self.seconds and job.student in self.slow)
            self.given.append(job.most_seconds)
            yield job, Graded(job.student, result, {}, (), "", "", {})


def test_each_slow_submission_leaves_the_next_the_rest_of_the_time(tmp_path: Path) -> None:
    """Is the own time at the end shared, whatever the clock says, and does the last one's score stay open?"""
    bundle = bundle_of(Course(small_class(tmp_path / "course", 0)), NAME)
    left = SLOW_LEAST_SECONDS - 3 * FIRST_SECONDS
    executor = TakesLong({"a", "b", "c"}, left - 1)
    jobs = [Job(name, b"") for name in ("a", "b", "c", *map(str, range(20)))]
    outcomes = {job.student: outcome for job, outcome in once_more.fair_outcomes(executor, bundle, jobs)}
    assert executor.given[:23] == [FIRST_SECONDS] * 23
    assert executor.given[23:] == [left, pytest.approx(1)]
    cut = {name for name, outcome in outcomes.items() if isinstance(outcome, Graded) and outcome.result.cut_short}
    assert cut == {"b", "c"} and len(outcomes) == 23


def test_an_assignment_says_which_cells_take_long(tmp_path: Path) -> None:
    """Does a submission have more time at its turn where a cell of the master has a limit of its own?"""
    plain = bundle_of(write_course(tmp_path / "plain", "train", exercise("double", RIGHT["double"], "pass")), "train")
    cells = [code("train", "pass", grader={"seconds": 20}), *exercise("double", RIGHT["double"], "pass")]
    training = bundle_of(write_course(tmp_path / "training", "train", cells), "train")
    assert once_more.first_seconds(plain) == FIRST_SECONDS
    assert once_more.first_seconds(training) == FIRST_SECONDS + FIRST_CELL_SHARE * 20


def test_nbgrader_records_nothing_of_what_was_cut_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Is a submission without enough time an error with the next step, and not a low score?"""
    bundle = bundle_of(Course(small_class(tmp_path / "course", 0)), NAME)
    cut = replace(took(FIRST_SECONDS), cut_short=True)
    monkeypatch.setattr(judge, "graded_by", lambda grader, bundle, job: Graded("ada", cut, {}, (), "", "", {}))
    with pytest.raises(SubmissionError, match="ada: not judged to the end"):
        judge.JudgeSubmission()._graded(None, bundle, Job("ada", b""))
