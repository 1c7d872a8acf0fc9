"""The data file of the public tests: results of the course's own solutions, and behaviours of known mistakes.

Layout of the HDF5 file, one group per exercise:
    <exercise>/numbers     every number of every behaviour, one after the other
    <exercise>/cases       JSON: sentence -> [template, start, stop] of the solution's behaviour
    <exercise>/mistakes    JSON: list of {name, description, hint, differs: sentence -> [template, start, stop]}.
                           Cases in which the mistake behaves like the solution are left out, which may be all
A behaviour is a slice of the numbers with a JSON template of their arrangement (`packing.Packed`). For a mistake, a
sample of the numbers is stored, which is enough to recognise it.
`public_tests.py` reads the file, `make data` writes it.
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from checks.packing import Packed, unpack

SAMPLE = 100
"""Approximate number of stored numbers of a mistake's behaviour."""
RAISED = re.compile(r'\{"raised": "\w+')
"""Beginning of a raised error's template, up to its type."""
NO_WORD = re.compile(r"[^a-zA-Z_']+")
REAL_TYPE = re.compile(r'"(?:u?int|float)\d+"')
"""The type of real numbers in a template."""
LAST_DIGITS = 1e-13
"""Relative difference that is allowed between the numbers of two machines."""


@dataclass(frozen=True)
class Mistake:
    """A well-known wrong answer."""

    name: str
    description: str
    hint: str


class ExpectedValues:
    """The data file at `path`. An exercise is read at the first question of its test."""

    def __init__(self, path: Path):
        self.path = path
        self._cases: dict[str, dict[str, Packed]] = {}
        self._unpacked: dict[tuple[str, str], Any] = {}
        self._mistakes: dict[str, list[tuple[Mistake, dict[str, Packed]]]] = {}

    def returned(self, exercise: str, sentence: str) -> Any:
        """Return the result of the course's own solution in this case. Raises KeyError for an unknown case."""
        key = exercise, sentence
        # A test may ask for the same case several times.
        if key not in self._unpacked:
            self._unpacked[key] = unpack(self._right(exercise)[sentence])
        return self._unpacked[key]

    def matching(self, exercise: str, got: dict[str, Packed], groups: Mapping[str, str]) -> list[Mistake]:
        """Return the mistakes that together behave like `got` (sentence -> behaviour), if there is only one such set.

        Either one mistake agrees in every case, or one mistake for each group of cases. groups: sentence -> name of its
        group.
        """
        unnoticed = self.unnoticed(exercise)
        alike = self._that_do(exercise, got, operator.eq) or self._same_values(exercise, got, operator.eq)
        found = [mistake for mistake in alike if mistake not in unnoticed]
        if found or len(set(groups.values())) < 2:
            return found if len(found) == 1 else []
        together: list[Mistake] = []
        for group in dict.fromkeys(groups.values()):
            part = {sentence: behaviour for sentence, behaviour in got.items() if groups[sentence] == group}
            if not self._is_right(exercise, part):
                alike = self._that_do(exercise, part, _same_words) or self._same_values(exercise, part, _same_words)
                # Two mistakes with the same behaviour cannot be told apart: neither is named.
                together += [alike[0]] if len(alike) == 1 and alike[0] not in together else []
        return together

    def _is_right(self, exercise: str, got: dict[str, Packed]) -> bool:
        right = self._right(exercise)
        return all(_sample(behaviour) == _sample(right[sentence]) for sentence, behaviour in got.items())

    def resembling(self, exercise: str, got: dict[str, Packed]) -> list[Mistake]:
        """Return the mistakes with similar behaviour: errors of the same type may have other messages."""
        return self._that_do(exercise, got, _resembles) or self._same_values(exercise, got, _resembles)

    def _same_values(
        self, exercise: str, got: dict[str, Packed], same: Callable[[Packed, Packed], bool]
    ) -> list[Mistake]:
        """Return the mistakes with these values in numbers of any real type: np.full(shape, 2) holds integers.

        Empty if the types alone are wrong: then the values are no evidence.
        """

        def same_values(one: Packed, other: Packed) -> bool:
            return same(*(Packed(REAL_TYPE.sub('"real"', each.template), each.numbers) for each in (one, other)))

        right = self._right(exercise)
        if all(same_values(_sample(right[sentence]), _sample(behaviour)) for sentence, behaviour in got.items()):
            return []
        return self._that_do(exercise, got, same_values)

    def _that_do(self, exercise: str, got: dict[str, Packed], same: Callable[[Packed, Packed], bool]) -> list[Mistake]:
        # Mistakes are stored as samples, so everything is compared as samples.
        right = {sentence: _sample(packed) for sentence, packed in self._right(exercise).items()}
        samples = {sentence: _sample(packed) for sentence, packed in got.items()}
        return [
            mistake
            for mistake, differs in self._known(exercise)
            if all(same(differs.get(sentence, right[sentence]), sample) for sentence, sample in samples.items())
        ]

    def unnoticed(self, exercise: str) -> list[Mistake]:
        """Return the mistakes that behave like the solution in every case."""
        return [mistake for mistake, differs in self._known(exercise) if not differs]

    def _known(self, exercise: str) -> list[tuple[Mistake, dict[str, Packed]]]:
        """Return the mistakes, each with a sample of its behaviour in the cases where it is wrong."""
        if exercise not in self._mistakes:
            with self._open() as file:
                numbers = file[exercise]["numbers"][()]
                entries = _load_json(file[exercise]["mistakes"])
            self._mistakes[exercise] = [
                (
                    Mistake(entry["name"], entry["description"], entry["hint"]),
                    {sentence: _slice(numbers, place) for sentence, place in entry["differs"].items()},
                )
                for entry in entries
            ]
        return self._mistakes[exercise]

    def _right(self, exercise: str) -> dict[str, Packed]:
        if exercise not in self._cases:
            with self._open() as file:
                if exercise not in file:
                    raise KeyError(f"{self.path.name} knows no exercise {exercise}: write it anew with `make data`.")
                numbers = file[exercise]["numbers"][()]
                cases = _load_json(file[exercise]["cases"])
            self._cases[exercise] = {sentence: _slice(numbers, entry) for sentence, entry in cases.items()}
        return self._cases[exercise]

    def _open(self) -> h5py.File:
        if not self.path.exists():
            raise FileNotFoundError(
                f"{self.path.name} is missing: it belongs beside public_tests.py. "
                "Take it from the assignment's folder again."
            )
        return h5py.File(self.path)


