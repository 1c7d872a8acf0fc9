"""Read a submission of one or several notebooks: which file is which notebook, and which notebook is missing."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from grader.assignments.bundle import Bundle
from grader.common.errors import SubmissionError, UnreadableError
from grader.common.text import printable
from grader.notebooks.model import Notebook
from grader.notebooks.read import read_notebook
from grader.submissions.files import is_notebook_name, notebooks_within
from grader.submissions.folder import IS_LINK, SubmissionFolder, said_of_others
from grader.submissions.identify import identified
from grader.submissions.job import HandedIn, Job


def read_job(
    submission: SubmissionFolder, bundle: Bundle, seed: int | None = None, released: Collection[str] | None = None
) -> Job:
    """What was handed in for the bundle's assignment, or why there is nothing to judge.

    released: paths of files that nobody misses; those of the bundle by default. Raises UnreadableError for what may be
    read once somebody has mended it.
    """
    released = bundle.release_files if released is None else released
    max_bytes = bundle.policy.max_notebook_bytes
    submission = replace(submission, notebook=submission.folder / f"{bundle.notebooks[0]}.ipynb")
    if len(bundle.notebooks) == 1:
        return submission.job_or_reason(max_bytes, seed, released)
    submission.check_name()
    several = _Several(submission, bundle, max_bytes, released).all()
    return submission.job_with(b"", (), seed, released, several)


@dataclass(frozen=True)
class _Several:
    """The notebooks in a folder where an assignment asks for several."""

    submission: SubmissionFolder
    bundle: Bundle
    max_bytes: int
    released: Collection[str]

    def all(self) -> dict[str, HandedIn]:
        """Name of each notebook -> what was handed in as it.

        A file is the notebook that it is called like. Any other counts as a notebook that is missing where its cells or
        functions tell so, and no second file does.
        """
        if self._is_link:
            return {name: HandedIn(b"", f"{name}.ipynb: {IS_LINK}") for name in self._names}
        found = {name: file for file in self._files if (name := self._called(file)) is not None}
        missing = {name: Notebook.parse(self.bundle.masters[name], name) for name in self._names if name not in found}
        answers = defaultdict(list)
        others = [file for file in self._files if self._called(file) is None]
        for file in others if missing else []:
            answers[self._identified(file, missing)].append(file)
        handed_in = {}
        for name in self._names:
            if name in found:
                handed_in[name] = self._read(found[name])
            elif len(answers[name]) == 1:
                (file,) = answers[name]
                known = f"the notebook is called {printable(file, 200)}, and was recognised by its cells"
                handed_in[name] = self._read(file, (f"{known}: call it {name}.ipynb",))
            else:
                handed_in[name] = HandedIn(b"", self._why_missing(name, answers[name] or answers[""]), is_missing=True)
        return handed_in

    @property
    def _names(self) -> tuple[str, ...]:
        return self.bundle.notebooks

    @property
    def _is_link(self) -> bool:
        folder = self.submission.folder
        return os.path.islink(folder) or os.path.islink(folder.parent)

    @cached_property
    def _listing(self) -> list[str]:
        folder = self.submission.folder
        try:
            return sorted(os.listdir(folder))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise UnreadableError(
                f"{folder.name}: the folder cannot be read ({error.strerror}). Mend that and grade it again."
            ) from None

    @cached_property
    def _files(self) -> list[str]:
        """Paths of the notebooks in the folder, or where there are none, one folder further in; without those that are
        released and not graded."""
        folder, names = self.submission.folder, self._listing
        files = [name for name in names if is_notebook_name(name)] or notebooks_within(folder, names)
        return [file for file in files if file.split("/")[-1] not in self.bundle.other_notebooks]

    def _called(self, file: str) -> str | None:
        """The notebook that a file is called like. Of several in folders further in, the first counts."""
        name = file.split("/")[-1].removesuffix(".ipynb")
        first = next(path for path in self._files if path.split("/")[-1] == file.split("/")[-1])
        return name if file.endswith(".ipynb") and name in self._names and file == first else None

    def _identified(self, file: str, missing: Mapping[str, Notebook]) -> str:
        try:
            content = read_notebook(self.submission.folder / file, self.max_bytes)
        except UnreadableError:
            raise
        except SubmissionError:
            return ""
        parsed = Notebook.parsed(content, file)
        return identified(parsed, missing) if parsed else ""

    def _read(self, file: str, notices: tuple[str, ...] = ()) -> HandedIn:
        try:
            return HandedIn(read_notebook(self.submission.folder / file, self.max_bytes), notices=notices)
        except UnreadableError:
            raise
        except SubmissionError as error:
            return HandedIn(b"", str(error), notices)

    def _why_missing(self, name: str, others: Collection[str]) -> str:
        """others: files that may be it."""
        if others:
            were = "were" if len(others) > 1 else "was"
            shown = printable(", ".join(others), 200)
            return f"{name}.ipynb: was not handed in, but {shown} {were}. Rename the right one."
        said = "" if self._files else said_of_others(self._listing, self.released)
        return f"{name}.ipynb: was not handed in" + (f", but {said}" if said else ".")
