"""Grade the submission that Gradescope has put into the container, and write the results file for Gradescope.

<root>/submission/                  the student's files
<root>/submission_metadata.json     the students who handed them in
<root>/results/results.json         the outcome
Source: Gradescope's "Autograder Specifications".
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from checks.messages import say, shown
from grader.assignments.bundle import Bundle
from grader.batch.jobs import graded_by
from grader.common.errors import GraderError, SubmissionError
from grader.common.files import write_whole
from grader.config.limits import GRADESCOPE_METADATA_BYTES as MAX_BYTES
from grader.exports.gradescope import RESULTS, results_json
from grader.judging.warm_grader import WarmGrader
from grader.notebooks.read import read_notebook
from grader.results.codec import Json
from grader.results.records import Result
from grader.submissions.folder import SubmissionFolder
from grader.submissions.job import HandedIn, Job
from grader.submissions.several import read_job

ROOT = Path("/autograder")
METADATA = "submission_metadata.json"


class TrialError(GraderError):
    """The image cannot grade the assignment's own solutions."""


def grade_submission(grader: WarmGrader, bundle: Bundle, secret: bytes, root: Path = ROOT) -> Result | None:
    """Grade <root>/submission and write <root>/results/results.json.

    secret: the course's secret. The seed is the same as in `grader autograde` for a student of the same name. Returns
    None if the submission cannot be read at present. The file then holds no score, which Gradescope shows as a failed
    autograder.
    """
    folder = root / "submission"
    submission = SubmissionFolder(submitter(root / METADATA), folder, folder / f"{bundle.notebooks[0]}.ipynb")
    try:
        job = read_job(submission, bundle)
    except SubmissionError as error:
        told = shown(say("Execution error: {problem}", problem=str(error)))
        _write(root, {"output": told, "visibility": "visible", "tests": []})
        return None
    result = graded_by(grader, bundle, job.seeded(secret, bundle.name)).result
    _write(root, results_json(result))
    return result


def grade_master(grader: WarmGrader, bundle: Bundle) -> Result:
    """Grade the assignment's own solutions. Raises TrialError if they do not get full marks in this container."""
    # A missing library or weaker isolation shows here, when the image is built, and not at the first student.
    paths = {one.notebook: one.master_path for one in grader.assignment.notebooks}
    contents = {name: read_notebook(path, bundle.policy.max_notebook_bytes) for name, path in paths.items()}
    several = {name: HandedIn(content) for name, content in contents.items()} if len(contents) > 1 else {}
    job = Job("", b"" if several else next(iter(contents.values())), several=several)
    result = graded_by(grader, bundle, job).result
    if result.score is None or result.score < bundle.max_score:
        score = "open" if result.score is None else f"{result.score:g}"
        lines = [*result.problems, *(f"{one.name}: {one.test.error}" for one in result.exercises if one.test.error)]
        names = ", ".join(path.name for path in paths.values())
        raise TrialError(
            f"{names}: the solutions get {score} of {bundle.max_score:g} in this container. " + " ".join(lines[:5])
        )
    return result


def submitter(path: Path) -> str:
    """Return the email address, name or id of the first student in Gradescope's metadata. Empty without metadata."""
    try:
        with path.open("rb") as file:
            metadata: Any = json.loads(file.read(MAX_BYTES))
        users = metadata["users"]
        return next(str(users[0][key]) for key in ("email", "name", "id") if users[0].get(key))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, StopIteration, RecursionError):
        return ""  # only the seed needs it


def _write(root: Path, content: Json) -> None:
    text = json.dumps(content, indent=1, ensure_ascii=False).encode("utf-8", "replace")
    write_whole(root / "results" / RESULTS, text)
