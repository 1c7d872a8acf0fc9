"""Modules from source text: trusted code that every session finds imported without access to its files."""

from __future__ import annotations

import contextlib
import importlib
import importlib.abc
import importlib.util
import io
import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType


class SourceModules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds and runs the modules of `files`, path -> source. Their `__file__` is relative to the working folder."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = {module_name(path): (path, source) for path, source in files.items()}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self.files:
            return None
        file, _ = self.files[fullname]
        return importlib.util.spec_from_loader(fullname, self, origin=file, is_package=file.endswith("__init__.py"))

    def exec_module(self, module: ModuleType) -> None:
        module.__file__, source = self.files[module.__name__]
        exec(compile(source, module.__file__, "exec"), module.__dict__)


def module_name(path: str) -> str:
    """The name of a module: "checks/cases.py" -> "checks.cases", "checks/__init__.py" -> "checks"."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def import_from_source(files: Mapping[str, str]) -> None:
    """Import all modules of `files`, path -> source. They may import each other.

    A module that fails now, such as a helper that reads a data file, is left to the sessions. There it lies in the
    working folder next to its data.
    """
    finder = SourceModules(files)
    sys.meta_path.insert(0, finder)
    try:
        for name in finder.files:
            try:
                with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                    importlib.import_module(name)
            except (Exception, SystemExit):
                # a half-imported module would keep the session from importing the file itself
                sys.modules.pop(name, None)
    finally:
        sys.meta_path.remove(finder)
