"""Search for the set of mistakes that together behave like an answer, among the variants of an exercise.

Each component of the behaviour (an output in a mode) is explained alone, by the fewest mistakes that produce it in
every probe. The answer's mistakes are the smallest union of these explanations. If several unions are equally small,
only their common mistakes count, because the others cannot be told apart.
"""

from __future__ import annotations

import itertools
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from types import ModuleType
from typing import Any

import numpy as np

from grader.assignments.variants import Probe, Variant, Variants
from grader.common.time_limit import TimeLimit
from grader.config.limits import EXTENDED_SETS as MAX_EXTENDED
from grader.config.limits import MISTAKE_UNIONS as MAX_UNIONS
from grader.config.limits import MISTAKE_WAYS as MAX_WAYS
from grader.config.limits import SINGLE_MISTAKE_SECONDS as SINGLE_SECONDS
from grader.judging.explain.behaviours import (
    ARGUMENTS,
    Behaviour,
    Component,
    Raised,
    behaviour,
    has_raised,
    raised,
    to_the_letter,
)

Combination = tuple[Variant, ...]
Names = frozenset[str]


class MistakeSets:
    """The search for one exercise. It keeps its computed behaviours for the next answer.

    plain_values: the assignment's `checks.plain_values`. singles: name -> function of the catalogue's mistakes. Each
    single explains a component alone; other components may have other mistakes.
    """

    def __init__(self, variants: Variants, plain_values: ModuleType, singles: Mapping[str, Callable[..., Any]]) -> None:
        self._variants, self._values = variants, plain_values
        self._known: dict[Combination, Behaviour] = {}
        self._in_probe: dict[tuple[Combination, str, int], Behaviour] = {}
        self._index: dict[tuple[Component, int, int], dict[Any, list[Combination]]] = {}
        self._always: dict[Component, Names] = {}
        self._effective: dict[Component, list[Variant]] = {}
        with TimeLimit(SINGLE_SECONDS) as limit:
            self._singles = [
                (frozenset([name]), self.behaviour_of(function, limit=limit)) for name, function in singles.items()
            ]

    def explain(
        self,
        got: Behaviour,
        known: Mapping[Component, str] | None = None,
        structure: Mapping[Component, str] | None = None,
    ) -> list[str]:
        """Return the names of the mistakes, or nothing if none is certain.

        got: the answer's behaviour. known: component -> mistake that was recognised by a symptom. structure:
        component -> mistake that counts where no set of known mistakes explains the component.
        """
        explanations = {component: [frozenset([name])] for component, name in (known or {}).items()}
        for component, signatures in got.items():
            if component not in explanations:
                denied = self._denied(component[0], got)
                found = [names for names in self._explanations(component, signatures) if not names & denied]
                if found:
                    explanations[component] = found
                elif structure and component in structure:
                    explanations[component] = [frozenset([structure[component]])]
        # A component with nothing but errors would add a name without evidence, unless its group shows nothing else.
        # An unexplained component counts as well: its wrong values may contradict that name.
        telling = {component for component in got if self._shows(component, got)}
        groups = {group for group, _ in telling}
        shown = {c: names for c, names in explanations.items() if c in telling or c[0] not in groups}
        smallest = _smallest_unions(list(shown.values()))
        certain = shown | {c: names for c, names in explanations.items() if all(len(each) < 2 for each in names)}
        for known_by in (certain, shown):
            # A filter that would reject every union is skipped: it is a preference, not a condition.
            smallest = [union for union in smallest if self._is_consistent(union, known_by)] or smallest
        common = frozenset.intersection(*smallest)
        return sorted(self._without_the_needless(common, got))

    def _shows(self, component: Component, got: Behaviour) -> bool:
        """Return True if the component has a wrong value. An error shows in all outputs at once and proves little."""
        right = self._does(())[component]
        return any(seen != good and not has_raised(seen) for seen, good in zip(got[component], right, strict=True))

    def _denied(self, group: str, got: Behaviour) -> Names:
        """Return the mistakes that always change an output of the group which is right: the answer has none of them."""
        right = self._does(())
        sound = [c for c in got if c[0] == group and c[1] != ARGUMENTS and got[c] == right[c]]
        return frozenset[str]().union(*(self._always_in(component) for component in sound))

    def _without_the_needless(self, names: Names, got: Behaviour) -> Names:
        """Return the names without a mistake that is not needed: the others alone already behave like the answer."""
        for name in sorted(names) if len(names) > 2 else ():
            if any(self._does(combination) == got for combination in self._written(names - {name})):
                return names - {name}
        return names

    def _written(self, names: Names) -> Iterator[Combination]:
        """Yield the ways to combine variants of all these mistakes."""
        ways = ([v for v in self._variants.variants if v.name == name] for name in names)
        for combination in itertools.islice(itertools.product(*ways), MAX_WAYS):
            if all(variant.fits(combination[:i]) for i, variant in enumerate(combination)):
                yield combination

    def _is_consistent(self, union: Names, explanations: Mapping[Component, Sequence[Names]]) -> bool:
        """Return True if the union contains no mistake that should have shown in a component but did not."""
        return all(
            any(self._always_in(component) & union <= names <= union for names in alternatives)
            for component, alternatives in explanations.items()
        )

    def _always_in(self, component: Component) -> Names:
        """Return the mistakes that change the component in every spelling of them."""
        if component not in self._always:
            right = self._does(())[component]
            every = self._every_single()
            silent = {name for names, does in every if does[component] == right for name in names}
            self._always[component] = frozenset(name for names, _ in every for name in names) - silent
        return self._always[component]

    def _explanations(self, component: Component, signatures: tuple[Any, ...]) -> list[Names]:
        """Return the smallest sets of mistakes that produce the component.

        [empty set] for a right component, [] for one that no set explains.
        """
        if signatures == self._does(())[component]:
            return [frozenset()]
        alone = self._alone(component, signatures)
        if alone or all(map(has_raised, signatures)):
            return alone
        # One or two mistakes are indexed by one probe. Larger sets only extend near misses: the number of all sets
        # grows too fast.
        for size in (1, 2):
            exact, near = self._of_size(size, component, signatures)
            found = exact or self._extended(near, component, signatures)
            if found:
                return _minimal(found)
        return []

    def _alone(self, component: Component, signatures: tuple[Any, ...]) -> list[Names]:
        """Return the single mistakes with the same behaviour. Components with errors only must agree to the letter."""
        alike = [(names, does[component]) for names, does in self._every_single() if does[component] == signatures]
        only_errors = all(map(has_raised, signatures))
        return _minimal(
            [names for names, seen in alike if not only_errors or to_the_letter(seen) == to_the_letter(signatures)]
        )

    def _every_single(self) -> list[tuple[Names, Behaviour]]:
        return [(_names((v,)), self._does((v,))) for v in self._variants.variants] + self._singles

    def _of_size(
        self, size: int, component: Component, signatures: tuple[Any, ...]
    ) -> tuple[list[Names], list[Combination]]:
        """Return the combinations that agree in every probe, by name, and those that agree in one probe only.

        This is the first probe without an error, because many mistakes share an error.
        """
        exact, near = [], []
        place = next(place for place, seen in enumerate(signatures) if not has_raised(seen))
        for combination in self._indexed(component, size, place).get(signatures[place], ()):
            if self._does(combination)[component] == signatures:
                exact.append(_names(combination))
            else:
                near.append(combination)
        return exact, near

    def _extended(self, near: Sequence[Combination], component: Component, signatures: tuple[Any, ...]) -> list[Names]:
        longer = (
            (*combination, variant)
            for combination in near[:MAX_EXTENDED]
            for variant in self._with_effect(component)
            if variant.fits(combination)
        )
        return [_names(combination) for combination in longer if self._does(combination)[component] == signatures]

    def _indexed(self, component: Component, size: int, place: int) -> dict[Any, list[Combination]]:
        """Return the component's signature in a probe -> combinations of that size. place: of the probe in its group.

        Errors are left out.
        """
        if (component, size, place) not in self._index:
            index: dict[Any, list[Combination]] = defaultdict(list)
            for combination in itertools.combinations(self._with_effect(component), size):
                if all(variant.fits(combination[:i]) for i, variant in enumerate(combination)):
                    (seen,) = self._at(combination, component[0], place)[component]
                    if not has_raised(seen):
                        index[seen].append(combination)
            self._index[component, size, place] = dict(index)
        return self._index[component, size, place]

    def _with_effect(self, component: Component) -> list[Variant]:
        """Return the variants that change the component. No other variant can be part of its explanation."""
        if component not in self._effective:
            right = self._does(())[component]
            self._effective[component] = [v for v in self._variants.variants if self._does((v,))[component] != right]
        return self._effective[component]

    def _at(self, combination: Combination, group: str, place: int) -> Behaviour:
        # Kept by group: one call serves every component of it.
        key = combination, group, place
        if key not in self._in_probe:
            probe = [probe for probe in self._variants.probes if probe.group == group][place]
            self._in_probe[key] = self.behaviour_of(self._variants.function(combination), [probe])
        return self._in_probe[key]

    def _does(self, combination: Combination) -> Behaviour:
        if combination not in self._known:
            self._known[combination] = self.behaviour_of(self._variants.function(combination))
        return self._known[combination]

    def behaviour_of(
        self, function: Callable[..., Any], probes: Sequence[Probe] | None = None, limit: TimeLimit | None = None
    ) -> Behaviour:
        """Return the behaviour of a function of the course. limit: time limit for functions that may not terminate."""

        def call(probe: Probe) -> tuple[Any, str] | Raised:
            args = self._values.copied(probe.args)
            try:
                with limit.limited("a known mistake") if limit else nullcontext():
                    returned = self._values.as_plain(function(*args))
            except Exception as error:
                return raised(type(error).__name__, str(error))
            return returned, self._values.changed_place(probe.args, args)

        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # wrong answers divide by zero and worse
            return behaviour(self._variants.probes if probes is None else probes, self._variants.outputs, call)


def _names(combination: Combination) -> Names:
    return frozenset(variant.name for variant in combination)


def _minimal(found: Sequence[Names]) -> list[Names]:
    """Return the sets that contain no other set, each once."""
    distinct = set(found)
    return [names for names in distinct if not any(other < names for other in distinct)]


def _smallest_unions(explanations: Sequence[Sequence[Names]]) -> list[Names]:
    """Return the smallest unions of one explanation for each component."""
    unions: set[Names] = {frozenset()}
    for alternatives in sorted(explanations, key=len):
        unions = {union | names for union in unions for names in alternatives}
        # The number of unions grows exponentially with the components; the smallest ones lead to the result.
        unions = set(sorted(unions, key=len)[:MAX_UNIONS])
    smallest = min(map(len, unions))
    return [union for union in unions if len(union) == smallest]
