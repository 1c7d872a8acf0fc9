"""An assignment's own modules. They are importable by name while its tests run, and invisible to other assignments."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from grader.assignments.layout import PRIVATE, PUBLIC_TESTS

REFERENCE = "reference"
"""The module with the master's solutions. The engine makes it."""


class AssignmentModules:
    """The modules in `folder` and its `private/`, and the modules that the engine offers.

    lent: name -> module file from another place. reference: makes the content of `reference` at its first import.
    """

    def __init__(self, folder: Path, lent: Mapping[str, Path], reference: Callable[[], dict[str, Any]]):
        self._folders = [folder / PRIVATE, folder]
        self._finder = _Finder(lent, reference, {name for name in (REFERENCE, *lent) if self._is_own(name)})
        self._loaded: dict[str, ModuleType] = {}
        self._depth = 0
        self._names = frozenset([REFERENCE, PUBLIC_TESTS, *lent, *self._names_in_folders()])

    @contextlib.contextmanager
    def importable(self) -> Iterator[None]:
        """Make the modules importable by name inside the block. The block may be entered again inside."""
        self._depth += 1
        if self._depth > 1:
            try:
                yield
            finally:
                self._depth -= 1
            return
        others = self._take()  # modules of the same names may belong to another assignment, or to the grader itself
        sys.modules.update(self._loaded)
        paths = [str(folder) for folder in self._folders if folder.is_dir()]
        sys.path[:0] = paths  # first, so that an installed package cannot hide a module of the same name
        sys.meta_path.insert(0, self._finder)
        try:
            yield
        finally:
            self._depth -= 1
            sys.meta_path.remove(self._finder)
            for path in paths:
                sys.path.remove(path)
            self._loaded = self._take()  # kept for the next time: an import runs the solutions again
            sys.modules.update(others)

    def has(self, name: str) -> bool:
        """Whether the assignment has a module of this name, its own or a lent one."""
        return self._is_own(name) or name in self._finder.lent

    def _is_own(self, name: str) -> bool:
        return any((folder / f"{name}.py").exists() for folder in self._folders)

    def _take(self) -> dict[str, ModuleType]:
        """Remove the modules with names from the folders from sys.modules, and return them."""
        return {name: sys.modules.pop(name) for name in self._names & sys.modules.keys()}

    def _names_in_folders(self) -> Iterator[str]:
        """The names of modules, packages, and modules in packages."""
        for folder in self._folders:
            for path in folder.rglob("*.py"):
                parts = path.relative_to(folder).with_suffix("").parts
                yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


class _Finder(MetaPathFinder):
    """Finds lent modules and `reference`, unless the assignment has its own."""

    def __init__(self, lent: Mapping[str, Path], reference: Callable[[], dict[str, Any]], own: set[str]):
        self.lent = lent
        self._reference = reference
        self._own = own

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name in self._own:  # the usual finders will find the file
            return None
        if name in self.lent:
            return importlib.util.spec_from_file_location(name, self.lent[name])
        return ModuleSpec(name, _ReferenceLoader(self._reference)) if name == REFERENCE else None


class _ReferenceLoader(Loader):
    """Fills the module `reference`."""

    def __init__(self, reference: Callable[[], dict[str, Any]]):
        self._reference = reference

    def exec_module(self, module: ModuleType) -> None:
        module.__doc__ = "The master's own solutions."
        vars(module).update(self._reference())
