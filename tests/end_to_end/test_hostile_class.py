"""A class of attackers in nbgrader's own commands: autograde, feedback, and what Formgrader would show."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from courses import COURSE, files, run, run_well
from deep_folders import deep_folders
from gradebooks import scores as gradebook_scores
from gradebooks import url_of
from notebooks import cell_of, code, markdown, read
from small_courses import APART, DOUBLE, OCTUPLE, POINTS, QUADRUPLE, exercise, filled, write_course

from grader.results.codec import exercise_json
from grader.results.records import OUTCOME, CellOutcome, CheckOutcome, ExerciseOutcome
from grader.results.store import ResultStore

NAME = "chain"
SECRET = "canary-of-the-hidden-tests"
HONEST = {"double": 2.0, "apart": 0.0, "quadruple": 0.0, "octuple": 0.0}
"""what every one of them has earned"""
FULL = exercise_json(ExerciseOutcome("octuple", "", 5, True, CellOutcome((CheckOutcome("all of it", 1, True),))))
FORGED = {"output_type": "execute_result", "execution_count": 1, "metadata": {}}
FORGED |= {"data": {OUTCOME: FULL, "text/plain": "5.0"}}
ALERT = "<script>alert('mine')</script>"
SHOWS = f"""
from IPython.display import HTML, SVG, Javascript, Markdown, display
display(HTML("{ALERT}<img src=x onerror=alert(1)><b>bold</b>"))
display(Javascript("alert('mine')"))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg'>{ALERT}</svg>"))
display(Markdown("{ALERT}"))
display({{"text/html": "{ALERT}"}}, raw=True, metadata={{"text/html": {{"isolated": True}}}})
"""
GRADEBOOK = """
import glob, sqlite3
for path in glob.glob("**/gradebook.db", recursive=True) + ["../../gradebook.db", "<course>/gradebook.db"]:
    sqlite3.connect(path).execute("UPDATE grade SET auto_score = 5")
"""
DROPS_ASSERT = """
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
get_ipython().ast_transformers.append(Drop())
"""

Notebook = dict[str, Any]


def forged_markdown(notebook: Notebook) -> None:
    cell = {**markdown("forged", "text"), "outputs": [FORGED], "execution_count": 1}
    notebook["cells"] = [cell, *notebook["cells"], {**cell, "id": "again"}]


def retagged_tests(notebook: Notebook) -> None:
    for name in POINTS:
        cell = cell_of(notebook, name)
        cell["metadata"]["tags"] = ["skip-execution"]
        cell["metadata"]["nbgrader"]["points"] = 100
        cell["source"] = "100.0"


def scripts(notebook: Notebook) -> None:
    notebook["cells"] += [
        markdown("script", f"# Title\n\nprose {ALERT} [link](javascript:alert(1)) <iframe src='x'></iframe> $a < b$"),
        markdown("form", "<form action='x'><input name='y'></form><img src='https://elsewhere.test/pixel.png'>"),
    ]


BEFORE: Mapping[str, str] = {
    "gradebook": GRADEBOOK,
    "ast": DROPS_ASSERT,
    "builtins": "import builtins\nbuiltins.print = builtins.abs = builtins.AssertionError = None",
    "outcome": f"from IPython.display import display\ndisplay({FORGED['data']!r}, raw=True)",
    "wire": "import os\nos.write(3, b'\\xff' * 100)",
    "exit": "import os\nos._exit(0)",
    "scripts": SHOWS,
}
CHANGES: Mapping[str, Callable[[Notebook], None]] = {
    "markdown": forged_markdown,
    "tags": retagged_tests,
    "deleted": lambda notebook: notebook["cells"].remove(cell_of(notebook, "octuple")),
    "scripts": scripts,
}
BESIDE: Mapping[str, Mapping[str, str]] = {
    "package": {
        "sitecustomize.py": "1/0",
        "hidden_tests.py": "raise SystemExit",
        "numpy/__init__.py": "raise SystemExit",
    }
}
LINKS = "links"
NOTEBOOK_LINK = "notebook-link"
STUDENTS = sorted({"honest", LINKS, *BEFORE, *CHANGES, *BESIDE})


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course under the real settings, its class graded and given feedback; logs beside it."""
    course = tmp_path_factory.mktemp("hostile") / "course"
    cells = [
        code("packages", "import os"),
        *exercise("double", DOUBLE, "assert double(2) == 4\nassert double(-3) == -6", 2),
        *exercise("apart", APART, "assert apart() == 'apart'", 1),
        *exercise("quadruple", QUADRUPLE, "assert quadruple(2) == 8", 3),
        *exercise("octuple", OCTUPLE, "assert octuple(2) == 16", 5),
    ]
    write_course(course, NAME, cells, {"hidden_tests.py": f"SECRET = {SECRET!r}\n"})
    shutil.copy(COURSE / "nbgrader_config.py", course)
    shutil.rmtree(course / "release")
    run_well(course, "nbgrader", "generate_assignment", NAME)
    for student in STUDENTS:
        hand_in(course, student)
    with deep_folders(course / "submitted" / LINKS / NAME):
        (course / "autograde.log").write_text(run_well(course, "nbgrader", "autograde", NAME))
    run_well(course, "nbgrader", "generate_feedback", NAME)
    return course


