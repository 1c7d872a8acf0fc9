"""`--open`: the page that follows a run, from the command's start to Ctrl-C."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest
from courses import COURSE
from small_classes import NAME, small_class, submit

from grader.pages.live.run_state import RunState
from grader.pages.live.server import LiveServer

PATIENCE = 120


class Followed:
    """A command with --open, and a reader of its page. The browser is a program that does nothing."""

    def __init__(self, course: Path, *arguments: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(COURSE), "BROWSER": "true"}
        command = [sys.executable, "-m", "grader", "--course", str(course), *arguments]
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stderr is not None
        line = self.process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/\?token=\S+", line)
        assert found, line + self.process.stderr.read()
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())).open
        self.page = self._read(found[0])
        self.address = found[0].partition("?")[0]

    def _read(self, url: str) -> str:
        with self._open(url, timeout=20) as answer:
            return answer.read().decode()

    def state(self) -> dict[str, Any]:
        return json.loads(self._read(f"{self.address}state"))

    def wait_for(self, key: str, value: object) -> dict[str, Any]:
        end = time.monotonic() + PATIENCE
        while (state := self.state())[key] != value:
            assert time.monotonic() < end and self.process.poll() is None, state
            time.sleep(0.1)
        return state

    def report(self) -> str:
        return self._read(f"{self.address}report")

    def interrupt(self) -> tuple[int, str]:
        self.process.send_signal(signal.SIGINT)
        _, errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, errors


def test_a_class_is_followed(tmp_path: Path) -> None:
    """Does the page show each score and problem, and at the end the class report, until Ctrl-C?"""
    course = small_class(tmp_path / "course", 3)
    lost = submit(course, "s07", "one")
    lost.write_text("{")
    followed = Followed(course, "autograde", NAME, "--open")
    assert f"<h1>{NAME}</h1>" in followed.page
    state = followed.wait_for("over", True)
    assert {row["student"]: row["score"] for row in state["rows"]} == {
        "s00": "11 of 11",
        "s01": "9 of 11",
        "s02": "2 of 11",
        "s07": "0 of 11",
    }
    assert state["total"] == state["done"] == 4
    assert [problem["student"] for problem in state["problems"]] == ["s07"]
    assert "class report" in followed.report() and "s02" in followed.report()
    status, errors = followed.interrupt()
    assert status == 0 and "Traceback" not in errors, errors


def test_a_folder_is_followed(tmp_path: Path) -> None:
    """Does `serve-folder --open` show what has arrived?"""
    course = small_class(tmp_path / "course", 1)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    followed = Followed(course, "serve-folder", NAME, str(inbox), str(tmp_path / "outbox"), "--open")
    answer = course / "submitted" / "s00" / NAME / f"{NAME}.ipynb"
    (inbox / "ada.ipynb").write_bytes(answer.read_bytes())
    (row,) = followed.wait_for("done", 1)["rows"]
    assert row == {"student": "ada.ipynb", "score": "11 of 11"}
    status, errors = followed.interrupt()
    assert status == 0 and "Traceback" not in errors, errors


def test_a_run_without_a_result(tmp_path: Path) -> None:
    """Does the page of a run that could judge nothing end without a report, and without an error of its own?"""
    course = small_class(tmp_path / "course", 1)
    # No gradebook can hold this name, so that nothing is recorded.
    (course / "submitted" / "s00").rename(course / "submitted" / os.fsdecode(b"s\xff"))
    followed = Followed(course, "autograde", NAME, "--open")
    assert followed.wait_for("over", True)["report"] is False
    status, errors = followed.interrupt()
    assert "Error" not in errors and status in (0, 3), errors


def test_taken_port(tmp_path: Path) -> None:
    """Is a taken port one line, before anything is graded?"""
    course = small_class(tmp_path / "course", 1)
    with LiveServer(RunState("other")) as other:
        command = [sys.executable, "-m", "grader", "--course", str(course), "autograde", NAME, "--open"]
        done = subprocess.run([*command, f"--port={other.port}"], capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.startswith(f"Error: --port {other.port}: cannot be used")
    assert not (course / "autograded" / "s00").exists()


def test_missing_browser(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a machine without a browser told to open the address elsewhere?"""
    from grader.cli import live

    monkeypatch.setattr(live.webbrowser, "open", lambda url: False)
    live._open("http://127.0.0.1:1/")
    assert "No browser was found" in capsys.readouterr().err
