"""Compile cells as IPython does, without a search through all modules for each frame of a traceback."""

from __future__ import annotations

import contextlib
import inspect
import os
from typing import Any

from IPython.core.compilerop import CachingCompiler

NO_MODULE = ""


class CellCompiler(CachingCompiler):
    """A compiler that tells `inspect` that a cell belongs to no module.

    `inspect` would otherwise search all modules for the cell's file, many times per traceback.
    """

    def cache(self, *code: Any, **others: Any) -> str:
        name = super().cache(*code, **others)
        inspect.modulesbyfile[name] = NO_MODULE
        with contextlib.suppress(OSError):  # the working folder may be gone
            inspect.modulesbyfile[os.path.abspath(name)] = NO_MODULE
        return name
