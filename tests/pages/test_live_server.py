"""The server of the live page: who is let in, and what it answers."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.common.errors import CourseError
from grader.pages.live.run_state import RunState
from grader.pages.live.server import LiveServer

HOSTILE = "<script>alert(1)</script>\u202e"


@pytest.fixture
def state() -> RunState:
    return RunState("lab", 2)


@pytest.fixture
def server(state: RunState) -> Iterator[LiveServer]:
    with LiveServer(state) as server:
        yield server


def ask(server: LiveServer, path: str, **headers: str) -> tuple[int, http.client.HTTPMessage, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        connection.close()


def cookie(server: LiveServer) -> str:
    parts = urlsplit(server.url)
    status, headers, _ = ask(server, f"{parts.path}?{parts.query}")
    assert status == 302 and headers["Location"] == "/"
    return headers["Set-Cookie"]


def test_token_goes_from_the_address_into_a_cookie(server: LiveServer) -> None:
    """Does the printed address let its reader in, and vanish from the browser's history?"""
    given = cookie(server)
    assert {"httponly", "samesite=strict"} <= {part.strip().lower() for part in given.split(";")}
    status, headers, text = ask(server, "/", Cookie=given.split(";")[0])
    assert status == 200 and "<h1>lab</h1>" in text
    assert headers["X-Frame-Options"] == "DENY" and headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/state", "/report", "/?token=guess", "/state?token=", "/?token=%ff"])
def test_nobody_else_is_let_in(server: LiveServer, state: RunState, path: str) -> None:
    """Is somebody without the token told nothing, whatever is asked for?"""
    state.add_row("ada", "2 of 2")
    state.end(b"the report of ada")
    status, _, text = ask(server, path, Cookie="grader-1=guess")
    assert status in (400, 403) and "ada" not in text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.1:1", ""])
def test_other_names_are_refused(server: LiveServer, host: str) -> None:
    """Is a page refused whose name was made to point at this machine, though it has the cookie?"""
    assert ask(server, "/state", Cookie=cookie(server).split(";")[0], Host=host)[0] in (400, 403)


def test_state_in_pieces(server: LiveServer, state: RunState) -> None:
    """Does a page get what it lacks, and the report once the run is over?"""
    known = cookie(server).split(";")[0]
    state.add_row("ada", "2 of 2")
    state.add_row(HOSTILE, "open")
    state.add_problem("bob", "no notebook")
    first = json.loads(ask(server, "/state", Cookie=known)[2])
    assert (first["done"], first["total"], first["over"]) == (2, 2, False)
    assert [row["student"] for row in first["rows"]] == ["ada", "<script>alert(1)</script>\\u202e"]
    assert json.loads(ask(server, "/state?rows=2&problems=1", Cookie=known)[2])["rows"] == []
    assert ask(server, "/report", Cookie=known)[0] == 404
    state.end(b"<p>report")
    assert json.loads(ask(server, "/state?rows=9&problems=9", Cookie=known)[2])["over"] is True
    assert ask(server, "/report", Cookie=known)[2] == "<p>report"


@pytest.mark.parametrize("query", ["rows=-1", "rows=x", "rows=1e3", "problems=99999999999", "rows=%D9%A1"])
def test_bad_numbers(server: LiveServer, query: str) -> None:
    """Is a damaged question answered as that, without a traceback on the terminal?"""
    assert ask(server, f"/state?{query}", Cookie=cookie(server).split(";")[0])[0] == 400


def test_unknown_pages(server: LiveServer) -> None:
    """Is there nothing else to be had, such as files of this machine?"""
    known = cookie(server).split(";")[0]
    for path in ("/favicon.ico", "/static/x", "/../etc/passwd", "//etc/passwd"):
        assert ask(server, path, Cookie=known)[0] == 404


def test_taken_port(server: LiveServer) -> None:
    """Does a port that somebody has give one line with the option?"""
    with pytest.raises(CourseError, match=f"--port {server.port}: cannot be used"):
        LiveServer(RunState("other"), server.port)


def test_ends_without_a_trace(state: RunState) -> None:
    """Is the port free again, and the thread gone, once the run has ended?"""
    before = threading.active_count()
    with LiveServer(state) as server:
        idle = socket.create_connection(("127.0.0.1", server.port))  # a browser keeps its connection
    idle.close()
    assert threading.active_count() == before
    with LiveServer(state, server.port):
        pass


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3))))
def test_pieces_make_the_whole(steps: list[tuple[bool, int]]) -> None:
    """Has a page that asks at any moments seen each row once, in order?"""
    state, seen = RunState("lab"), []
    for number, (asks, count) in enumerate(steps):
        for index in range(count):
            state.add_row(f"{number}-{index}", "1 of 1")
        if asks:
            seen += state.since(len(seen), 0)["rows"]
    seen += state.since(len(seen), 0)["rows"]
    assert seen == state.since(0, 0)["rows"]
