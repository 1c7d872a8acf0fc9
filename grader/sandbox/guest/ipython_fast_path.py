"""From a cell's text to its code as IPython does it, without looking for what is not there.

A class hands in thousands of cells of plain Python, and most of them are short: to look for magics token by token, for
an `await` by compiling twice, and for a module that the cell may be part of, costs more than to run them.
"""

from __future__ import annotations

import contextlib
import inspect
import os
import re
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.inputtransformer2 import TransformerManager

MAY_BE_MAGIC = re.compile(r"\?|^\s*[!%,;/]|=\s*[!%]", re.MULTILINE)
"""help?, an escaped line such as %magic, !command and /call, and assignments from magics and commands"""
NO_MODULE = ""
PLAIN_TRANSFORMERS = TransformerManager().token_transformers  # type: ignore[no-untyped-call]


class CellTransformer(TransformerManager):
    """Leaves cells without IPython's syntax as they are, which is what all of its own transformers would do.

    Indentation that does not match is then left for the compiler to find, which says where in the cell it is.
    """

    def do_token_transforms(self, lines: list[str]) -> list[str]:
        text = "".join(lines)
        is_plain = text.count("\n") == len(lines) and not MAY_BE_MAGIC.search(text)  # else there are other line ends
        if is_plain and self.token_transformers == PLAIN_TRANSFORMERS:
            return lines
        transformed: list[str] = super().do_token_transforms(lines)  # type: ignore[no-untyped-call]
        return transformed


def may_await(source: str) -> bool:
    """False where a cell cannot be a coroutine. IPython compiles it to see, so the compiler's warnings come twice."""
    return "await" in source or "async" in source


class CellCompiler(CachingCompiler):
    """Tells `inspect` that a cell belongs to no module: for a traceback it would look for one among all, many times."""

    def cache(self, *code: Any, **others: Any) -> str:
        name = super().cache(*code, **others)
        inspect.modulesbyfile[name] = NO_MODULE
        with contextlib.suppress(OSError):  # the working folder may be gone
            inspect.modulesbyfile[os.path.abspath(name)] = NO_MODULE
        return name