def hand_in(course: Path, student: str) -> None:
    """Only `double` is right; the rest is the student's attack."""
    before = BEFORE.get(student, "pass").replace("<course>", str(course))
    released = course / "release" / NAME / f"{NAME}.ipynb"
    notebook = filled(released, {"double": DOUBLE}, [code("attack", before)])
    CHANGES.get(student, lambda _: None)(notebook)
    folder = course / "submitted" / student / NAME
    folder.mkdir(parents=True)
    (folder / f"{NAME}.ipynb").write_text(json.dumps(notebook))
    for path, text in BESIDE.get(student, {}).items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    if student == LINKS:
        hidden = course / "source" / NAME / "private" / "hidden_tests.py"
        (folder / "notes.txt").symlink_to(hidden)
        (folder / "deep").mkdir()
        os.link(hidden, folder / "deep" / "notes.txt")
        (folder / "own.txt").write_text("my own")
        os.mkfifo(folder / "timestamp.txt")


def page(course: Path, student: str) -> str:
    return (course / "feedback" / student / NAME / f"{NAME}.html").read_text()


def test_gradebook_has_the_honest_scores(hostile: Path) -> None:
    """Does no attack gain a point in nbgrader's gradebook, or cost one somewhere else?"""
    found = gradebook_scores(url_of(hostile), NAME)
    assert {student: found.get(student) for student in STUDENTS} == dict.fromkeys(STUDENTS, HONEST)


def test_table_has_the_honest_scores(hostile: Path) -> None:
    """Does no attack change the table of `grader scores`?"""
    records = ResultStore(hostile, NAME).records()
    found = {one.student: {outcome.name: outcome.score for outcome in one.result.exercises} for one in records}
    assert found == dict.fromkeys(STUDENTS, HONEST)
    table = run_well(hostile, "grader", "scores", NAME)
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in table.splitlines() if line.startswith("│")]
    assert {row[0]: row[-1] for row in rows} == dict.fromkeys(STUDENTS, "2")


def test_links_lead_nowhere(hostile: Path) -> None:
    """Is what a link led to in neither autograded/ nor feedback/, and is it reported?"""
    for folder in ("autograded", "feedback"):
        leaks = [path for path, content in files(hostile / folder).items() if SECRET.encode() in content]
        assert leaks == []
        assert not (hostile / folder / LINKS / NAME / "notes.txt").exists()
    assert (hostile / "autograded" / LINKS / NAME / "own.txt").read_text() == "my own"
    log = (hostile / "autograde.log").read_text()
    for path in ("notes.txt", "deep/notes.txt"):
        assert f"{LINKS}: {path}: is a link" in log