def _resembles(one: Packed, other: Packed) -> bool:
    """Compare behaviours, ignoring messages of errors: "ValueError: ..." equals any other ValueError."""
    errors = [RAISED.match(behaviour.template) for behaviour in (one, other)]
    return errors[0].group() == errors[1].group() if all(errors) else one == other


def _same_words(one: Packed, other: Packed) -> bool:
    """Compare behaviours, ignoring numbers in messages of errors: they vary with the spelling of the same mistake."""
    if all(RAISED.match(behaviour.template) for behaviour in (one, other)):
        return NO_WORD.sub(" ", one.template) == NO_WORD.sub(" ", other.template)
    return one == other


def _sample(packed: Packed) -> Packed:
    """Return the same with fewer numbers, evenly spaced."""
    return Packed(packed.template, packed.numbers[:: 1 + packed.numbers.size // SAMPLE])


def _slice(numbers: np.ndarray, entry: list) -> Packed:
    template, start, stop = entry
    return Packed(template, numbers[start:stop])


def write(
    path: Path,
    cases: dict[str, dict[str, Packed]],
    mistakes: dict[str, list[tuple[Mistake, dict[str, Packed]]]],
) -> None:
    """Write the data file: exercise -> sentence -> the solution's behaviour, and the behaviours of each mistake.

    A file that differs in the last digits only is left unchanged, so that every machine leaves the same bytes.
    """
    contents = {
        exercise: _Contents(right, [(mistake, _samples(differs)) for mistake, differs in mistakes.get(exercise, [])])
        for exercise, right in cases.items()
    }
    if path.exists() and _holds(path, contents):
        return
    # The newest file format has much smaller headers, and every group has several.
    with h5py.File(path, "w", libver="latest") as file:
        for exercise, content in contents.items():
            group = file.create_group(exercise)
            _store_json(group, "cases", content.cases)
            _store_json(group, "mistakes", content.mistakes)
            # shuffle groups the bytes of equal place, which makes floats compress better.
            group.create_dataset("numbers", data=content.numbers, compression="gzip", shuffle=True)


def _samples(behaviours: dict[str, Packed]) -> dict[str, Packed]:
    return {sentence: _sample(behaviour) for sentence, behaviour in behaviours.items()}


class _Contents:
    """The part of the file for one exercise."""

    def __init__(self, right: dict[str, Packed], known: list[tuple[Mistake, dict[str, Packed]]]):
        self._rows: list[np.ndarray] = []
        self._length = 0
        self.cases = self._entries(right)
        self.mistakes = [vars(mistake) | {"differs": self._entries(differs)} for mistake, differs in known]
        self.numbers = np.concatenate([np.zeros(0), *self._rows])

    def _entries(self, behaviours: dict[str, Packed]) -> dict[str, list]:
        """Return sentence -> template, start and stop."""
        index = {}
        for sentence, behaviour in behaviours.items():
            start, self._length = self._length, self._length + behaviour.numbers.size
            self._rows.append(behaviour.numbers)
            index[sentence] = [behaviour.template, start, self._length]
        return index

    def are_nearly(self, cases: dict, mistakes: list, numbers: np.ndarray) -> bool:
        """Return True for the same contents, up to the last digits of the numbers of each behaviour."""
        if cases != self.cases or mistakes != self.mistakes or numbers.shape != self.numbers.shape:
            return False
        start = 0
        for row in self._rows:
            kept, start = numbers[start : start + row.size], start + row.size
            # Relative to the largest number: the last digits of a small difference of large numbers vary.
            size = np.abs(row[np.isfinite(row)]).max(initial=0)
            if not np.allclose(row, kept, rtol=LAST_DIGITS, atol=LAST_DIGITS * size, equal_nan=True):
                return False
        return True


def _holds(path: Path, contents: dict[str, _Contents]) -> bool:
    """Return True if the file is a data file with these contents."""
    try:
        with h5py.File(path) as file:
            return set(file) == set(contents) and all(
                content.are_nearly(_load_json(group["cases"]), _load_json(group["mistakes"]), group["numbers"][()])
                for group, content in ((file[exercise], content) for exercise, content in contents.items())
            )
    except (OSError, KeyError, ValueError, AttributeError):
        return False  # not a data file, or one of an older form


def _store_json(group: h5py.Group, name: str, value: Any) -> None:
    """Store JSON as bytes, because HDF5 does not compress strings."""
    group.create_dataset(name, data=np.frombuffer(json.dumps(value).encode(), np.uint8), compression="gzip")


def _load_json(stored: h5py.Dataset) -> Any:
    return json.loads(stored[()].tobytes())
