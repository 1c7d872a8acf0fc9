"""Prove an assignment again after an edit, the edited exercises first, with a sandbox that stays warm.

This is the gate's proof of the reference and the catalogue, without the parts that need a release.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from grader.assignments.assignment import Assignment
from grader.common.errors import GraderError, MasterError
from grader.config.policy import GradingPolicy
from grader.release.edits import Edition, concerned, edition_of
from grader.release.gate import problem_of_answer, problem_of_reference
from grader.release.lent_files import files_to_add
from grader.release.lint import check_masters
from grader.release.trial import Trial
from grader.sandbox import Sandbox


class QuickProof:
    """Proves the assignment in `folder` again and again.

    sandbox: makes a sandbox for the released modules (path -> source); the context manager keeps it open.
    """

    def __init__(self, folder: Path, policy: GradingPolicy, sandbox: Callable[[dict[str, str]], Sandbox]) -> None:
        self.folder, self._policy, self._make_sandbox = folder, policy, sandbox
        self._proved: dict[str, Edition] = {}
        """Notebook -> its last proved edition."""
        self._failed: set[str] = set()
        """Exercises that failed at their last proof."""
        self._modules: dict[str, str] | None = None
        self._sandbox: Sandbox | None = None
        self._open = ExitStack()

    def __enter__(self) -> QuickProof:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()

    def prove(self) -> Generator[tuple[str, str]]:
        """Yield each proof of the edited parts since the last call: its name, and its problem or an empty text.

        Close the iterator to break off: all of it is proved at the next call.
        """
        try:
            check_masters(Assignment(self.folder))
            # The last release may lack the files of today.
            with tempfile.TemporaryDirectory() as staged, warnings.catch_warnings():
                warnings.simplefilter("ignore")  # wrong answers divide by zero and worse
                yield from self._prove(_staged(self.folder, Path(staged)))
        except MasterError as error:
            yield from (("the master", line) for line in str(error).splitlines())
        except (GraderError, SyntaxError) as error:  # such as a catalogue's file that is being written
            yield "the assignment", " ".join(str(error).split())

    def _prove(self, assignment: Assignment) -> Iterator[tuple[str, str]]:
        """Prove each notebook of the assignment, the edited ones first."""
        now = {one.notebook: edition_of(one) for one in assignment.notebooks}
        unchanged = {name: now[name].own == self._proved.get(name, Edition()).own for name in now}
        for one in sorted(assignment.notebooks, key=lambda one: unchanged[one.notebook]):
            yield from self._prove_notebook(one, now[one.notebook])

    def _prove_notebook(self, assignment: Assignment, now: Edition) -> Iterator[tuple[str, str]]:
        first, second = concerned(assignment, self._proved.get(assignment.notebook, Edition()), now)
        again = [exercise for exercise in assignment.exercises if exercise in self._failed]
        trial = Trial(assignment, self._warm(assignment), self._policy)
        failed: set[str] = set()
        for proofs, concerned_ones in ((_reference, first), (_catalogue, second)):
            # Where the reference fails, its catalogue would only say the same again.
            exercises = [e for e in (*concerned_ones, *again) if e not in failed]
            for exercise, name, problem in proofs(trial, list(dict.fromkeys(exercises))):
                failed |= {exercise} if problem else set()
                yield name, problem
        # Set at the end only: a proof that was broken off must not count as one.
        self._proved[assignment.notebook] = now
        self._failed = self._failed - assignment.exercises.keys() | failed

    def _warm(self, assignment: Assignment) -> Sandbox:
        """Return the open sandbox; a new one if the released modules have changed, since it has imported them."""
        modules = assignment.released_modules
        if self._sandbox is None or modules != self._modules:
            self._open.close()
            self._sandbox = self._open.enter_context(self._make_sandbox(modules))
            self._modules = modules
        return self._sandbox


def _staged(folder: Path, place: Path) -> Assignment:
    """Return the assignment with its public files in the place of a release: the notebook itself is not needed."""
    assignment = Assignment(folder)
    contents = {name: path.read_bytes() for name, path in assignment.public_files().items()}
    for name, content in {**contents, **files_to_add(assignment)}.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    return Assignment(folder, place)


def _reference(trial: Trial, exercises: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield exercise, name of the proof, and problem."""
    exercises_of = trial.assignment.exercises
    for name, outcome, raised in trial.references(exercises):
        right = outcome.fraction == 1 and not outcome.broken
        label = exercises_of[name].test.label
        yield name, f"{label}: the reference", "" if right else problem_of_reference(trial, name, outcome, raised)


def _catalogue(trial: Trial, exercises: list[str]) -> Iterator[tuple[str, str, str]]:
    for exercise in exercises:
        for answer, outcome in trial.answers(exercise):
            problem = problem_of_answer(exercise, answer.kind, answer.name, outcome)
            yield exercise, f"{exercise}: {answer.kind}/{answer.name}", problem
