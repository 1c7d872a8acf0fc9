"""Pairs of submissions whose code is more alike than the exercise explains. Likeness proves nothing.

Names, comments, texts and layout are removed from each answer (`copydetect`). The rest is cut into overlapping pieces
of PIECE characters. A piece is unusual if neither the known answers to the exercise nor many of the class have it. Two
submissions are alike if they share many unusual pieces. So short answers, which have only one form, never count.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from grader.config.limits import LIKENESS_CHARACTERS, LIKENESS_PAIRS

PIECE = 16
"""Characters of a piece. A shorter one, such as `V=V.V(V,V)`, stands in nearly every program."""
SHARED = 60
"""Unusual pieces that two submissions have in common at least: about three lines of code."""
SHARE = 0.5
"""Share of the unusual pieces of the submission with fewer of them that the other one has, too, at least."""
FEW, FEW_SHARE, MANY = 4, 0.2, 20
"""A piece is unusual in a class if at most 4 students, or 20 % of the class but no more than 20, have it."""
OUTLIER = 3.0
"""Interquartile ranges above the third quartile of all pairs, from which on a pair stands out (Tukey's far out)."""


@dataclass(frozen=True)
class AlikeAnswers:
    """The answers of two students to one exercise."""

    exercise: str
    shared: int
    """Number of unusual pieces that both have."""
    codes: tuple[str, str]


@dataclass(frozen=True)
class AlikePair:
    """Two students whose submissions are alike."""

    students: tuple[str, str]
    shared: int
    """Number of unusual pieces that both have, in all exercises together."""
    share: float
    """Share of the unusual pieces of the student with fewer of them, above 0 and up to 1."""
    answers: tuple[AlikeAnswers, ...]
    """The exercises with shared pieces, the most alike first."""


def alike_pairs(answers: Mapping[str, Mapping[str, str]], known: Iterable[str]) -> tuple[list[AlikePair], int]:
    """Return the most alike pairs, the most alike first, and the number of further pairs that were left out.

    answers: exercise -> student -> code. known: code that explains a likeness: solutions, unusual right answers,
    catalogued mistakes, released cells.
    """
    explained: set[str] = set().union(*(_pieces(code) for code in known))
    unusual = {exercise: _unusual(codes, explained) for exercise, codes in answers.items()}
    totals: Counter[str] = Counter()
    for pieces in unusual.values():
        totals.update({student: len(own) for student, own in pieces.items()})
    by_exercise = {exercise: _shared(pieces) for exercise, pieces in unusual.items()}
    shared: Counter[tuple[str, str]] = Counter()
    for counts in by_exercise.values():
        shared.update(counts)
    # A class that shares much, such as code from a lecture, would fill the list at a fixed number.
    least = max(SHARED, _outlier(shared.values(), len(totals)))
    found = [
        _pair(students, count, totals, by_exercise, answers)
        for students, count in shared.items()
        if count >= least and count >= SHARE * min(totals[student] for student in students)
    ]
    found.sort(key=lambda pair: (-pair.shared, pair.students))
    return found[:LIKENESS_PAIRS], max(0, len(found) - LIKENESS_PAIRS)


def _pair(
    students: tuple[str, str],
    count: int,
    totals: Mapping[str, int],
    by_exercise: Mapping[str, Mapping[tuple[str, str], int]],
    answers: Mapping[str, Mapping[str, str]],
) -> AlikePair:
    first, second = students
    alike = [
        AlikeAnswers(exercise, counts[students], (answers[exercise][first], answers[exercise][second]))
        for exercise, counts in by_exercise.items()
        if counts.get(students)
    ]
    alike.sort(key=lambda one: -one.shared)
    return AlikePair(students, count, count / min(totals[first], totals[second]), tuple(alike))


def _unusual(codes: Mapping[str, str], explained: Collection[str]) -> dict[str, frozenset[str]]:
    """Student -> the pieces of the answer that neither a known answer nor much of the class has."""
    pieces = {student: _pieces(code[:LIKENESS_CHARACTERS]) for student, code in codes.items()}
    have = Counter(itertools.chain.from_iterable(pieces.values()))
    most = min(max(FEW, int(FEW_SHARE * len(codes))), MANY)
    return {
        student: frozenset(piece for piece in own if piece not in explained and have[piece] <= most)
        for student, own in pieces.items()
    }


def _shared(unusual: Mapping[str, Collection[str]]) -> Counter[tuple[str, str]]:
    """Pair of students, in alphabetical order -> number of unusual pieces that both have."""
    owners: defaultdict[str, list[str]] = defaultdict(list)
    for student in sorted(unusual):
        for piece in unusual[student]:
            owners[piece].append(student)
    counts: Counter[tuple[str, str]] = Counter()
    # A piece has few owners, so that this grows with the class and not with its square.
    for students in owners.values():
        counts.update(itertools.combinations(students, 2))
    return counts


def _outlier(counts: Collection[int], students: int) -> float:
    """Return the number of shared pieces from which on a pair stands out in this class."""
    pairs = students * (students - 1) // 2
    # Pairs without a shared piece are not counted, and are most of them.
    spread = np.zeros(max(pairs, 1))
    spread[: len(counts)] = list(counts)
    lower, upper = np.percentile(spread, [25, 75])
    return float(upper + OUTLIER * (upper - lower))


def _pieces(code: str) -> set[str]:
    """The overlapping pieces of the code without names, texts, comments and layout."""
    from copydetect.utils import filter_code  # an extra, needed for this report only

    text, _ = filter_code(code, "answer.py", "python3")
    # Layout is the easiest part to change, so it must not decide.
    text = "".join(text.split())
    return {text[start : start + PIECE] for start in range(len(text) - PIECE + 1)}
