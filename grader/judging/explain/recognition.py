"""The mistakes behind a failed answer, each with the checks that it explains, the costliest first.

A single mistake of the catalogue shows in the findings themselves (`misconceptions`). Where no single one does, the
student's function is called on the probes of the exercise, in its session, and a set of mistakes is looked for that
does the same (`mistake_sets`). Probes are small whole numbers, the same for everybody: they tell nothing hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from grader.assignments.assignment import Answer, Assignment
from grader.assignments.layout import MISCONCEPTIONS
from grader.assignments.variants import Probe, Variants
from grader.judging.explain.behaviours import Behaviour, Component, Raised, behaviour, raised
from grader.judging.explain.misconceptions import checks_of
from grader.judging.explain.mistake_sets import MistakeSets
from grader.judging.stopwatch import Stopwatch
from grader.judging.student_names import StudentNames
from grader.results.records import CellOutcome, Misconception
from grader.sandbox import Session

_searches: WeakKeyDictionary[Assignment, dict[str, MistakeSets]] = WeakKeyDictionary()
"""what a search has computed serves the next submission"""


@dataclass(frozen=True)
class Probed:
    """What the student's function does on the probes, and the mistakes whose symptoms it shows."""

    behaviour: Behaviour
    symptoms: Mapping[Component, str]


def probed(
    assignment: Assignment, exercise: str, outcome: CellOutcome, session: Session, stopwatch: Stopwatch
) -> Probed | None:
    """The student's function on the probes, in its session; None where there are no probes, or no checks failed.

    Raises Interrupted when the session ends meanwhile, TooSlow when the time is used up.
    """
    variants = assignment.variants_of(exercise)
    if variants is None or outcome.error or outcome.not_done or not outcome.checks:
        return None
    try:
        function = StudentNames({}, session, stopwatch)[exercise]
    except KeyError:
        return None
    if not callable(function):
        return None
    with assignment.importable():
        student = _Student(assignment, variants, function)
        return Probed(student.behaviour(), student.symptoms())


def recognised(assignment: Assignment, exercise: str, outcome: CellOutcome, found: Probed) -> tuple[Misconception, ...]:
    """The mistakes that together do what the student's function does; none where not one is certain."""
    variants = assignment.variants_of(exercise)
    if variants is None:
        return ()
    search = search_of(assignment, exercise, variants)
    with assignment.importable():
        names = search.explain(found.behaviour, found.symptoms)
    return with_checks(assignment, exercise, names, outcome)


def search_of(assignment: Assignment, exercise: str, variants: Variants) -> MistakeSets:
    """The search for the exercise, made when it is first needed."""
    searches = _searches.setdefault(assignment, {})
    if exercise not in searches:
        singles = {answer.name: answer.function for answer in assignment.answers_to(exercise, MISCONCEPTIONS)}
        with assignment.importable():
            searches[exercise] = MistakeSets(variants, assignment.module("checks.plain_values"), singles)
    return searches[exercise]


def with_checks(
    assignment: Assignment, exercise: str, names: Iterable[str], outcome: CellOutcome
) -> tuple[Misconception, ...]:
    """The mistakes of these names that explain a failed check of the outcome, the costliest first."""
    known = {answer.name: answer for answer in assignment.answers_to(exercise, MISCONCEPTIONS)}
    found = [_explaining(assignment, known[name], outcome) for name in names if name in known]
    weight = {check.sentence: check.weight for check in outcome.checks}
    costs = [(sum(weight[sentence] for sentence in mistake.checks), mistake) for mistake in found if mistake.checks]
    return tuple(mistake for _, mistake in sorted(costs, key=lambda pair: -pair[0]))


def _explaining(assignment: Assignment, answer: Answer, outcome: CellOutcome) -> Misconception:
    """The mistake, with those failed checks of the outcome that it fails by itself."""
    tried = checks_of(assignment, answer, outcome.seed)
    fails = {check.sentence for check in tried if not check.passed}
    explains = tuple(check.sentence for check in outcome.checks if not check.passed and check.sentence in fails)
    return Misconception(answer.name, answer.description, answer.hint, explains)


class _Student:
    """The student's function on the probes."""

    def __init__(self, assignment: Assignment, variants: Variants, function: Any) -> None:
        self._variants, self._function = variants, function
        self._values = assignment.module("checks.plain_values")
        self._errors = assignment.module("checks.students_errors")

    def behaviour(self) -> dict[Component, tuple[Any, ...]]:
        return behaviour(self._variants.probes, self._variants.outputs, self._call)

    def symptoms(self) -> dict[Component, str]:
        """Component -> the mistake whose symptom it shows."""
        groups = {probe.group for probe in self._variants.probes}
        return {
            (group, output): symptom.name
            for symptom in self._variants.symptoms
            for output in symptom.shows(self._outputs)
            for group in groups
        }

    def _call(self, probe: Probe) -> tuple[Any, str] | Raised:
        args = self._values.copied(probe.args)
        try:
            returned = self._values.as_plain(self._function(*args))
        except Exception as error:
            return raised(self._errors.error_name(error), self._errors.first_line(error))
        return returned, self._values.changed_place(probe.args, args)

    def _outputs(self, *args: Any) -> Mapping[str, Any] | None:
        """What a call returns, by name; None where it raises, or returns something else."""
        answer = self._call(Probe(args))
        names = self._variants.outputs
        if isinstance(answer, Raised):
            return None
        parts = (answer[0],) if len(names) == 1 else answer[0]
        return dict(zip(names, parts, strict=True)) if isinstance(parts, tuple) and len(parts) == len(names) else None
