"""What happens to a master on its way to the release, beside nbgrader's own steps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade

from grader.assignments.assignment import Assignment
from grader.assignments.parts import counts
from grader.config import traits
from grader.release.lent_files import files_to_add
from grader.release.lint import check_master


class CheckMaster(NbGraderPreprocessor):
    """Stop at a master that is not fit to be released."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        metadata = resources["metadata"]
        check_master(Path(metadata["path"]) / f"{metadata['name']}.ipynb")
        return nb, resources


class AddLentFiles(NbGraderPreprocessor):
    """Have nbconvert write `checks/`, and the files that the course's top lends the assignment, beside the notebook."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        files = files_to_add(Assignment(Path(resources["metadata"]["path"])))
        resources.setdefault("outputs", {}).update(files)
        return nb, resources


class CountParts(NbGraderPreprocessor, traits.CountParts):
    """Give the test cells of parts that do not count 0 points."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        if is_grade(cell) and not counts(cell.metadata.get("tags", []), self.parts):
            cell.metadata.nbgrader["points"] = 0
        return cell, resources
