"""Serve the live page on the loopback interface, behind a token, from a thread of its own.

The page shows names and scores of students, so the token is a secret of this run. A page of another site cannot read
it: the browser does not send the cookie there, and a Host other than loopback is refused (DNS rebinding).
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
import socket
import threading
from types import TracebackType
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RequestHandler

from grader.common.errors import CourseError
from grader.pages import FOLDER, page
from grader.pages.live.run_state import RunState

ADDRESS = "127.0.0.1"
NAMES = (ADDRESS, "localhost")
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


class LiveServer:
    """A context manager. Inside, `url` shows the run's state."""

    def __init__(self, state: RunState, port: int = 0) -> None:
        """port: 0 for any free port. Raises CourseError if the port is taken."""
        self._state, self._token = state, secrets.token_urlsafe(24)
        self._socket = _listening(port)
        self.port: int = self._socket.getsockname()[1]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live page", daemon=True)

    @property
    def url(self) -> str:
        """The page's address, with the token that lets its reader in."""
        return f"http://{ADDRESS}:{self.port}/?token={self._token}"

    def __enter__(self) -> LiveServer:
        self._thread.start()
        # __exit__ needs the loop, which the thread makes.
        self._started.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        """The thread: serve until the loop is stopped."""
        loop = self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        server = HTTPServer(self._application())
        server.add_socket(self._socket)
        loop.call_soon(self._started.set)
        try:
            loop.run_forever()
        finally:
            server.stop()
            loop.run_until_complete(server.close_all_connections())
            loop.close()

    def _application(self) -> Application:
        known = {"state": self._state, "token": self._token, "port": self.port}
        routes: list[Any] = [(r"/", _Page, known), (r"/state", _State, known), (r"/report", _Report, known)]
        # The terminal shows the run's progress, and a line for each request would hide it.
        return Application(routes, log_function=lambda handler: None, default_handler_class=_Nothing)


def _listening(port: int) -> socket.socket:
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # free again at once after a run
        server.setblocking(False)
        server.bind((ADDRESS, port))
        server.listen()
    except OSError as error:
        server.close()
        raise CourseError(f"--port {port}: cannot be used ({error.strerror}). Name another, or leave it out.") from None
    return server


class _Handler(RequestHandler):
    """Requires the token, from the address or from the cookie of the first visit."""

    def initialize(self, state: RunState, token: str, port: int) -> None:
        self.state, self._token, self._port = state, token, port

    @property
    def _cookie(self) -> str:
        return f"grader-{self._port}"  # cookies know no ports: two runs would take each other's place

    def set_default_headers(self) -> None:
        for name, value in HEADERS.items():
            self.set_header(name, value)
        self.clear_header("Server")

    def prepare(self) -> None:
        if self.request.host not in {f"{name}:{self._port}" for name in NAMES}:
            raise HTTPError(403)
        given = self.get_query_argument("token", "") or self.get_cookie(self._cookie, "") or ""
        # The time of an ordinary comparison would tell how much of a guess is right.
        if not hmac.compare_digest(given.encode(), self._token.encode()):
            raise HTTPError(403)

    def write_error(self, status_code: int, **details: Any) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("Open the address that the grader has printed, with its token.\n" if status_code == 403 else "")


class _Page(_Handler):
    def get(self) -> None:
        if self.get_query_argument("token", ""):  # the token must not stay in the address bar and the history
            self.set_cookie(self._cookie, self._token, httponly=True, samesite="Strict", path="/")
            self.redirect("/")
            return
        script = (FOLDER / "templates" / "live.js").read_text()
        self.finish(page("live.html", script=script, connect=True, run=self.state.title))


class _State(_Handler):
    def get(self) -> None:
        self.finish(self.state.since(self._number("rows"), self._number("problems")))

    def _number(self, name: str) -> int:
        text = self.get_query_argument(name, "0")
        # int() accepts signs, spaces and other digits, and takes long for thousands of them.
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise HTTPError(400)
        return int(text)


class _Report(_Handler):
    def get(self) -> None:
        report = self.state.report
        if report is None:
            raise HTTPError(404)
        self.finish(report)


class _Nothing(RequestHandler):
    def prepare(self) -> None:
        raise HTTPError(404)

    def write_error(self, status_code: int, **details: Any) -> None:
        self.finish("")
