"""Run notebook cells without a server: an IPython shell that gives its outputs to a callable, in nbformat 4 form."""

from __future__ import annotations

import base64
import builtins
import contextlib
import getpass
import io
import json
import sys
import time
from collections.abc import Callable, Collection
from typing import Any, NoReturn

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from traitlets import Type
from traitlets.config import Config

from ..host.replies import is_json
from ..limits import text_size
from .cell_statements import Statements
from .ipython_fast_path import CellCompiler
from .notebook_habits import NoPrograms, forgiving, refuse_debuggers, without_effect

Emit = Callable[[dict[str, Any]], None]
OUTPUT_COST = 64
"""Characters that an output costs in addition to its text. So a million empty outputs are not free."""
MAX_HEARD = 64_000
"""Characters of one call's prints that a test can read."""
FLUSH_AT = 8192
"""Characters after which pending text is sent."""
FLUSH_SECONDS = 0.05
"""Seconds after which pending lines are sent."""


class Outputs:
    """Collects the outputs of a cell: merges texts, counts characters, and cuts at the cell's limit with one note."""

    def __init__(self) -> None:
        self.emit: Emit = lambda output: None
        self.exceeded: Callable[[], object] = lambda: None
        """Called when the session has exceeded its limit. It does not return in a session."""
        self.cell_limit = self.cell_left = sys.maxsize
        self.session_left = sys.maxsize
        self.muted = False
        self.noted = False
        self.stream = ""
        self.pending: list[str] = []
        self.pending_size = 0
        self.flushed_at = 0.0
        self.heard: list[tuple[str, list[str]]] = []
        """Stream and texts of a remote call's prints. The test may ask for them."""
        self.heard_left = 0

    def start(self, muted: bool = False) -> None:
        """Begin a cell, or a remote call. muted: the outputs of a call are counted, but not shown."""
        self.cell_left, self.muted, self.noted = self.cell_limit, muted, False
        self.heard_left = MAX_HEARD

    def take_heard(self) -> list[tuple[str, str]]:
        """Return the stream and text of the prints so far, and forget them."""
        heard, self.heard = self.heard, []
        # One print makes several texts: sent one by one, they would be most values of the answer.
        return [(stream, "".join(texts)) for stream, texts in heard]

    def text(self, stream: str, text: str) -> None:
        """Take a printed text. stream: "stdout" or "stderr"."""
        self._count(len(text))
        if self.muted:
            return self._hear(stream, text)
        if self.noted:
            return
        shown = text if len(text) <= self.cell_left else text[: self.cell_left]
        self.cell_left -= len(shown)
        self._append(stream, shown)
        if len(shown) < len(text):
            self._note()

    def rich(self, output: dict[str, Any]) -> None:
        """Take an output other than printed text. One that exceeds the cell's limit is left out."""
        size = OUTPUT_COST + text_size(output)
        self._count(size)
        if self.muted or self.noted:
            return
        if size > self.cell_left:
            return self._note()
        self.cell_left -= size
        self.flush()  # text printed before comes first
        self.emit(output)

    def flush(self) -> None:
        """Send the pending text."""
        text, self.pending, self.pending_size = "".join(self.pending), [], 0
        self.flushed_at = time.monotonic()
        if text:
            self.emit({"output_type": "stream", "name": self.stream, "text": text})

    def clear(self) -> None:
        """Forget the cell's outputs, for clear_output()."""
        self.pending, self.pending_size = [], 0
        self.emit({"output_type": "clear"})

    def _hear(self, stream: str, text: str) -> None:
        if self.heard_left > 0:
            if not self.heard or self.heard[-1][0] != stream:
                self.heard.append((stream, []))
            self.heard[-1][1].append(text[: self.heard_left])
            self.heard_left -= len(text)

    def _append(self, stream: str, text: str) -> None:
        if stream != self.stream:
            self.flush()
            self.stream = stream
        self.pending.append(text)
        self.pending_size += len(text)
        # Send soon, so that a cell that is killed later keeps its prints. Do not send each line: a message costs more.
        is_time = text.endswith("\n") and time.monotonic() - self.flushed_at > FLUSH_SECONDS
        if self.pending_size > FLUSH_AT or is_time:
            self.flush()

    def _note(self) -> None:
        self.noted = True
        self._append("stdout", f"\n[output beyond {self.cell_limit:,} characters is not shown]\n")
        self.flush()

    def _count(self, size: int) -> None:
        self.session_left -= size
        if self.session_left < 0:
            self.exceeded()


