"""Lines that people write into notebooks for the machine, not for the answer: shell commands, magics of Jupyter's.

While grading they can have no effect. They print one line, and the cell goes on.
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
"""characters of a command in its line"""
INSTALLERS = ("pip", "conda", "mamba", "micromamba", "uv")
OF_JUPYTER = ("autosave", "clear", "cls", "connect_info", "qtconsole", "subshell")
"""what ipykernel adds to IPython"""
NEEDS_A_TERMINAL = ("less", "more", "man", "edit", "ed", "debug", "rehashx")
PRINTS_ITS_ERROR = (
    *("alias", "bookmark", "cd", "dhist", "dirs", "popd", "pushd", "unalias"),
    *("gui", "matplotlib", "pylab", "load_ext", "reload_ext", "unload_ext"),
    *("logstart", "notebook", "save", "store"),
)
"""magics that no answer depends on: an error of theirs is printed, and is not raised"""
SCRIPTS = ("bash", "sh", "script", "system", "sx", "!", "perl", "ruby", "python", "python2", "python3", "pypy", "cmd")
"""cell magics that would start another program"""
WAITS = "{} waits for a person to type, and nobody is there while grading: delete it"


def not_run(command: str) -> None:
    """Print the line that stands for a command or a magic that has no effect."""
    first, *more = str(command).strip().splitlines() or [""]
    shown = first if len(first) <= MAX_SHOWN and not more else f"{first[:MAX_SHOWN]} ..."
    print(f"[not run while grading: {shown}]")


class NoPrograms:
    """What IPython's shell offers to start other programs with. A mixin: they print a line, and return nothing."""

    def system(self, command: str) -> None:
        not_run(f"!{command}")

    system_raw = system_piped = system

    def getoutput(self, command: str, split: bool = True, depth: int = 0) -> SList | LSString:
        """The output of no lines, of the type that IPython gives it."""
        not_run(f"!{command}")
        return SList([]) if split else LSString("")


def forgiving(name: str, run: Callable[[], Any]) -> Any:
    """What run() returns; of a magic in PRINTS_ITS_ERROR an error is printed instead of raised."""
    if name not in PRINTS_ITS_ERROR:
        return run()
    try:
        return run()
    except Exception as error:
        print(f"%{name}: {type(error).__name__}: {' '.join(str(error).split())[:MAX_SHOWN]}")
        return None


def without_effect(shell: InteractiveShell) -> None:
    """Replace the magics that would need another program, a terminal or a page in a browser."""
    for name in (*INSTALLERS, *OF_JUPYTER, *NEEDS_A_TERMINAL):
        shell.magics_manager.register_function(_line_magic(name), "line", name)
    for name in SCRIPTS:
        shell.magics_manager.register_function(_cell_magic(name), "cell", name)
    shell.db = {}  # bookmarks, the list of folders: for this session alone, as nothing can be kept


def _line_magic(name: str) -> Callable[[str], None]:
    return lambda line: not_run(f"%{name} {line}")


def _cell_magic(name: str) -> Callable[[str, str], None]:
    return lambda line, cell: not_run(f"%%{name} {line}")


def refuse_debuggers() -> None:
    """A debugger waits for commands: say so in place of an error from its middle."""

    def refusal(name: str) -> Callable[..., NoReturn]:
        def refuse(*arguments: object, **named: object) -> NoReturn:
            raise StdinNotImplementedError(WAITS.format(name))

        return refuse

    sys.breakpointhook = refusal("breakpoint()")
    pdb.set_trace = debugger.set_trace = refusal("set_trace()")
