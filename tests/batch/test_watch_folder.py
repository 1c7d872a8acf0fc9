"""A service that grades notebooks as they arrive in a folder."""

from __future__ import annotations

import errno
import json
import os
import pwd
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from commands import grader
from courses import COURSE
from small_courses import QUICK, RIGHT, chain, hand_in
from watchfiles import watch

from grader.batch.arrivals import ExchangeInbound
from grader.batch.watch_folder import Inbox
from grader.judging.warm_grader import WarmGrader
from grader.sandbox import Sandbox, weaker_mode

MAX_BYTES = 1_000_000
SECONDS = 30
"""after which a test gives up; nothing is measured"""


class Service:
    """An inbox with its folders; each look is the test's."""

    def __init__(self, grader: WarmGrader, folder: Path) -> None:
        self.grader, self.arriving, self.results = grader, folder / "in", folder / "out"
        self.arriving.mkdir()
        self.start()

    def start(self) -> None:
        """What a restart does."""
        self.inbox = Inbox(self.grader, self.arriving, self.results, MAX_BYTES)

    def look(self) -> dict[str, str]:
        return dict(self.inbox.look())

    def look_twice(self) -> dict[str, str]:
        return self.look() | self.look()

    def put(self, name: str, content: bytes) -> Path:
        path = self.arriving / name
        path.write_bytes(content)
        return path

    def result(self, name: str) -> dict[str, Any]:
        return json.loads((self.results / f"{name}.json").read_bytes())


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small course."""
    return chain(tmp_path_factory.mktemp("small") / "course").folder


@pytest.fixture(scope="module")
def right(small: Path) -> bytes:
    return hand_in(small / "release" / "chain" / "chain.ipynb", RIGHT)


@pytest.fixture(scope="module")
def half(small: Path) -> bytes:
    """2 of 11 points."""
    return hand_in(small / "release" / "chain" / "chain.ipynb", {"double": RIGHT["double"]})


@pytest.fixture
def service(small: Path, sandbox: Sandbox, tmp_path: Path) -> Service:
    """A service that borrows the run's sandbox."""
    from grader.course import Course

    grader = WarmGrader(Course(small).assignment("chain"), QUICK, lambda: sandbox)
    grader._sandbox = sandbox
    return Service(grader, tmp_path)


def test_arrival(service: Service, right: bytes) -> None:
    """Is a notebook graded once it is the same at two looks, and only once?"""
    service.put("ada.ipynb", right)
    assert service.look() == {}
    assert service.look() == {"ada.ipynb": "11 of 11"}
    assert service.look() == {}
    assert service.result("ada")["score"] == 11


