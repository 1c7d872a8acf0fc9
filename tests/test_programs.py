"""Are programs that are forked what they are when Python starts them?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from courses import run
from programs import PROGRAMS
from small_courses import chain

SCRIPTS = Path(sys.executable).parent


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """One whose configuration tells what a program sees, and changes what the next one must not see."""
    chain(tmp_path)
    with open(tmp_path / "nbgrader_config.py", "a") as config:
        config.write(
            "import os, sys, multiprocessing, grader.judging.grade as grade\n"
            "import nbgrader.apps.nbgraderapp as app\n"
            "seen = [os.getcwd(), sys.argv, sys.path, __import__('__main__').__file__, os.environ.get('MINE')]\n"
            "seen += [getattr(app, 'left_over', None), multiprocessing.current_process().name]\n"
            "print(*seen, 'für', sep='\\n', file=sys.stderr)\n"
            "print(grade.OWN_SECRET.hex(), file=open('secrets', 'a'))\n"
            "app.left_over = os.environ['LEFT'] = 'something'\n"
        )
    return tmp_path


@pytest.mark.parametrize("words", [("nbgrader", "validate", "--help"), ("grader", "scores", "none"), ("grader", "--x")])
def test_forked_program_is_the_one_of_the_script(
    course: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """Has it the same status, outputs, folder, arguments and path as from its script, each time?"""
    monkeypatch.setenv("MINE", "yes")
    assert words[0] in PROGRAMS
    done = [run(course, *words), run(course, *words)]
    command = [str(SCRIPTS / words[0]), *words[1:]]
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    plain = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)
    assert [(one.returncode, one.stdout, one.stderr) for one in done] == [
        (plain.returncode, plain.stdout, plain.stderr)
    ] * 2


def test_each_program_has_its_own_secret(course: Path) -> None:
    """Are seeds without a course's secret other ones in each program?"""
    for _ in range(2):
        assert str(course) in run(course, "grader", "scores", "none").stderr
    first, second = (course / "secrets").read_text().split()
    assert first != second


def test_environment_stays_the_programs(course: Path) -> None:
    """Does what a program sets end with it?"""
    run(course, "grader", "scores", "none")
    assert "LEFT" not in os.environ
