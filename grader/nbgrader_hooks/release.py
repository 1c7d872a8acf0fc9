"""Steps of a release in addition to nbgrader's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_task

from grader.assignments.parts import counts, is_bonus
from grader.common.errors import GraderError
from grader.config import traits
from grader.course import Course
from grader.release.build import ReleaseOptions, build_release, told
from grader.release.lint import check_master


class GatedRelease(NotebookExporter):
    """The exporter of nbgrader's GenerateAssignment: makes the release as `grader release` does, including the gate.

    nbgrader makes its exporter before it touches the old release. The whole release happens then, and no notebook is
    left to convert.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]  # nbconvert's
        if isinstance(self.parent, GenerateAssignment):
            _release(self.parent)


def _release(converter: GenerateAssignment) -> None:
    """Release the assignments that nbgrader was asked to convert. Raises NbGraderException, which nbgrader expects."""
    course = Course(Path(converter.coursedir.root))
    course.config = converter.config  # including settings from the command line or the server
    for folder in sorted(converter.assignments):
        name = Path(folder).name
        if not converter.force and (course.folder / "release" / name).exists():
            converter.log.warning("release/%s exists and was left as it was: --force makes it again", name)
            continue
        options = ReleaseOptions(gradebook=not converter.no_database)
        try:
            report = build_release(course.folder, course.assignment(name), course.config, options)
        except GraderError as error:
            for line in str(error).splitlines():
                converter.log.error(line)
            raise NbGraderException(str(error)) from error
        for change in report.changes:
            converter.log.warning(told(change))
    # Nothing is left to do for nbgrader, which would overwrite the release without the gate.
    converter.assignments = {}


class CheckMaster(NbGraderPreprocessor):
    """Stop at a master that cannot be released."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        metadata = resources["metadata"]
        check_master(Path(metadata["path"]) / f"{metadata['name']}.ipynb")
        return nb, resources


class CountParts(NbGraderPreprocessor, traits.CountParts):
    """Set the points possible to 0 for graded cells of parts that do not count, and for bonus cells."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        tags = cell.metadata.get("tags", [])
        if (is_grade(cell) or is_task(cell)) and (not counts(tags, self.parts) or is_bonus(tags, self.parts)):
            cell.metadata.nbgrader["points"] = 0
        return cell, resources
