"""Build a release: nbgrader makes it aside, the gate inspects it, and only then it takes the place of the old one."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from grader.assignments.assignment import Assignment
from grader.common.errors import GateError, GraderError
from grader.release.gate import GateReport, inspect_release
from grader.release.lint import check_master


def build_release(course: Path, assignment: Assignment) -> GateReport:
    """Write release/<assignment>; returns what the gate counted.

    Raises MasterError, GateError or GraderError, and leaves the release as it was.
    """
    check_master(assignment.master_path)
    with tempfile.TemporaryDirectory() as folder:
        aside = f"--CourseDirectory.release_directory={folder}"
        _nbgrader(course, "generate_assignment", assignment.name, "--no-db", aside)
        report = inspect_release(assignment, Path(folder) / assignment.name)
    if report.problems:
        raise GateError("\n".join([*report.problems, f"release/{assignment.name} was left as it was."]))
    _nbgrader(course, "generate_assignment", assignment.name, "--force")
    return report


def _nbgrader(course: Path, *arguments: str) -> None:
    """Run an nbgrader command in the course's folder; what it says is told only if it fails."""
    nbgrader = shutil.which("nbgrader", path=str(Path(sys.executable).parent)) or "nbgrader"
    done = subprocess.run([nbgrader, *arguments], cwd=course, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        end = "\n".join(done.stderr.splitlines()[-15:])
        raise GraderError(f"nbgrader {' '.join(arguments)} failed:\n{end}")
