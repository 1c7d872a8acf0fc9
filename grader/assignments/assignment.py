"""The trusted bundle of one assignment: its master, exercises, tests, reference and catalogue.

All of it comes from `source/<assignment>/`, and the files that the course's top lends it (`layout`).
"""

from __future__ import annotations

import contextlib
import importlib.util
import inspect
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from grader.assignments.earlier_tests import left_to_next_tests
from grader.assignments.grade_cell import run_grade_cell, seeded
from grader.assignments.layout import PRIVATE, PUBLIC_TESTS, VARIANTS, lent_files, source_files
from grader.assignments.modules import AssignmentModules
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
"""a test that uses one of the global generators of Python or NumPy"""


@dataclass(frozen=True)
class Exercise:
    """What the student writes for one grade cell."""

    name: str
    """the grade cell's id, and the name of the function where the exercise asks for one"""
    points: float
    tags: tuple[str, ...]
    test: Cell


@dataclass(frozen=True)
class Answer:
    """An answer of the catalogue: a misconception, or an unusual right answer."""

    exercise: str
    name: str
    function: Callable[..., Any]
    description: str
    hint: str = ""
    kind: str = ""
    """MISCONCEPTIONS or RIGHT_ANSWERS, the folder that it lies in"""


class Assignment:
    """The assignment in `folder`, whose master notebook has the folder's name. release: what students were given."""

    def __init__(self, folder: Path, release: Path | None = None):
        self.folder = folder.resolve()
        self.private = self.folder / PRIVATE
        self.release = release
        self.name = folder.name
        self.master_path = self.folder / f"{self.name}.ipynb"
        self._answers: dict[tuple[str, str], list[Answer]] = {}
        self._variants: dict[str, Variants | None] = {}
        if not self.master_path.exists():
            raise AssignmentError(
                f"{folder}: there is no master notebook {self.master_path.name}. "
                f"Give the name of a folder in {folder.parent}, whose notebook has the same name."
            )

    @cached_property
    def master(self) -> Notebook:
        return Notebook.read(self.master_path)

    @cached_property
    def exercises(self) -> dict[str, Exercise]:
        """In the master's order."""
        return {
            cell.grade_id: Exercise(cell.grade_id, cell.points, cell.tags, cell)
            for cell in self.master.cells
            if cell.is_test and cell.grade_id
        }

    @property
    def reference(self) -> dict[str, Any]:
        """What the master's solution cells define, and what they depend on. See `reference_failures`."""
        return self._run_of_solutions[0]

    @property
    def reference_failures(self) -> list[str]:
        """A line for each statement of a solution cell that fails; the others define what they can."""
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
        """Run the grade cell against the reference, whose functions find these helpers in place of their own."""
        mine = {name: self._observable[name] for name in helpers}
        self._observable.update(helpers)
        try:
            return self.test(exercise, without_system_names(self._observable), seed)
        finally:
            self._observable.update(mine)

    @cached_property
    def _observable(self) -> dict[str, Any]:
        """A second reference, apart from the one that expected values are computed with."""
        with self.importable():
            return run_solutions(self.master)[0]

    def test(self, exercise: str, namespace: dict[str, Any], seed: int | None = None) -> CellOutcome:
        """Run the exercise's grade cell of the master against the names in namespace. seed: of its random inputs."""
        cell = self.exercises[exercise].test
        names = {**self.test_names, **namespace}
        with self.importable(), seeded(seed):
            self.prepare_test(exercise, names)
            return run_grade_cell(without_magics(cell.source), names, cell.label).outcome

    def prepare_test(self, exercise: str, names: dict[str, Any]) -> None:
        """Give the test cell those names that earlier test cells leave to it. Call it inside `importable`."""
        run_silently(self._left_to_next_tests[exercise], names)

    @cached_property
    def _left_to_next_tests(self) -> dict[str, list[Statement]]:
        return left_to_next_tests(self.master)

    @cached_property
    def released_files(self) -> dict[str, bytes]:
        """What students find beside the notebook: path in the released folder -> content."""
        if self.release is None:
            return {}
        if not self.release.is_dir():
            raise AssignmentError(f"{self.release}: does not exist. Run `grader release {self.name}` first.")
        files = (path for path in sorted(self.release.rglob("*")) if path.is_file() and path.suffix != ".ipynb")
        return {path.relative_to(self.release).as_posix(): path.read_bytes() for path in files}

    @cached_property
    def released_sources(self) -> dict[str, str]:
        """Grade id -> the text of the cell as students were given it."""
        if self.release is None:
            return {}
        released = Notebook.read(self.release / self.master_path.name)
        return {cell.grade_id: cell.source for cell in released.cells if cell.grade_id}

    @cached_property
    def releases(self) -> tuple[PastRelease, ...]:
        """What was released so far, the oldest first."""
        return read_releases(self.private)

    @property
    def released_modules(self) -> dict[str, str]:
        """The Python files among them: their path -> source."""
        return python_files(self.released_files)

    @cached_property
    def uses_random(self) -> bool:
        """Do the tests use the global random generators? Then their state travels with the calls."""
        cells = (cell.source for cell in self.master.code_cells() if cell.is_test)
        own = (*self.folder.glob("*.py"), *self.private.glob("*.py"), *lent_files(self.folder).values())
        modules = (path.read_text(errors="replace") for path in own if path.suffix == ".py")
        return any(map(GLOBAL_RANDOM.search, (*cells, *modules)))

    @cached_property
    def test_names(self) -> dict[str, Any]:
        """What the master's import statements bring in for its grade cells, the tests among it."""
        names: dict[str, Any] = {}
        text = "\n".join(cell.source for cell in self.master.code_cells() if cell.is_test)
        with self.importable():
            for cell in self.master.code_cells():
                if not cell.is_test:
                    run_silently(imports(cell.source, text), names)
        return names

    def answers(self, kind: str) -> list[Answer]:
        """The catalogue's answers of a kind, MISCONCEPTIONS or RIGHT_ANSWERS, exercise by exercise."""
        return [answer for exercise in self.exercises for answer in self.answers_to(exercise, kind)]

    def answers_to(self, exercise: str, kind: str) -> list[Answer]:
        """Those to one exercise; its file is read once."""
        if (kind, exercise) not in self._answers:
            path = self.private / kind / f"{exercise}.py"
            with self.importable():
                functions = _public_functions(_load(path, f"{kind}_{exercise}")) if path.exists() else []
            self._answers[kind, exercise] = [_answer(exercise, function, kind) for function in functions]
        return self._answers[kind, exercise]

    @cached_property
    def lent(self) -> dict[str, Path]:
        """Name -> path of each file at the course's top that belongs to this assignment."""
        return lent_files(self.folder)

    @property
    def public_tests(self) -> Path | None:
        """The file of the public tests that this assignment uses, its own or a lent one."""
        own = self.folder / f"{PUBLIC_TESTS}.py"
        return own if own.exists() else self.lent.get(own.name)

    def variants_of(self, exercise: str) -> Variants | None:
        """The exchangeable lines of an answer to the exercise, where the assignment has them; read once."""
        if exercise not in self._variants:
            path = self.private / VARIANTS / f"{exercise}.py"
            self._variants[exercise] = self._load_variants(path, exercise) if path.exists() else None
        return self._variants[exercise]

    def _load_variants(self, path: Path, exercise: str) -> Variants:
        with self.importable():
            found = _load(path, f"{VARIANTS}_{exercise}")
        names = self.reference | {"np": np}
        symptoms = tuple(getattr(found, "SYMPTOMS", ()))
        return Variants(
            exercise, found.SOURCE, tuple(found.VARIANTS), tuple(found.PROBES), tuple(found.OUTPUTS), symptoms, names
        )

    def has_module(self, name: str) -> bool:
        """Does the assignment bring that module along, which it need not have?"""
        return self._modules.has(name)

    def module(self, name: str) -> ModuleType:
        """The assignment's module of that name, such as `public_tests`."""
        with self.importable(), contextlib.redirect_stdout(io.StringIO()):
            return importlib.import_module(name)

    @contextlib.contextmanager
    def importable(self) -> Iterator[None]:
        """Inside, the assignment's modules can be imported by name, and the current folder holds its files; outside,
        they are nobody else's."""
        with self._modules.importable(), self._working_folder.entered():
            yield

    @cached_property
    def _working_folder(self) -> WorkingFolder:
        return WorkingFolder(self._public_files)

    def _public_files(self) -> dict[str, Path]:
        own = ((path.relative_to(self.folder), path) for path in source_files(self.folder))
        public = {
            short.as_posix(): path for short, path in own if short.parts[0] != PRIVATE and path.suffix != ".ipynb"
        }
        return {**self.lent, **public}

    @cached_property
    def _modules(self) -> AssignmentModules:
        lent = {Path(name).stem: path for name, path in self.lent.items() if path.suffix == ".py"}
        return AssignmentModules(self.folder, lent, lambda: self.reference)


def python_files(files: Mapping[str, bytes]) -> dict[str, str]:
    """Those of the files, by path, that are Python: path -> source."""
    return {path: content.decode() for path, content in files.items() if path.endswith(".py")}


def _load(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None  # there is one for every file that ends in .py
    module = importlib.util.module_from_spec(spec)
    with contextlib.redirect_stdout(io.StringIO()):  # a command's output is its own
        spec.loader.exec_module(module)
    return module


def _public_functions(module: ModuleType) -> list[Callable[..., Any]]:
    functions = (f for name, f in vars(module).items() if inspect.isfunction(f) and not name.startswith("_"))
    return [function for function in functions if function.__module__ == module.__name__]


def _answer(exercise: str, function: Callable[..., Any], kind: str) -> Answer:
    description, _, rest = (inspect.getdoc(function) or "").partition("\n")
    hint = " ".join(rest.split()).removeprefix("Hint: ")
    return Answer(exercise, function.__name__, function, description, hint, kind)