def test_arrival_is_reported(service: Service, half: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does the system's report of a notebook that is renamed into the folder wake the service up?"""
    reported: list[set[Any]] = []

    def noting(*folders: Path, **options: Any) -> Iterator[Any]:
        for changes in watch(*folders, **options):
            reported.append(changes)
            yield changes

    monkeypatch.setattr("grader.common.file_changes.watch", noting)
    monkeypatch.setattr("grader.batch.watch_folder.LOOK_MILLISECONDS", 1000 * SECONDS)
    is_graded = threading.Event()

    def arrive() -> None:
        for number in range(10 * SECONDS):  # the service takes a moment until it listens
            service.put("part", half).rename(service.arriving / f"{number}.ipynb")
            if is_graded.wait(0.1):
                return

    writer = threading.Thread(target=arrive)
    graded = service.inbox.serve()
    writer.start()
    while not any(reported):
        assert next(graded)[1] == "2 of 11"
    is_graded.set()
    writer.join()
    graded.close()


def test_arrival_without_reports(service: Service, right: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a folder looked at all the same where the system has no watch left to give?"""

    def refuse(*folders: Path, **options: Any) -> Iterator[Any]:
        raise OSError(errno.ENOSPC, "OS file watch limit reached")

    monkeypatch.setattr("grader.common.file_changes.watch", refuse)
    monkeypatch.setattr("grader.batch.watch_folder.LOOK_MILLISECONDS", 1)
    service.put("ada.ipynb", right)
    assert next(service.inbox.serve()) == ("ada.ipynb", "11 of 11")


def test_results_are_whole(service: Service, right: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does a result get its name only when all of it is written, and is nothing else left?"""
    named = []
    replace = os.replace

    def noting(source: Path, target: Path) -> None:
        named.append((json.loads(Path(source).read_bytes())["score"], Path(target).exists()))
        replace(source, target)

    monkeypatch.setattr(os, "replace", noting)
    service.put("ada.ipynb", right)
    service.look_twice()
    assert named == [(11, False)]
    assert [path.name for path in service.results.iterdir()] == ["ada.json"]


def test_growing_notebook_waits(service: Service, right: bytes) -> None:
    """Is a notebook not graded while it grows, nor when its writer makes a pause in the middle?"""
    for end in range(0, len(right), len(right) // 5 + 1):
        service.put("ada.ipynb", right[:end])
        assert service.look() == {}
    assert service.look_twice() == {}
    service.put("ada.ipynb", right)
    assert service.look_twice() == {"ada.ipynb": "11 of 11"}


def test_rewritten_notebook_is_graded_anew(service: Service, right: bytes, half: bytes) -> None:
    """Does a notebook that is written again, or replaced by an older file, get a new result?"""
    service.put("ada.ipynb", half)
    assert service.look_twice() == {"ada.ipynb": "2 of 11"}
    service.put("ada.ipynb", right)
    assert service.look_twice() == {"ada.ipynb": "11 of 11"}
    older = service.put("older", half)
    os.utime(older, (0, 0))
    os.replace(older, service.arriving / "ada.ipynb")
    assert service.look_twice() == {"ada.ipynb": "2 of 11"}
    assert service.result("ada")["score"] == 2


def test_bad_ones_do_not_stop_it(service: Service, right: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does each bad notebook get a result that says why, and the good one its score?"""
    monkeypatch.setattr("grader.batch.watch_folder.PATIENCE", 0)
    service.put("cut.ipynb", right[:100])
    service.put("empty.ipynb", b"")
    service.put("large.ipynb", b"[" + b"0," * MAX_BYTES + b"0]")
    (service.arriving / "folder.ipynb").mkdir()
    (service.arriving / "link.ipynb").symlink_to("/nowhere")
    service.put(".hidden.ipynb", right)
    service.put("good.ipynb", right)
    said = service.look_twice()
    assert said.pop("good.ipynb") == "11 of 11"
    assert said.keys() == {"cut.ipynb", "empty.ipynb", "large.ipynb", "folder.ipynb", "link.ipynb"}
    assert "is a folder" in service.result("folder")["error"]
    assert "is a link" in service.result("link")["error"]
    for name in ("cut", "empty", "large"):
        result = service.result(name)
        assert ("is empty" if name == "empty" else "is not a notebook") in result["error"], name
        assert said[f"{name}.ipynb"] == result["error"]
    assert "error" not in service.result("good")


def test_failure_of_ours_does_not_stop_it(service: Service, right: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a failure of the grader a result too, without a score, and the next notebook graded?"""
    grade = service.grader.grade

    def failing(content: bytes, *others: Any, **named: Any) -> Any:
        if content != right:
            raise ZeroDivisionError("ours")
        return grade(content, *others, **named)

    monkeypatch.setattr(service.grader, "grade", failing)
    service.put("unlucky.ipynb", right + b" ")
    service.put("ada.ipynb", right)
    assert service.look_twice()["ada.ipynb"] == "11 of 11"
    assert service.result("unlucky") == {"error": "the grader failed (ZeroDivisionError: ours)"}


@pytest.mark.parametrize("when", ["before it is judged", "while it is judged"])
def test_changes_while_others_are_graded(
    service: Service, right: bytes, half: bytes, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """Does the result stand of a notebook that is withdrawn or half rewritten in the meantime, until it is whole?"""
    monkeypatch.setattr("grader.batch.watch_folder.PATIENCE", 0)  # the state has to be new, not old enough
    for name in ("ben", "cem"):
        service.put(f"{name}.ipynb", right)
    service.look_twice()
    results = {name: (service.results / f"{name}.json").read_bytes() for name in ("ben", "cem")}
    names = ["slow", "ben", "cem"] if when == "before it is judged" else ["ben", "cem"]
    for name in names:
        service.put(f"{name}.ipynb", half)
    assert service.look() == {}
    grade = service.grader.grade

    def meanwhile(*arguments: Any, **named: Any) -> Any:
        result = grade(*arguments, **named)
        monkeypatch.setattr(service.grader, "grade", grade)
        (service.arriving / "ben.ipynb").unlink()
        service.put("cem.ipynb", right[:100])
        return result

    monkeypatch.setattr(service.grader, "grade", meanwhile)
    assert service.look().keys() == {"slow.ipynb"} & {f"{name}.ipynb" for name in names}
    assert {name: (service.results / f"{name}.json").read_bytes() for name in results} == results
    service.put("cem.ipynb", half)
    assert service.look_twice() == {"cem.ipynb": "2 of 11"}
    assert (service.results / "ben.json").read_bytes() == results["ben"]


def test_files_beside(service: Service, small: Path) -> None:
    """Does the student's code find the files that lie in the folder named after the notebook?"""
    answers = RIGHT | {"apart": "def apart():\n    return open('data.txt').read()"}
    folder = service.arriving / "ada.files"
    folder.mkdir()
    (folder / "data.txt").write_text("apart")
    service.put("ada.ipynb", hand_in(small / "release" / "chain" / "chain.ipynb", answers))
    assert service.look_twice() == {"ada.ipynb": "11 of 11"}


def test_restart_grades_what_has_no_result(service: Service, right: bytes, half: bytes) -> None:
    """After a restart, is only graded what has no result, or was changed since?"""
    service.put("ada.ipynb", right)
    service.put("ben.ipynb", half)
    service.look_twice()
    service.put("ben.ipynb", right)
    service.put("cem.ipynb", half)
    service.start()
    assert service.look_twice() == {"ben.ipynb": "11 of 11", "cem.ipynb": "2 of 11"}
    (service.results / "ada.json").unlink()
    service.start()
    assert service.look_twice() == {"ada.ipynb": "11 of 11"}


def test_restart_sweeps_up(service: Service) -> None:
    """Does a restart remove what a killed service left half written, and nothing that may be in the making?"""
    for name in (".7.part", ".8.part", "ada.json"):
        (service.results / name).write_text("{")
    os.utime(service.results / ".7.part", (0, 0))
    os.utime(service.results / "ada.json", (0, 0))
    service.start()
    assert sorted(path.name for path in service.results.iterdir()) == [".8.part", "ada.json"]


def test_result_that_cannot_be_written(service: Service, right: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a full disk said once, nothing left half written, and the result written when there is space?"""
    write, graded = Path.write_bytes, []
    grade = service.grader.grade

    def full(path: Path, content: bytes) -> int:
        if path.parent != service.results:
            return write(path, content)
        write(path, b"")
        raise OSError(errno.ENOSPC, "No space left on device")

    def noting(*arguments: Any, **named: Any) -> Any:
        graded.append(arguments)
        return grade(*arguments, **named)

    monkeypatch.setattr(service.grader, "grade", noting)
    service.put("ada.ipynb", right)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        (said,) = service.look_twice().values()
        assert "11 of 11; " in said
        assert "ada.json cannot be written (No space left on device). Fix that: it is tried again" in said
        service.put("ben.ipynb", right)
        assert service.look_twice().keys() == {"ben.ipynb"}
        assert list(service.results.iterdir()) == []
    assert service.look() == {"ada.ipynb": "11 of 11", "ben.ipynb": "11 of 11"}
    assert service.look_twice() == {}
    assert service.result("ada")["score"] == 11
    assert len(graded) == 2


def test_changed_before_its_result_is_written(
    service: Service, right: bytes, half: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Does a notebook that was handed in anew while its result could not be written get the score of the new one?"""

    def full(path: Path, *arguments: Any, **others: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    service.put("ada.ipynb", half)
    with monkeypatch.context() as patch:
        patch.setattr("grader.batch.watch_folder.write_whole", full)
        service.look_twice()
    service.put("ada.ipynb", right)
    assert service.look_twice() == {"ada.ipynb": "11 of 11"}


def test_status_tells_of_results_that_could_not_be_written(small: Path, tmp_path: Path, right: bytes) -> None:
    inbox, outbox = tmp_path / "in", tmp_path / "out"
    inbox.mkdir()
    for name in ("ada", "ben"):
        (inbox / f"{name}.ipynb").write_bytes(right)
    (outbox / "ada.json").mkdir(parents=True)
    words = "serve-folder", "chain", str(inbox), str(outbox), "--once"
    done = grader(small, *words)
    assert done.exit_code == 3
    assert "ada.json cannot be written (Is a directory)" in done.stdout and "ben.ipynb: 11 of 11" in done.stdout
    (outbox / "ada.json").rmdir()
    done = grader(small, *words)
    assert (done.exit_code, done.stdout.removeprefix(f"{weaker_mode()}\n")) == (0, "ada.ipynb: 11 of 11\n")


@pytest.fixture
def running(small: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path, Path]]:
    """The command at work, with its two folders."""
    inbox, outbox = tmp_path / "in", tmp_path / "out"
    inbox.mkdir()
    words = ["--course", str(small), "serve-folder", "chain", str(inbox), str(outbox)]
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", *words],
        env={**os.environ, "PYTHONPATH": str(COURSE), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process, inbox, outbox
    if process.poll() is None:
        process.kill()
    process.communicate()


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.05)


def test_interrupted_service_ends(running: tuple[subprocess.Popen[str], Path, Path], right: bytes) -> None:
    """Does Ctrl-C end the command in good order, after what it has graded, and without its processes?"""
    process, inbox, outbox = running
    (inbox / "ada.ipynb").write_bytes(right)
    until((outbox / "ada.json").exists)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, out.removeprefix(f"{weaker_mode()}\n"), err) == (0, "ada.ipynb: 11 of 11\n", "ended\n")
    until(lambda: not any(Path(f"/proc/{child}").exists() for child in children))


def submitted(service: Service, name: str, content: bytes, notebook: str = "chain.ipynb") -> Path:
    """A folder in the exchange, as `nbgrader submit` makes it, still without the file that it writes last."""
    folder = service.arriving / name
    folder.mkdir()
    (folder / notebook).write_bytes(content)
    return folder / "timestamp.txt"


@pytest.fixture
def exchange(service: Service) -> Service:
    """A service that looks into the exchange."""
    service.inbox = Inbox(service.grader, service.arriving, service.results, MAX_BYTES, b"x", ExchangeInbound("chain"))
    return service


ME = pwd.getpwuid(os.getuid()).pw_name
WHEN = "2026-11-20 18:00:00.000000 UTC"


def test_submission_through_the_exchange(exchange: Service, right: bytes, half: bytes) -> None:
    """Is a submission graded once it is complete, each of a student's on its own, and no other assignment's?"""
    first, second = f"{ME}+chain+{WHEN}+abc", f"{ME}+chain+{WHEN}"
    stamp = submitted(exchange, first, right)
    submitted(exchange, f"{ME}+other+{WHEN}+abc", right).write_text(WHEN)
    (exchange.arriving / "chain.ipynb").write_bytes(right)
    assert exchange.look_twice() == {}
    stamp.write_text(WHEN)
    assert exchange.look_twice() == {first: "11 of 11"}
    submitted(exchange, second, half, "renamed.ipynb").write_text(WHEN)
    assert exchange.look_twice() == {second: "2 of 11"}
    assert exchange.result(first)["score"] == 11 and exchange.result(second)["score"] == 2
    assert exchange.look_twice() == {}


def test_submission_in_anothers_name(exchange: Service, right: bytes) -> None:
    """Is nothing graded that another user put there under a student's name, or that lies behind a link?"""
    forged, linked = f"somebody+chain+{WHEN}+abc", f"{ME}+chain+{WHEN}+link"
    submitted(exchange, forged, right).write_text(WHEN)
    submitted(exchange, "elsewhere", right).write_text(WHEN)
    (exchange.arriving / linked).symlink_to(exchange.arriving / "elsewhere")
    found = exchange.look_twice()
    assert f"belongs to the user {ME}, not to somebody" in found[forged]
    assert "is a link" in found[linked]
    assert "score" not in exchange.result(forged) and "score" not in exchange.result(linked)


def test_command_for_the_exchange(small: Path, right: bytes, tmp_path: Path) -> None:
    """Does `grader serve-folder --exchange` write a result for a submission?"""
    name = f"{ME}+chain+{WHEN}+abc"
    (tmp_path / "in" / name).mkdir(parents=True)
    (tmp_path / "in" / name / "chain.ipynb").write_bytes(right)
    (tmp_path / "in" / name / "timestamp.txt").write_text(WHEN)
    words = ("serve-folder", "chain", str(tmp_path / "in"), str(tmp_path / "out"), "--once", "--exchange")
    line = f"{weaker_mode()}\n{name}: 11 of 11\n".lstrip()
    assert grader(small, *words).stdout == line
    assert json.loads((tmp_path / "out" / f"{name}.json").read_text())["score"] == 11


def test_a_slow_notebook_waits_for_the_others(
    service: Service, right: bytes, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is a later arrival graded first, and the slow one then with its full time and all its points?"""
    monkeypatch.setattr("grader.batch.watch_folder.FIRST_SECONDS", 0.5)
    burn = "\n    start = time.process_time()\n    while time.process_time() < start + 0.15: pass\n    return"
    slow = RIGHT | {"double": "import time\n" + RIGHT["double"].replace("\n    return", burn)}
    service.put("a-slow.ipynb", hand_in(small / "release" / "chain" / "chain.ipynb", slow))
    service.put("later.ipynb", right)
    (later, _), (last, said) = service.inbox.once()
    assert (later, last) == ("later.ipynb", "a-slow.ipynb")
    assert said.startswith("11 of 11, in ")
    assert dict(service.inbox.once()) == {}