class TextStream(io.TextIOBase):
    """The session's sys.stdout and sys.stderr."""

    def __init__(self, name: str, outputs: Outputs) -> None:
        self.stream_name, self.outputs = name, outputs

    name = property(lambda self: f"<{self.stream_name}>")
    encoding = "utf-8"

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.outputs.text(self.stream_name, text)
        return len(text)

    def flush(self) -> None:
        pass  # Outputs decides: a student's flush per character would cost a message each


class Publisher(DisplayPublisher):
    """Sends the outputs of display()."""

    shell: CellShell

    def publish(self, data: Any, metadata: Any = None, source: Any = None, **others: Any) -> None:
        self.shell.outputs.rich({"output_type": "display_data", "data": _bundle(data), "metadata": metadata or {}})

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.clear()


class ResultHook(DisplayHook):
    """Sends the value of a cell's last line."""

    shell: CellShell

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        output = {"output_type": "execute_result", "execution_count": self.prompt_count}
        self.shell.outputs.rich({**output, "data": _bundle(format_dict), "metadata": md_dict or {}})

    def finish_displayhook(self) -> None:
        self._is_active = False

    def log_output(self, format_dict: Any) -> None:
        pass  # IPython would keep every output alive in its history


def _bundle(data: Any) -> dict[str, Any]:
    """Media type -> data as a notebook keeps it: bytes as base64, JSON under its own types, everything else as text."""
    return {str(kind): _part(str(kind), part) for kind, part in data.items()}


def _part(kind: str, part: Any) -> Any:
    if isinstance(part, bytes):
        return base64.b64encode(part).decode()
    if is_json(kind):
        with contextlib.suppress(TypeError, ValueError):
            json.dumps(part, allow_nan=False)
            return part
    return str(part)


class CellShell(NoPrograms, Statements):
    """IPython with the outputs of a notebook, without a kernel, a history file or a terminal."""

    compiler_class = Type(CellCompiler)
    display_pub_class = Type(Publisher)
    displayhook_class = Type(ResultHook)

    def __init__(self, **settings: Any) -> None:
        self.outputs = Outputs()
        super().__init__(**settings)  # type: ignore[no-untyped-call]

    def enable_gui(self, gui: str | None = None) -> None:
        pass

    def ask_exit(self) -> NoReturn:
        raise SystemExit

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        above = _stack_depth + 3  # the cell's frame, because the line may name its variables
        return forgiving(magic_name, lambda: super(CellShell, self).run_line_magic(magic_name, line, above))

    def _format_exception_for_storage(self, exception: BaseException, *others: Any, **more: Any) -> dict[str, Any]:
        # IPython keeps this for %notebook. The traceback is left out: formatting it takes as long as showing it.
        return {"ename": type(exception).__name__, "evalue": _safe_text(exception), "traceback": []}

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        message = _safe_text(evalue)
        lines = [str(line) for line in stb]
        self.outputs.rich({"output_type": "error", "ename": etype.__name__, "evalue": message, "traceback": lines})

    def run(self, source: str, left_out: Collection[int] = ()) -> tuple[int, BaseException | None]:
        """Run one cell. Returns its execution count and its first exception, or None.

        left_out: the first lines of statements to skip.
        """
        self.outputs.start()
        self.start_statements(left_out)
        result = self.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
        self.outputs.flush()
        return result.execution_count or self.execution_count, result.error_before_exec or result.error_in_exec


def _safe_text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # the student's class may have a faulty __str__
        return "<the exception's message cannot be shown>"


def make_shell(folder: str) -> CellShell:
    """Make the only shell of this process. folder: an empty folder, where IPython looks for its settings."""
    settings = Config()
    settings.HistoryManager.enabled = False  # the history is an SQLite file with a thread, and a fork needs neither
    settings.InteractiveShell.colors = "nocolor"
    settings.InteractiveShell.xmode = "Context"
    shell: CellShell = CellShell.instance(config=settings, ipython_dir=folder)
    shell.user_ns["__name__"] = "__main__"
    sys.stdout, sys.stderr = TextStream("stdout", shell.outputs), TextStream("stderr", shell.outputs)
    without_effect(shell)
    _refuse_input()
    refuse_debuggers()
    return shell


def _refuse_input() -> None:
    def no_input(prompt: object = "", *others: object) -> NoReturn:
        raise StdinNotImplementedError("input() has nobody to ask while grading: assign a value instead")

    builtins.input = no_input
    getpass.getpass = no_input  # type: ignore[assignment]  # it never returns