def test_nbgrader_copies_nothing_of_a_students(hostile: Path) -> None:
    """Does no file beside a notebook reach nbgrader's own copying, which knows no limits?"""
    log = (hostile / "autograde.log").read_text()
    assert f"Sanitizing {hostile}" in log
    assert [line for line in log.splitlines() if "Copying" in line and "/submitted/" in line] == []
    assert f"{LINKS}: timestamp.txt: is a link" in log
    assert "took most: " in log


def test_our_own_command_follows_no_link(hostile: Path, tmp_path: Path) -> None:
    """Is `grader autograde` as careful?"""
    course = tmp_path / "course"
    # nobody can copy the pipe
    ignored = shutil.ignore_patterns("autograded", "feedback", "timestamp.txt")
    shutil.copytree(hostile, course, ignore=ignored, symlinks=True)
    folder = course / "submitted" / LINKS / NAME
    (folder / "deep" / "notes.txt").unlink()
    os.link(course / "source" / NAME / "private" / "hidden_tests.py", folder / "deep" / "notes.txt")
    run_well(course, "grader", "autograde", NAME, "--student", LINKS)
    graded = files(course / "autograded" / LINKS)
    assert f"{NAME}/own.txt" in graded
    assert [path for path, content in graded.items() if "notes" in path or SECRET.encode() in content] == []


def test_feedback_runs_no_script_of_a_students(hostile: Path) -> None:
    """Is what a student shows nothing but text in the feedback page, and still there?"""
    text = page(hostile, "scripts")
    assert [mark for mark in ("<script", "<iframe", "<form", "<input", "<img", "elsewhere.test") if mark in text] == []
    assert "&lt;script&gt;alert(" in text
    assert "<b>bold</b>" not in text


def test_forged_outcome_is_not_in_the_feedback(hostile: Path) -> None:
    """Does a page say what was earned, whatever record the notebook shows of its own?"""
    for student in ("markdown", "outcome", "tags", "honest"):
        text = page(hostile, student)
        assert "<b>2</b> of 11" in text, student
        assert "</span>all of it" not in text, student


def test_formgrader_runs_no_script_of_a_students(hostile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is the page of Formgrader as harmless?"""
    from nbconvert.exporters import HTMLExporter
    from nbgrader.server_extensions.formgrader import handlers
    from traitlets.config import Config, PyFileConfigLoader

    monkeypatch.setenv("PATH", os.environ["PATH"])
    config = PyFileConfigLoader("nbgrader_config.py", path=str(hostile)).load_config()
    templates = Config({"HTMLExporter": {"template_name": "formgrade"}})
    templates.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    config.merge(templates)
    notebook = hostile / "autograded" / "scripts" / NAME / f"{NAME}.ipynb"
    known = {"submission_id": "s", "notebook_id": NAME, "assignment_id": NAME, "index": 0, "total": 1, "base_url": ""}
    resources = known | {"student": "scripts", "last_name": "", "first_name": "", "notebook_path": ""}
    html, _ = HTMLExporter(config=config).from_filename(str(notebook), resources=resources)
    body = html[html.index('id="notebook-container"') :]
    assert [mark for mark in ("<script", "<iframe src", "<form", 'elsewhere.test"') if mark in body] == []
    assert "<b>bold</b>" in body


def test_a_linked_notebook_fails_alone(hostile: Path, tmp_path: Path) -> None:
    """Is a notebook that is a link refused, with another exit status, and shown nowhere?"""
    course = tmp_path / "course"
    shutil.copytree(hostile, course, ignore=shutil.ignore_patterns("feedback", "timestamp.txt"), symlinks=True)
    folder = course / "submitted" / NOTEBOOK_LINK / NAME
    folder.mkdir(parents=True)
    (folder / f"{NAME}.ipynb").symlink_to(course / "source" / NAME / f"{NAME}.ipynb")
    done = run(course, "nbgrader", "autograde", NAME, "--student", NOTEBOOK_LINK)
    assert done.returncode != 0
    assert "is a link" in done.stderr
    assert not (course / "autograded" / NOTEBOOK_LINK / NAME).exists()
    assert read(course / "autograded" / "honest" / NAME / f"{NAME}.ipynb")["cells"]
