"""Lines in notebooks that serve the machine and not the answer: shell commands and Jupyter's magics.

They can have no effect during grading. Each prints one line, and the cell continues.
"""

from __future__ import annotations

import pdb
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from IPython.core import debugger
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import LSString, SList

MAX_SHOWN = 100
"""Characters of a command that are shown."""
INSTALLERS = ("pip", "conda", "mamba", "micromamba", "uv")
OF_JUPYTER = ("autosave", "clear", "cls", "connect_info", "qtconsole", "subshell")
"""Magics that ipykernel adds to IPython."""
NEEDS_A_TERMINAL = ("less", "more", "man", "edit", "ed", "debug", "rehashx")
PRINTS_ITS_ERROR = (
    *("alias", "bookmark", "cd", "dhist", "dirs", "popd", "pushd", "unalias"),
    *("gui", "matplotlib", "pylab", "load_ext", "reload_ext", "unload_ext"),
    *("logstart", "notebook", "save", "store"),
)
"""Magics that no answer depends on. Their errors are printed and not raised."""
SCRIPTS = ("bash", "sh", "script", "system", "sx", "!", "perl", "ruby", "python", "python2", "python3", "pypy", "cmd")
"""Cell magics that would start another program."""
WAITS = "{} waits for a person to type, and nobody is there while grading: delete it"


def not_run(command: str) -> None:
    """Print the line for a command or a magic without effect."""
    first, *more = str(command).strip().splitlines() or [""]
    shown = first if len(first) <= MAX_SHOWN and not more else f"{first[:MAX_SHOWN]} ..."
    print(f"[not run while grading: {shown}]")


class NoPrograms:
    """A mixin for IPython's shell. Its methods print a line instead of starting other programs."""

    def system(self, command: str) -> None:
        not_run(f"!{command}")

    system_raw = system_piped = system

    def getoutput(self, command: str, split: bool = True, depth: int = 0) -> SList | LSString:
        """Return an output without lines, of IPython's type, so that code which reads it goes on."""
        not_run(f"!{command}")
        return SList([]) if split else LSString("")


def forgiving(name: str, run: Callable[[], Any]) -> Any:
    """The result of run(). If the magic `name` is in PRINTS_ITS_ERROR, an error is printed instead of raised."""
    if name not in PRINTS_ITS_ERROR:
        return run()
    try:
        return run()
    except Exception as error:
        print(f"%{name}: {type(error).__name__}: {' '.join(str(error).split())[:MAX_SHOWN]}")
        return None


def without_effect(shell: InteractiveShell) -> None:
    """Replace the magics that need another program, a terminal or a browser."""
    for name in (*INSTALLERS, *OF_JUPYTER, *NEEDS_A_TERMINAL):
        shell.magics_manager.register_function(_line_magic(name), "line", name)
    for name in SCRIPTS:
        shell.magics_manager.register_function(_cell_magic(name), "cell", name)
    shell.db = {}  # IPython would keep bookmarks and folders in a file


def _line_magic(name: str) -> Callable[[str], None]:
    return lambda line: not_run(f"%{name} {line}")


def _cell_magic(name: str) -> Callable[[str, str], None]:
    return lambda line, cell: not_run(f"%%{name} {line}")


def refuse_debuggers() -> None:
    """Let debuggers raise a clear error. They wait for commands, and would fail somewhere in their own code."""

    def refusal(name: str) -> Callable[..., NoReturn]:
        def refuse(*arguments: object, **named: object) -> NoReturn:
            raise StdinNotImplementedError(WAITS.format(name))

        return refuse

    sys.breakpointhook = refusal("breakpoint()")
    pdb.set_trace = debugger.set_trace = refusal("set_trace()")
