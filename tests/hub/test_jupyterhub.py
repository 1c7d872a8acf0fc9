"""docs/jupyterhub_config.py in a real JupyterHub: two students and an instructor, each a Unix user of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from courses import COURSE
from notebooks import read
from servers import free_port, stop, wait_until_open
from small_classes import ANSWERS, NAME, small_class
from small_courses import filled

pytestmark = pytest.mark.hub
HERE = Path(__file__).resolve().parent
PROXY = HERE / "node_modules" / ".bin" / "configurable-http-proxy"
TOKEN = "of-this-test-alone"
SECONDS = 120
"""after which a test gives up; nothing is measured"""
USERS = {"instructor": 61001, "ada": 61002, "ben": 61003}
SETTINGS = """
c = get_config()
c.CourseDirectory.course_id = "chain"
c.Exchange.root = "{exchange}"
"""
FEEDBACK = """
c.GenerateFeedback.exporter_class = "grader.nbgrader_hooks.feedback.FeedbackPage"
c.GenerateFeedback.preprocessors = ["grader.nbgrader_hooks.feedback.ReadGrades"]
"""
HUB_CONFIG = """
load_subconfig({config!r})
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {hub_port}
c.JupyterHub.db_url = "sqlite:///{folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{folder}/cookie_secret"
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
c.ConfigurableHTTPProxy.pid_file = "{folder}/proxy.pid"
c.JupyterHub.services.append({{"name": "test", "api_token": {token!r}}})
scopes = ["admin:users", "admin:servers", "access:servers", "tokens", "list:services", "read:services"]
c.JupyterHub.load_roles = [{{"name": "test", "scopes": scopes, "services": ["test"]}}]
"""


@dataclass(frozen=True)
class Hub:
    """A running JupyterHub, and its users' folders."""

    folder: Path
    port: int

    @property
    def course(self) -> Path:
        return self.folder / "home" / "instructor" / "course"

    def ask(self, path: str, content: Any = None, method: str = "") -> Any:
        """The answer to a request, as JSON where it is."""
        data = None if content is None else json.dumps(content).encode()
        head = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, head, method=method or None)
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            text = answer.read().decode()
        return json.loads(text) if text.startswith(("{", "[")) else text

    def is_there(self) -> bool:
        try:
            return bool(self.ask("/hub/api/services/grader"))
        except urllib.error.HTTPError as error:  # the proxy's: it has no hub yet
            error.close()
            return False

    def start_server(self, user: str) -> None:
        self.ask(f"/hub/api/users/{user}/server", {})

    def assignment(self, user: str, action: str) -> Any:
        """What a click in nbgrader's assignment list does, in the user's own server."""
        return self.ask(f"/user/{user}/assignments/{action}", {"course_id": "chain", "assignment_id": NAME})

    def run_as(self, user: str, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(user, *words), capture_output=True, text=True, timeout=SECONDS)

    def instructor(self, *words: str) -> str:
        """Run a command in the course folder."""
        done = self.run_as("instructor", "sh", "-c", 'cd course && exec "$@"', "-", *words)
        assert done.returncode == 0, (words, done.stdout[-2000:], done.stderr[-3000:])
        return done.stdout

    def command(self, user: str, *words: str) -> list[str]:
        return [sys.executable, str(HERE / "enter_hub.py"), str(self.folder), user, *words]


def wait_for(is_there: Callable[[], Any], what: str) -> Any:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if found := is_there():
            return found
        time.sleep(0.1)
    pytest.fail(f"waited in vain for {what}")


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    pytest.importorskip("jupyterhub", reason="needs JupyterHub: pip install 'grader[hub]'")
    if os.getuid() != 0:
        pytest.skip("only root can start servers of other users")
    if not PROXY.exists():
        pytest.skip("needs JupyterHub's proxy: npm ci --prefix tests/hub")
    folder = Path(tempfile.mkdtemp(prefix="hub-"))  # pytest's own folders are root's alone
    folder.chmod(0o755)
    try:
        hub = Hub(folder, free_port())
        _make_users(folder)
        _make_course(hub)
        with open(folder / "log", "wb") as log:
            server = subprocess.Popen(_hub_command(hub), cwd=folder, env=_environment(hub), stdout=log, stderr=log)
        try:
            wait_until_open(hub.port, server)  # the proxy, which starts before the hub
            wait_for(hub.is_there, f"the hub: {(folder / 'log').read_text()[-2000:]}")
            yield hub
        finally:
            stop(server)
    finally:
        shutil.rmtree(folder)


