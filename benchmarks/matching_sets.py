"""Answers with one, two or three mistakes, made by exchanging lines of one looped answer, and their recognition.

Each planted mistake has an effect: without it, the answer would behave differently.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from grader.assignments.assignment import Assignment
from grader.assignments.layout import MISCONCEPTIONS
from grader.assignments.variants import Variant, Variants
from grader.judging.explain.behaviours import Behaviour
from grader.judging.explain.misconception_matching import search_of
from grader.judging.explain.mistake_sets import MistakeSets

CROP, CROPPED = "crops_with_minus_pad", "conv_backward"
"""The mistake that hides others, and its exercise."""
SAMPLE = 200
"""Number of triples, and of pairs in both modes."""
RIGHTLY, PLANTED, WRONGLY = "named", "planted", "named wrongly"


class Sets:
    """One exercise of the benchmark."""

    def __init__(self, assignment: Assignment, exercise: str) -> None:
        self.variants: Variants = assignment.variants_of(exercise)
        self.search: MistakeSets = search_of(assignment, exercise, self.variants)
        self.right = self.search.behaviour_of(assignment.reference[exercise])
        self.catalogue = assignment.answers_to(exercise, MISCONCEPTIONS)

    def singles(self) -> Counter[str]:
        return self._count(([v], self._does([v])) for v in self.variants.variants)

    def beside_the_crop(self, others: int, draw: random.Random) -> Counter[str]:
        """Count all pairs, or a sample of the triples, of the crop with mistakes that can be combined with it."""
        crops = [v for v in self.variants.variants if v.name == CROP]
        sets = [
            [crop, *rest]
            for crop in crops
            for rest in itertools.combinations(self.variants.variants, others)
            if all(one.fits([crop, *rest[:place]]) for place, one in enumerate(rest))
        ]
        # There are too many triples to try them all.
        sets = draw.sample(sets, min(len(sets), SAMPLE)) if others > 1 else sets
        return self._count((some, self._does(some)) for some in sets if self._all_matter(some))

    def both_modes(self, draw: random.Random) -> Counter[str]:
        """Count answers with one mistake of the catalogue for the mode "max", and another for "average"."""
        every = list(itertools.permutations(self.catalogue, 2))
        return self._count(itertools.starmap(self._in_modes, draw.sample(every, SAMPLE)))

    def _in_modes(self, one: Any, two: Any) -> tuple[list[Any], Behaviour]:
        def both(first: Any, second: Any, mode: str = "max") -> Any:
            return (one if mode == "max" else two).function(first, second, mode)

        does = self.search.behaviour_of(both)
        wrong = {component[0] for component, seen in does.items() if seen != self.right[component]}
        return [*([one] if wrong - {"average"} else []), *([two] if "average" in wrong else [])], does

    def _count(self, cases: Iterable[tuple[Sequence[Any], Behaviour]]) -> Counter[str]:
        """Count planted mistakes, named ones among them, and names of other mistakes."""
        count: Counter[str] = Counter()
        for planted, does in cases:
            names, true = set(self.search.explain(does)), {mistake.name for mistake in planted}
            # Two mistakes may have the same effect in a component: either name is right.
            same = {name for name in names - true if self._does_as_well(name, true, does)}
            count += Counter({PLANTED: len(true), RIGHTLY: len(names & true), WRONGLY: len(names - true - same)})
        return count

    def _does_as_well(self, name: str, planted: set[str], does: Behaviour) -> bool:
        """Return True if the name is as right as the planted ones: it explains a wrong component alone."""
        alone = [self._does([v]) for v in self.variants.variants if v.name == name]
        alone += [self.search.behaviour_of(a.function) for a in self.catalogue if a.name == name]
        wrong = [component for component in does if does[component] != self.right[component]]
        return any(one[component] == does[component] for one in alone for component in wrong)

    def _all_matter(self, some: Sequence[Variant]) -> bool:
        does = self._does(some)
        return all(self._does([other for other in some if other is not one]) != does for one in some)

    def _does(self, some: Sequence[Variant]) -> Behaviour:
        return self.search.behaviour_of(self.variants.function(some))


def measured(
    assignment: Assignment, draw: random.Random, exercises: Sequence[str]
) -> Iterator[tuple[str, Counter[str], float]]:
    """Yield the description, the counts, and the share that must be named."""
    sets = {exercise: Sets(assignment, exercise) for exercise in exercises}
    yield "sets: singles", sum((one.singles() for one in sets.values()), Counter()), 0.95
    tried: list[tuple[str, Callable[[], Counter[str]], float]] = [
        ("sets: pairs with the crop", lambda: sets[CROPPED].beside_the_crop(1, draw), 0.8),
        ("sets: triples with it", lambda: sets[CROPPED].beside_the_crop(2, draw), 0.8),
    ]
    for what, count, share in tried:
        yield what, count(), share
    for exercise, one in sets.items():
        if any(group == "average" for group, _ in one.right):
            yield f"sets: {exercise}, modes", one.both_modes(draw), 0.9
