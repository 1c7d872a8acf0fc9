"""The data file of the public tests: what the course's own solutions return, and what known mistakes do.

Layout of the HDF5 file, one group per exercise:
    <exercise>/numbers     every number of every behaviour, one after the other
    <exercise>/cases       JSON: sentence -> [template, start, stop] of the solution's behaviour
    <exercise>/mistakes    JSON: list of {name, description, hint, differs: sentence -> [template, start, stop]};
                           a case in which the mistake does the right thing is left out
A behaviour is a slice of the numbers with a JSON template of their arrangement. Of a mistake's numbers a sample
is kept: enough to recognise it.
`public_tests.py` reads the file; `make data` writes it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np

SAMPLE = 100
"""about how many numbers of a mistake's behaviour are kept"""
DECIMALS = 12
"""stored numbers are rounded to this many decimals, so that every machine writes the same file"""


@dataclass(frozen=True, eq=False)
class Behaviour:
    """What one call did, in a form that can be stored and compared."""

    template: str
    """JSON: how the numbers are arranged, or which error was raised, or which argument changed"""
    numbers: np.ndarray

    def __eq__(self, other: object) -> bool:
        """The same up to rounding."""
        if not isinstance(other, Behaviour) or self.template != other.template:
            return False
        return np.allclose(self.numbers, other.numbers, rtol=1e-5, atol=1e-8, equal_nan=True)

    __hash__ = None

    @property
    def sample(self) -> Behaviour:
        """The same with fewer numbers, evenly spread."""
        return Behaviour(self.template, self.numbers[:: 1 + self.numbers.size // SAMPLE])


@dataclass(frozen=True)
class Mistake:
    """A well-known wrong answer."""

    name: str
    description: str
    hint: str


class ExpectedValues:
    """The data file at `path`; an exercise is read when its test first asks."""

    def __init__(self, path: Path):
        self.path = path
        self._cases: dict[str, dict[str, Behaviour]] = {}

    def returned(self, exercise: str, sentence: str) -> Any:
        """What the course's own solution returns in this case. Raises KeyError for an unknown case."""
        return unpack(self._right(exercise)[sentence])

    def recognise(self, exercise: str, got: dict[str, Behaviour]) -> Mistake | None:
        """The mistake that does the same as `got` (sentence -> behaviour) in every case, if there is just one."""
        with self._open() as file:
            numbers = file[exercise]["numbers"][()]
            mistakes = _load_json(file[exercise]["mistakes"])
        right = self._right(exercise)

        def does_the_same(mistake: dict, sentence: str) -> bool:
            entry = mistake["differs"].get(sentence)
            expected = _slice(numbers, entry) if entry else right[sentence].sample
            return expected == got[sentence].sample

        found = [mistake for mistake in mistakes if all(does_the_same(mistake, sentence) for sentence in got)]
        if len(found) != 1:
            return None
        return Mistake(found[0]["name"], found[0]["description"], found[0]["hint"])

    def _right(self, exercise: str) -> dict[str, Behaviour]:
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


def _slice(numbers: np.ndarray, entry: list) -> Behaviour:
    template, start, stop = entry
    return Behaviour(template, numbers[start:stop])


def write(
    path: Path,
    cases: dict[str, dict[str, Behaviour]],
    mistakes: dict[str, list[tuple[Mistake, dict[str, Behaviour]]]],
) -> None:
    """Write the data file: the solution's behaviour (exercise -> sentence -> behaviour) and each mistake's."""
    with h5py.File(path, "w", libver="latest") as file:
        for exercise, right in cases.items():
            numbers: list[float] = []

            def entries(behaviours: dict[str, Behaviour], numbers: list[float] = numbers) -> dict[str, list]:
                index = {}
                for sentence, behaviour in behaviours.items():
                    start = len(numbers)
                    numbers.extend(np.round(behaviour.numbers, DECIMALS))
                    index[sentence] = [behaviour.template, start, len(numbers)]
                return index

            group = file.create_group(exercise)
            _store_json(group, "cases", entries(right))
            known = [
                vars(mistake) | {"differs": entries({sentence: b.sample for sentence, b in differs.items()})}
                for mistake, differs in mistakes.get(exercise, [])
            ]
            _store_json(group, "mistakes", known)
            group.create_dataset("numbers", data=np.array(numbers), compression="gzip", shuffle=True)


def _store_json(group: h5py.Group, name: str, value: Any) -> None:
    """As bytes: HDF5 does not compress strings."""
    group.create_dataset(name, data=np.frombuffer(json.dumps(value).encode(), np.uint8), compression="gzip")


def _load_json(stored: h5py.Dataset) -> Any:
    return json.loads(stored[()].tobytes())


def pack(value: Any, note: str = "") -> Behaviour:
    """Flatten a tree of plain values into a template of its shape and a vector of its numbers."""
    numbers: list[np.ndarray] = []

    def template(part: Any) -> Any:
        if isinstance(part, np.ndarray) and part.dtype.kind in "biuf":
            numbers.append(part.astype(float).ravel())
            return {"array": list(part.shape), "dtype": part.dtype.name}
        if isinstance(part, int | float | np.number | np.bool_) and not isinstance(part, np.complexfloating):
            numbers.append(np.array([part], float))
            return {"number": np.asarray(part).dtype.name}
        if isinstance(part, tuple | list):
            return {type(part).__name__: [template(item) for item in part]}
        if isinstance(part, dict):
            return {"dict": {str(key): template(item) for key, item in part.items()}}
        return {"other": part if part is None or isinstance(part, str) else type(part).__name__}

    return Behaviour(json.dumps(template(value)) + note, np.concatenate([np.zeros(0), *numbers]))


def unpack(behaviour: Behaviour) -> Any:
    """The inverse of pack, for values without a note."""
    left = behaviour.numbers

    def value(part: dict) -> Any:
        nonlocal left
        kind, content = next(iter(part.items()))
        if kind in ("array", "number"):
            shape = content if kind == "array" else []
            taken, left = np.split(left, [int(np.prod(shape))])
            array = taken.astype(part.get("dtype", content)).reshape(shape)
            return array if kind == "array" else array.item()
        if kind in ("tuple", "list"):
            items = [value(item) for item in content]
            return tuple(items) if kind == "tuple" else items
        if kind == "dict":
            return {key: value(item) for key, item in content.items()}
        return content

    return value(json.loads(behaviour.template))
