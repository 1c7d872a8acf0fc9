"""The trusted bundle of one assignment: its master, exercises, tests, reference and catalogue.

All of it comes from `source/<assignment>/` and from the files that the top of the course lends it (`layout`).
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from grader.assignments.catalogue import Answer, answers_in, load_module
from grader.assignments.earlier_tests import left_to_next_tests
from grader.assignments.grade_cell import run_grade_cell, seeded
from grader.assignments.layout import PRIVATE, PUBLIC_TESTS, VARIANTS, lent_files, python_files, source_files
from grader.assignments.modules import AssignmentModules
from grader.assignments.notebook_names import needed_notebooks
from grader.assignments.reference import helpers, imports, run_silently, run_solutions, without_system_names
from grader.assignments.releases import PastRelease, read_releases
from grader.assignments.statements import Statement, without_magics
from grader.assignments.variants import Variants
from grader.assignments.working_folder import WorkingFolder
from grader.common.errors import AssignmentError
from grader.notebooks.model import Cell, Notebook
from grader.results.records import CellOutcome

GLOBAL_RANDOM = re.compile(
    r"\brandom\.(seed|setstate|set_state|rand|randn|randint|random|choice|shuffle|normal|uniform)\("
)
"""Code of a test that uses a global random generator of Python or NumPy."""


@dataclass(frozen=True)
class Exercise:
    """The student's task for one grade cell."""

    name: str
    """The grade cell's id, and the name of the function if the exercise asks for one."""
    points: float
    tags: tuple[str, ...]
    test: Cell