def _make_users(folder: Path) -> None:
    """Users of this test alone: `enter_hub.py` puts these lists in the place of the system's."""
    passwd, group = (Path(f"/etc/{name}").read_text() for name in ("passwd", "group"))
    for name, number in USERS.items():
        home = folder / "home" / name
        home.mkdir(parents=True, mode=0o700)
        os.chown(home, number, number)
        passwd += f"{name}:x:{number}:{number}::{home}:/bin/sh\n"
        group += f"{name}:x:{number}:\n"
    (folder / "passwd").write_text(passwd)
    (folder / "group").write_text(group)


def _make_course(hub: Hub) -> None:
    exchange, settings, home = hub.folder / "exchange", hub.folder / "settings", hub.course.parent
    exchange.mkdir()
    exchange.chmod(0o777)
    settings.mkdir()
    (settings / "nbgrader_config.py").write_text(SETTINGS.format(exchange=exchange))
    small_class(hub.course, 0)
    with open(hub.course / "nbgrader_config.py", "a") as file:
        file.write(f'c.Exchange.root = "{exchange}"\n{FEEDBACK}')
    (home / ".jupyter").mkdir()
    (home / ".jupyter" / "nbgrader_config.py").write_text(
        f'c = get_config()\nc.CourseDirectory.root = "{hub.course}"\n'
    )
    for path in [*home.rglob("*"), hub.course, home / ".jupyter"]:
        os.chown(path, USERS["instructor"], USERS["instructor"])
    hub.instructor("nbgrader", "release_assignment", NAME)


def _hub_command(hub: Hub) -> list[str]:
    config = hub.folder / "jupyterhub_config.py"
    config.write_text(
        HUB_CONFIG.format(
            config=str(COURSE / "docs" / "jupyterhub_config.py"),
            port=hub.port,
            hub_port=free_port(),
            api_port=free_port(),
            folder=hub.folder,
            proxy=str(PROXY),
            token=TOKEN,
        )
    )
    return hub.command("root", sys.executable, "-m", "jupyterhub", "-f", str(config))


def _environment(hub: Hub) -> dict[str, str]:
    return {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "COURSE_INSTRUCTOR": "instructor",
        "COURSE_STUDENTS": "ada ben",
        "COURSE_FOLDER": str(hub.course),
        "COURSE_ID": "chain",
        "COURSE_EXCHANGE": str(hub.folder / "exchange"),
        "COURSE_ASSIGNMENT": NAME,
        "COURSE_SETTINGS": str(hub.folder / "settings"),
        "CONFIGPROXY_AUTH_TOKEN": TOKEN,
    }


def test_from_submission_to_feedback(hub: Hub) -> None:
    """Do students fetch, submit and get feedback in their own servers, is each submission judged when it arrives, and
    does the instructor collect and grade them?"""
    for user in USERS:
        hub.start_server(user)
    answers = {"ada": "all right", "ben": "one"}
    for student, kind in answers.items():
        wait_for(
            lambda student=student: hub.ask(f"/hub/api/users/{student}")["servers"].get("", {}).get("ready"), student
        )
        hub.assignment(student, "fetch")
        notebook = hub.folder / "home" / student / NAME / f"{NAME}.ipynb"
        assert notebook.stat().st_uid == USERS[student]
        notebook.write_text(json.dumps(filled(notebook, ANSWERS[kind])))
        hub.assignment(student, "submit")

    results = wait_for(lambda: len(found := sorted((hub.course / "results").glob("*.json"))) == 2 and found, "results")
    assert {path.name.split("+")[0]: read(path)["score"] for path in results} == {"ada": 11, "ben": 2}
    assert all(path.stat().st_uid == USERS["instructor"] for path in results)
    for closed in (hub.course, results[0], hub.folder / "home" / "ben"):
        assert hub.run_as("ada", "ls", str(closed)).returncode != 0

    hub.instructor("nbgrader", "collect", NAME)
    assert "11" in hub.instructor("grader", "autograde", NAME)
    hub.instructor("nbgrader", "generate_feedback", NAME)
    hub.instructor("nbgrader", "release_feedback", NAME)
    for student, score in {"ada": "11", "ben": "2"}.items():
        hub.assignment(student, "fetch_feedback")
        (page,) = (hub.folder / "home" / student / NAME / "feedback").rglob("*.html")
        assert f"<b>{score}</b> of 11" in page.read_text()

    ready = wait_for(lambda: hub.ask("/hub/api/users/instructor")["servers"].get("", {}).get("ready"), "the instructor")
    assert ready and NAME in json.dumps(hub.ask("/user/instructor/formgrader/api/assignments"))


def test_students_do_not_enter_each_others_servers(hub: Hub) -> None:
    """Has a student's own token no access to another student's files?"""
    token = hub.ask("/hub/api/users/ada/tokens", {})["token"]
    request = urllib.request.Request(
        f"http://127.0.0.1:{hub.port}/user/ben/api/contents", headers={"Authorization": f"token {token}"}
    )
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(request, timeout=SECONDS)
    refusal.value.close()
    assert refusal.value.code in (403, 404)
