"""Turn the answers of the sample class into notebooks as students hand them in.

An answer file is text, divided into cells by lines `# %% <exercise>`. The text after such a line replaces the
exercise's solution cell. `# %% extra after <exercise>` adds a cell of the student's own behind the exercise's test.
`# %% rest as <student>` takes the solutions that the file lacks from another student's file beside it.
`# %% language <code>` takes the release in this language, if there is one. The text is never parsed as Python, so that
it may contain the syntax errors that students hand in.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from grader.common.errors import ExampleError

Raw = dict[str, Any]
MARK = re.compile(r"^# %% (?P<kind>extra after |rest as |language )?(?P<name>\w+)\s*$", re.MULTILINE)
EXTRA, REST, LANGUAGE = "extra after ", "rest as ", "language "


def write_sample_class(examples: Path, release: Path, submitted: Path, notebooks: Sequence[str]) -> list[Path]:
    """Write `submitted/<student>/<assignment>/<notebook>` for every file in examples; return the notebooks.

    release: the assignment's released folder. notebooks: names of those that are graded. Raises ExampleError for a file
    that names an unknown exercise.
    """
    english = _released(release, notebooks)
    spoken = sample_languages(examples, release)
    translated = {code: _released(_in_language(release, code), notebooks) for code in spoken.values()}
    written = []
    for path in sorted(examples.glob("*.py")):
        folder = submitted / path.stem / release.name
        folder.mkdir(parents=True, exist_ok=True)
        for name, notebook in fill_in(translated.get(spoken.get(path.stem, ""), english), path).items():
            (folder / name).write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")
            written.append(folder / name)
    return written


def sample_languages(examples: Path, release: Path) -> dict[str, str]:
    """Return student -> code of the language, for the files that name a language with a release."""
    named = {path.stem: found[2] for path in examples.glob("*.py") for found in MARK.finditer(path.read_text()) if found[1] == LANGUAGE}
    return {student: code for student, code in named.items() if _in_language(release, code).exists()}


def _in_language(release: Path, code: str) -> Path:
    return release.parent / code / release.name


def _released(release: Path, notebooks: Sequence[str]) -> dict[str, Raw]:
    released = {}
    for name in notebooks:
        source = release / f"{name}.ipynb"
        if not source.exists():
            raise ExampleError(f"{source}: does not exist. Run `make release` first.")
        released[source.name] = json.loads(source.read_text())
    return released


def fill_in(released: Mapping[str, Raw], path: Path) -> dict[str, Raw]:
    """Return the released notebooks, by name, with the answers of the file."""
    filled = {name: copy.deepcopy(notebook) for name, notebook in released.items()}
    places = {
        cell["metadata"].get("nbgrader", {}).get("grade_id"): (notebook["cells"], cell)
        for notebook in filled.values()
        for cell in notebook["cells"]
    }
    solutions, extras = _answers(path, ())
    for kind, exercise, text in [("", *solution) for solution in solutions.items()] + extras:
        place = places.get(exercise if kind == EXTRA else f"{exercise}_solution")
        if place is None:
            raise ExampleError(f"{path}: there is no exercise {exercise!r} in the release. Fix its `# %%` line.")
        cells, cell = place
        if kind == EXTRA:
            cells.insert(cells.index(cell) + 1, _code_cell(f"extra-after-{exercise}", text))
        else:
            cell["source"] = text
    return filled


def _answers(path: Path, followers: tuple[Path, ...]) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """Return solutions by exercise, and extra cells. followers: the files that take the rest of theirs from this one."""
    if path in followers:
        raise ExampleError(f"{followers[0]}: takes its rest from itself in the end. Fix its `# %% {REST}` line.")
    if not path.exists():
        raise ExampleError(f"{followers[-1]}: there is no {path.name} beside it. Fix its `# %% {REST}` line.")
    pieces = MARK.split(path.read_text())
    found = list(zip(pieces[1::3], pieces[2::3], (text.strip("\n") for text in pieces[3::3]), strict=True))
    solutions: dict[str, str] = {}
    for kind, student, _ in found:
        if kind == REST:
            solutions |= _answers(path.with_name(f"{student}.py"), (*followers, path))[0]
    solutions |= {exercise: text for kind, exercise, text in found if not kind}
    return solutions, [one for one in found if one[0] == EXTRA]


def _code_cell(cell_id: str, source: str) -> Raw:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id.replace("_", "-"),
        "metadata": {},
        "outputs": [],
        "source": source,
    }
