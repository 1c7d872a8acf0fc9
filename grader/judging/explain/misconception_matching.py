"""Find the mistakes behind a failed answer, each with the checks that it explains, the costliest first.

A single mistake of the catalogue shows in the findings themselves (`misconceptions`). If no single mistake fits, the
student's function is called on the probes of the exercise, in its session, and `mistake_sets` searches for a set of
mistakes with the same behaviour. Probes are small whole numbers, the same for every student: they reveal nothing
hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from checks.messages import sentence
from grader.assignments.assignment import Assignment
from grader.assignments.catalogue import Answer
from grader.assignments.layout import MISCONCEPTIONS
from grader.assignments.variants import Probe, Variants
from grader.judging.explain.behaviours import Behaviour, Component, Raised, behaviour, raised
from grader.judging.explain.misconceptions import CatalogueRuns
from grader.judging.explain.mistake_sets import MistakeSets
from grader.judging.stopwatch import Stopwatch
from grader.judging.student_names import StudentNames
from grader.results.records import CellOutcome, Misconception
from grader.sandbox import Session

_searches: WeakKeyDictionary[Assignment, dict[str, MistakeSets]] = WeakKeyDictionary()
"""Assignment -> exercise -> search. A search reuses its results for the next submission."""


@dataclass(frozen=True)
class Probed:
    """The behaviour of the student's function on the probes, and the mistakes with a visible symptom."""

    behaviour: Behaviour
    symptoms: Mapping[Component, str]
    structure: Mapping[Component, str]
    repeatable: bool = True
    """The same arguments gave the same result twice."""


def probed(
    assignment: Assignment, exercise: str, outcome: CellOutcome, session: Session, stopwatch: Stopwatch
) -> Probed | None:
    """Call the student's function on the probes, in its session. None without probes or without checks.

    Raises Interrupted if the session ends in between, TooSlow if the time is used up.
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
        behaviour, repeatable = student.behaviour(), student.is_repeatable()
        # Random results reach every output, so they would draw windows that the function does not have.
        structure = student.structure() if repeatable else {}
        return Probed(behaviour, student.symptoms(), structure, repeatable)


def matched(
    assignment: Assignment, exercise: str, outcome: CellOutcome, found: Probed, runs: CatalogueRuns
) -> tuple[Misconception, ...]:
    """Return the mistakes that together behave like the student's function. Empty if none is certain."""
    variants = assignment.variants_of(exercise)
    if variants is None:
        return ()
    search = search_of(assignment, exercise, variants)
    with assignment.importable():
        names = search.explain(found.behaviour, found.symptoms, found.structure)
    return with_checks(assignment, exercise, names, outcome, runs)


def search_of(assignment: Assignment, exercise: str, variants: Variants) -> MistakeSets:
    """Return the search for the exercise. It is made at its first use."""
    searches = _searches.setdefault(assignment, {})
    if exercise not in searches:
        singles = {answer.name: answer.function for answer in assignment.answers_to(exercise, MISCONCEPTIONS)}
        with assignment.importable():
            searches[exercise] = MistakeSets(variants, assignment.module("checks.plain_values"), singles)
    return searches[exercise]


def with_checks(
    assignment: Assignment, exercise: str, names: Iterable[str], outcome: CellOutcome, runs: CatalogueRuns
) -> tuple[Misconception, ...]:
    """Return those mistakes that explain a failed check of the outcome, the costliest first."""
    known = {answer.name: answer for answer in assignment.answers_to(exercise, MISCONCEPTIONS)}
    found = [_explaining(known[name], outcome, runs) for name in names if name in known]
    weight = {check.sentence: check.weight for check in outcome.checks}
    costs = [(sum(weight[sentence] for sentence in mistake.checks), mistake) for mistake in found if mistake.checks]
    return tuple(mistake for _, mistake in sorted(costs, key=lambda pair: -pair[0]))


def _explaining(answer: Answer, outcome: CellOutcome, runs: CatalogueRuns) -> Misconception:
    """Return the mistake with the failed checks of the outcome that it fails alone."""
    tried = runs.checks(answer, outcome.seed)
    fails = {check.sentence for check in tried if not check.passed}
    explains = tuple(check.sentence for check in outcome.checks if not check.passed and check.sentence in fails)
    return Misconception(answer.name, sentence(answer.description), sentence(answer.hint), explains)


class _Student:
    """The student's function on the probes."""

    def __init__(self, assignment: Assignment, variants: Variants, function: Any) -> None:
        self._variants, self._function = variants, function
        self._values = assignment.module("checks.plain_values")
        self._errors = assignment.module("checks.students_errors")

    def behaviour(self) -> dict[Component, tuple[Any, ...]]:
        return behaviour(self._variants.probes, self._variants.outputs, self._call)

    def is_repeatable(self) -> bool:
        """Return True if a second call of a probe of each group gives the result of the first one."""
        # One probe of each group is enough, because a group is the calls that use the same lines.
        firsts = {probe.group: probe for probe in reversed(self._variants.probes)}.values()
        one, other = (behaviour(list(firsts), self._variants.outputs, self._call) for _ in range(2))
        return one == other

    def symptoms(self) -> dict[Component, str]:
        """Return component -> mistake whose symptom it shows."""
        groups = {probe.group for probe in self._variants.probes}
        return {
            (group, output): symptom.name
            for symptom in self._variants.symptoms
            for output in symptom.shows(self._outputs)
            for group in groups
        }

    def structure(self) -> Mapping[Component, str]:
        """Return component -> mistake that shows in what the output depends on."""
        return self._variants.structure(self._outputs) if self._variants.structure else {}

    def _call(self, probe: Probe) -> tuple[Any, str] | Raised:
        # The call gets a copy, so that changes of the arguments can be found by comparison.
        args = self._values.copied(probe.args)
        try:
            returned = self._values.as_plain(self._function(*args))
        except Exception as error:
            return raised(self._errors.error_name(error), self._errors.first_line(error))
        return returned, self._values.changed_place(probe.args, args)

    def _outputs(self, *args: Any) -> Mapping[str, Any] | None:
        """Return the outputs of a call by name. None for an error or a return value of the wrong form."""
        answer = self._call(Probe(args))
        names = self._variants.outputs
        if isinstance(answer, Raised):
            return None
        parts = (answer[0],) if len(names) == 1 else answer[0]
        return dict(zip(names, parts, strict=True)) if isinstance(parts, tuple) and len(parts) == len(names) else None
