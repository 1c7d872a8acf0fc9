"""What a session answers, turned into records that the judge may believe in."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import dataclass
from typing import Any

from ..errors import PROTOCOL_EXIT, RemoteError, SessionEnded, WireError
from ..limits import Limits

OUTPUT_FIELDS: dict[str, dict[str, type]] = {
    "stream": {"name": str, "text": str},
    "display_data": {"data": dict, "metadata": dict},
    "execute_result": {"data": dict, "metadata": dict, "execution_count": int},
    "error": {"ename": str, "evalue": str, "traceback": list},
}
"""what nbformat v4 demands of each kind of output"""
MAX_COUNT = 1 << 31
"""no cell is the next after so many"""
MAX_LINES = 100
"""failed lines of one cell that are told"""


@dataclass(frozen=True)
class CellRun:
    """What one cell did."""

    outputs: list[dict[str, Any]]
    """in nbformat v4 form"""
    error: RemoteError | None
    """the exception that stopped the cell"""
    execution_count: int
    seconds: float
    """wall clock, as the session tells"""
    cpu_seconds: float
    """processor time, as the session tells"""
    failed_lines: tuple[int, ...] = ()
    """first lines of the statements that failed, as the session tells"""
    went_on: bool = False
    """the rest of the cell was run behind the first of them, as the session tells"""


@dataclass(frozen=True)
class Usage:
    """What a finished session used, as the kernel tells."""

    cpu_seconds: float
    memory_bytes: int
    """peak of the resident memory, pages shared with the warm parent included"""


def why_it_ended(report: dict[str, Any], limits: Limits) -> SessionEnded:
    """The reason, as its wait status tells: who ends without our doing was killed by the kernel, crashed, or left."""
    code = os.waitstatus_to_exitcode(report["status"])
    if report["killed"] or code == PROTOCOL_EXIT:
        return SessionEnded("protocol", "the session's process gave up its wire")
    if code >= 0:
        return SessionEnded("exit", f"the process ended itself with exit code {code}")
    name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
    if name in ("SIGKILL", "SIGXCPU") and report["cpu"] > limits.cpu_seconds - 0.5:
        return SessionEnded("cpu", f"more than {limits.cpu_seconds} s of processor time")
    if name == "SIGKILL":
        return SessionEnded("memory", "the kernel killed the process (SIGKILL), most likely for want of memory")
    return SessionEnded("crash", f"the process crashed ({name})")


def is_line(value: Any) -> bool:
    """Can it be the number of a line in a cell?"""
    return type(value) is int and 1 <= value <= MAX_COUNT


def are_failed_lines(value: Any) -> bool:
    """Is it a pair of line numbers and whether the cell went on?"""
    if type(value) is not tuple or len(value) != 2:
        return False
    lines, went_on = value
    return type(lines) is tuple and len(lines) <= MAX_LINES and all(map(is_line, lines)) and type(went_on) is bool


def asks_to_clear(output: Any) -> bool:
    """Is it what stands for clear_output()? Never compares what may be an array."""
    kind = output.get("output_type") if type(output) is dict and len(output) == 1 else None
    return type(kind) is str and kind == "clear"


def checked_output(output: Any) -> dict[str, Any]:
    """An output in nbformat v4 form and nothing beside it. Raises WireError."""
    kind = output.get("output_type") if type(output) is dict else None
    fields = OUTPUT_FIELDS.get(kind) if type(kind) is str else None
    if fields is None or any(type(output.get(name)) is not wanted for name, wanted in fields.items()):
        raise WireError("malformed output")
    kept = {"output_type": kind, **{name: output[name] for name in fields}}
    if not _keys_are_text(kept):
        raise WireError("an output with a key that is not text")
    try:
        json.dumps(kept, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise WireError("an output that is not JSON") from None
    if not all(type(part) is str or is_json(name) for name, part in kept.get("data", {}).items()):
        raise WireError("an output of text that is none")
    if not 0 <= kept.get("execution_count", 0) <= MAX_COUNT:
        raise WireError("malformed execution count")
    if not all(type(line) is str for line in kept.get("traceback", ())):
        raise WireError("malformed traceback")
    return kept


def _keys_are_text(value: Any) -> bool:
    """JSON writes the keys 1 and "1" alike, and None as "null"."""
    if type(value) is dict:
        return all(type(key) is str for key in value) and all(map(_keys_are_text, value.values()))
    return all(map(_keys_are_text, value)) if type(value) in (list, tuple) else True


def is_json(media_type: str) -> bool:
    """Does a notebook keep data of this type as JSON rather than as text?"""
    return media_type == "application/json" or media_type.endswith("+json")


def error_output(error: RemoteError) -> dict[str, Any]:
    """The error as an output of a cell."""
    lines = [*error.traceback_text.splitlines(), error.in_words]
    return {"output_type": "error", "ename": error.type_name, "evalue": error.message, "traceback": lines}
