"""Files of a release that do not come from the assignment's own folder."""

from __future__ import annotations

from pathlib import Path

from grader.assignments.assignment import Assignment
from grader.assignments.layout import source_files
from grader.common.version import checks_folder


def files_to_add(assignment: Assignment) -> dict[str, bytes]:
    """Return path in the release -> content: the package `checks`, and the shared files of the course's top folder."""
    package = checks_folder()
    checks = {f"checks/{path.relative_to(package).as_posix()}": path for path in source_files(package)}
    return {name: path.read_bytes() for name, path in {**checks, **assignment.lent}.items()}


def add_files(assignment: Assignment, release: Path) -> None:
    """Write these files into the released folder, with the permissions that nbgrader gave to the notebook."""
    notebook = release / assignment.master_path.name
    for name, content in files_to_add(assignment).items():
        place = release / name
        if not place.parent.exists():
            place.parent.mkdir(parents=True)
            # A new folder has the permissions of the instructor's umask, which may keep students out.
            place.parent.chmod(release.stat().st_mode)
        place.write_bytes(content)
        place.chmod(notebook.stat().st_mode)