class Assignment:
    """The assignment in `folder`, with one of its master notebooks and all that judges it.

    An assignment may have several graded notebooks: `notebooks` has the assignment once for each. Cells, such as
    `exercises` and `reference`, are of this notebook; files, public tests and `private/` are shared. Most properties
    read files, or run the master's code, at their first use.
    """

    def __init__(self, folder: Path, release: Path | None = None, notebook: str = ""):
        """release: folder of its release. notebook: name of the master, without the ending; by default the first one.
        Raises AssignmentError if the folder has none."""
        self.folder = folder.resolve()
        self.private = self.folder / PRIVATE
        self.release = release
        self.name = folder.name
        self._names = needed_notebooks(self.folder)
        self.notebook = notebook or self._names[0]
        self.master_path = self.folder / f"{self.notebook}.ipynb"
        self._answers: dict[tuple[str, str], list[Answer]] = {}
        self._variants: dict[str, Variants | None] = {}

    @cached_property
    def notebooks(self) -> tuple[Assignment, ...]:
        """The assignment with each of its graded notebooks, in the natural order of their names."""
        about = self.folder, self.release
        ours = tuple(self if name == self.notebook else Assignment(*about, name) for name in self._names)
        for one in ours:
            vars(one)["notebooks"] = ours  # each knows the others: none runs a second time
        return ours

    @property
    def masters(self) -> dict[str, Notebook]:
        """Name of each graded notebook -> its master."""
        return {one.notebook: one.master for one in self.notebooks}

    @property
    def master_cells(self) -> list[Cell]:
        """The cells of all masters."""
        return [cell for one in self.notebooks for cell in one.master.cells]

    @property
    def exercise_names(self) -> list[str]:
        """The exercises of all notebooks, in the masters' order."""
        return [name for one in self.notebooks for name in one.exercises]

    @cached_property
    def master(self) -> Notebook:
        """The master notebook. Raises NotebookError if it cannot be read."""
        return Notebook.read(self.master_path)

    @cached_property
    def exercises(self) -> dict[str, Exercise]:
        """Name -> exercise, in the master's order."""
        return {
            cell.grade_id: Exercise(cell.grade_id, cell.points, cell.tags, cell)
            for cell in self.master.cells
            if cell.is_test and cell.grade_id
        }

    @property
    def reference(self) -> dict[str, Any]:
        """Name -> object, for all names of the master's solution cells and their dependencies."""
        return self._run_of_solutions[0]

    @property
    def all_references(self) -> dict[str, Any]:
        """The content of the module `reference`: name -> object of all masters; this notebook's own names win."""
        others = (one for one in reversed(self.notebooks) if one is not self)
        return {name: value for one in (*others, self) for name, value in one.reference.items()}

    @property
    def reference_failures(self) -> list[str]:
        """A line for each failed statement of a solution cell. The other statements still run."""
        return self._run_of_solutions[1]

    @cached_property
    def _run_of_solutions(self) -> tuple[dict[str, Any], list[str]]:
        with self.importable():
            namespace, failures = run_solutions(self.master)
        return without_system_names(namespace), failures

    @cached_property
    def helpers(self) -> dict[str, frozenset[str]]:
        """Exercise -> the names that its reference and its grade cell use."""
        return helpers(self.master)

    def test_with(self, exercise: str, helpers: Mapping[str, Callable[..., Any]], seed: int | None) -> CellOutcome:
        """Run the grade cell against the reference, with these helpers in place of the reference's own."""
        # the functions look their helpers up in this dict at each call
        mine = {name: self._observable[name] for name in helpers}
        self._observable.update(helpers)
        try:
            return self.test(exercise, without_system_names(self._observable), seed)
        finally:
            self._observable.update(mine)

    @cached_property
    def _observable(self) -> dict[str, Any]:
        """A second reference, whose helpers may be replaced while the first one computes expected values."""
        with self.importable():
            return run_solutions(self.master)[0]

    def test(self, exercise: str, namespace: dict[str, Any], seed: int | None = None) -> CellOutcome:
        """Run the exercise's grade cell of the master against the names in namespace. seed: of its random inputs."""
        cell = self.exercises[exercise].test
        # the student's names win, as they do in a notebook where the answer comes after the imports
        names = {**self.test_names, **namespace}
        with self.importable(), seeded(seed):
            self.prepare_test(exercise, names)
            points = self.exercises[exercise].points
            return run_grade_cell(without_magics(cell.source), names, cell.label, points=points).outcome

    def prepare_test(self, exercise: str, names: dict[str, Any]) -> None:
        """Define the names that earlier test cells leave to this test cell. Call it inside `importable`."""
        run_silently(self._left_to_next_tests[exercise], names)

    @cached_property
    def _left_to_next_tests(self) -> dict[str, list[Statement]]:
        return left_to_next_tests(self.master)

    @cached_property
    def released_files(self) -> dict[str, bytes]:
        """The files beside the released notebook: path in the released folder -> content."""
        if self.release is None:
            return {}
        if not self.release.is_dir():
            raise AssignmentError(f"{self.release}: does not exist. Run `grader release {self.name}` first.")
        files = (path for path in sorted(self.release.rglob("*")) if path.is_file() and path.suffix != ".ipynb")
        return {path.relative_to(self.release).as_posix(): path.read_bytes() for path in files}

    @cached_property
    def released_sources(self) -> dict[str, str]:
        """Grade id -> text of the cell in the release. Raises AssignmentError for a notebook that is not released."""
        if self.release is None:
            return {}
        path = self.release / self.master_path.name
        if not path.exists():
            raise AssignmentError(f"{path}: is not released yet. Run `grader release {self.name}` first.")
        return {cell.grade_id: cell.source for cell in Notebook.read(path).cells if cell.grade_id}

    @cached_property
    def releases(self) -> tuple[PastRelease, ...]:
        """All releases of this notebook so far, the oldest first."""
        return tuple(release.of_notebook(self.notebook) for release in read_releases(self.private))

    @property
    def released_modules(self) -> dict[str, str]:
        """The Python files of the release: path -> source."""
        return python_files(self.released_files)

    @cached_property
    def uses_random(self) -> bool:
        """Whether the tests use the global random generators. If they do, the state travels with each call."""
        cells = (cell.source for cell in self.master.code_cells() if cell.is_test)
        own = (*self.folder.glob("*.py"), *self.private.glob("*.py"), *lent_files(self.folder).values())
        modules = (path.read_text(errors="replace") for path in own if path.suffix == ".py")
        return any(map(GLOBAL_RANDOM.search, (*cells, *modules)))

    @cached_property
    def test_names(self) -> dict[str, Any]:
        """The names that the master's imports define for its grade cells, including the test functions."""
        names: dict[str, Any] = {}
        text = "\n".join(cell.source for cell in self.master.code_cells() if cell.is_test)
        with self.importable():
            for cell in self.master.code_cells():
                if not cell.is_test:
                    run_silently(imports(cell.source, text), names)
        return names

    def answers(self, kind: str) -> list[Answer]:
        """The catalogue's answers of a kind, MISCONCEPTIONS or RIGHT_ANSWERS, ordered by exercise."""
        return [answer for exercise in self.exercises for answer in self.answers_to(exercise, kind)]

    def answers_to(self, exercise: str, kind: str) -> list[Answer]:
        """The catalogue's answers to one exercise. Their file is read once."""
        if (kind, exercise) not in self._answers:
            path = self.private / kind / f"{exercise}.py"
            with self.importable():
                self._answers[kind, exercise] = answers_in(path, exercise, kind) if path.exists() else []
        return self._answers[kind, exercise]

    @cached_property
    def lent(self) -> dict[str, Path]:
        """Name -> path, for the files at the course's top that belong to this assignment."""
        return lent_files(self.folder)

    @property
    def public_tests(self) -> Path | None:
        """The file of this assignment's public tests, its own or a lent one; None if there is none."""
        own = self.folder / f"{PUBLIC_TESTS}.py"
        return own if own.exists() else self.lent.get(own.name)

    def variants_of(self, exercise: str) -> Variants | None:
        """The exchangeable lines of an answer to the exercise; None if the assignment has none. Read once."""
        if exercise not in self._variants:
            path = self.private / VARIANTS / f"{exercise}.py"
            self._variants[exercise] = self._load_variants(path, exercise) if path.exists() else None
        return self._variants[exercise]

    def _load_variants(self, path: Path, exercise: str) -> Variants:
        with self.importable():
            found = load_module(path, f"{VARIANTS}_{exercise}")
        names = self.reference | {"np": np}
        return Variants(
            exercise,
            found.SOURCE,
            tuple(found.VARIANTS),
            tuple(found.PROBES),
            tuple(found.OUTPUTS),
            tuple(getattr(found, "SYMPTOMS", ())),
            getattr(found, "STRUCTURE", None),
            names,
        )

    def has_module(self, name: str) -> bool:
        """Whether the assignment has an optional module of this name."""
        return self._modules.has(name)

    def module(self, name: str) -> ModuleType:
        """The assignment's module of this name, such as `public_tests`. Raises ImportError if there is none."""
        with self.importable(), contextlib.redirect_stdout(io.StringIO()):
            return importlib.import_module(name)

    @contextlib.contextmanager
    def importable(self) -> Iterator[None]:
        """Make the assignment's modules importable by name, and its files current, inside the block only.

        Another assignment may have modules of the same names.
        """
        with self._modules.importable(), self._working_folder.entered():
            yield

    @cached_property
    def _working_folder(self) -> WorkingFolder:
        return WorkingFolder(self.public_files)

    def public_files(self) -> dict[str, Path]:
        """Return path in the release -> path of each file beside the notebook, but for the package `checks`."""
        own = ((path.relative_to(self.folder), path) for path in source_files(self.folder))
        public = {
            short.as_posix(): path for short, path in own if short.parts[0] != PRIVATE and path.suffix != ".ipynb"
        }
        return {**self.lent, **public}

    @cached_property
    def _modules(self) -> AssignmentModules:
        lent = {Path(name).stem: path for name, path in self.lent.items() if path.suffix == ".py"}
        return AssignmentModules(self.folder, lent, lambda: self.all_references)
