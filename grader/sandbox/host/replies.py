"""A session's answers, checked and turned into records that the judge can trust."""

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
"""Kind of output -> the fields that nbformat 4 demands, with their types."""
MAX_COUNT = 1 << 31
"""The largest execution count or line number that is believed."""
MAX_LINES = 100
"""Failed lines of one cell that a session may report."""


@dataclass(frozen=True)
class CellRun:
    """The run of one cell. The session reports all of it, so nothing here decides about points."""

    outputs: list[dict[str, Any]]
    """The outputs, in the form of nbformat 4."""
    error: RemoteError | None
    """The exception that stopped the cell."""
    execution_count: int
    seconds: float
    """Wall clock in seconds."""
    cpu_seconds: float
    """Processor time in seconds."""
    failed_lines: tuple[int, ...] = ()
    """The first lines of the statements that failed."""
    went_on: bool = False
    """The rest of the cell was run after the first failed statement."""


@dataclass(frozen=True)
class Usage:
    """A finished session's use of the machine, measured by the kernel."""

    cpu_seconds: float
    memory_bytes: int
    """Peak of the resident memory in bytes, including pages shared with the warm parent."""


def why_it_ended(report: dict[str, Any], limits: Limits) -> SessionEnded:
    """The reason for a session's end, from its wait status: killed by the kernel, crashed, or ended by itself."""
    code = os.waitstatus_to_exitcode(report["status"])
    # a session that was killed here, or gave up, has broken the protocol: limits are reported before this
    if report["killed"] or code == PROTOCOL_EXIT:
        return SessionEnded("protocol", "the session's process gave up its wire")
    if code >= 0:
        return SessionEnded("exit", f"the process ended itself with exit code {code}")
    name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
    # the kernel sends no reason with the signal; half a second is the coarseness of its limit
    if name in ("SIGKILL", "SIGXCPU") and report["cpu"] > limits.cpu_seconds - 0.5:
        return SessionEnded("cpu", f"more than {limits.cpu_seconds} s of processor time")
    if name == "SIGKILL":
        return SessionEnded(
            "memory", "the kernel killed the process (SIGKILL), most likely because it ran out of memory"
        )
    return SessionEnded("crash", f"the process crashed ({name})")


def is_line(value: Any) -> bool:
    """Whether the value can be the number of a line in a cell."""
    # `type(...) is`, here and below: an instance of bool would pass isinstance
    return type(value) is int and 1 <= value <= MAX_COUNT


def are_failed_lines(value: Any) -> bool:
    """Whether the value is a pair of line numbers and a bool, as a cell's answer has it."""
    if type(value) is not tuple or len(value) != 2:
        return False
    lines, went_on = value
    return type(lines) is tuple and len(lines) <= MAX_LINES and all(map(is_line, lines)) and type(went_on) is bool


def asks_to_clear(output: Any) -> bool:
    """Whether the output stands for clear_output()."""
    # the type first: a comparison with an array gives an array, which has no truth value
    kind = output.get("output_type") if type(output) is dict and len(output) == 1 else None
    return type(kind) is str and kind == "clear"


def checked_output(output: Any) -> dict[str, Any]:
    """The output in the form of nbformat 4, without further fields. Raises WireError if it is malformed."""
    kind = output.get("output_type") if type(output) is dict else None
    fields = OUTPUT_FIELDS.get(kind) if type(kind) is str else None
    if fields is None or any(type(output.get(name)) is not wanted for name, wanted in fields.items()):
        raise WireError("malformed output")
    kept = {"output_type": kind, **{name: output[name] for name in fields}}
    if not _keys_are_text(kept):
        raise WireError("an output with a key that is not text")
    try:
        json.dumps(_not_text(kept), allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise WireError("an output that is not JSON") from None
    if not all(type(part) is str or is_json(name) for name, part in kept.get("data", {}).items()):
        raise WireError("an output with data that is neither text nor JSON")
    if not 0 <= kept.get("execution_count", 0) <= MAX_COUNT:
        raise WireError("malformed execution count")
    if not all(type(line) is str for line in kept.get("traceback", ())):
        raise WireError("malformed traceback")
    return kept


def _not_text(output: dict[str, Any]) -> list[Any]:
    """The parts of an output that may not be JSON. Text always is, and a picture has a hundred thousand characters."""
    fields = {name: part for name, part in output.items() if name != "data"}
    parts = [*fields.values(), *output.get("data", {}).values()]
    return [part for part in parts if type(part) is not str]


def _keys_are_text(value: Any) -> bool:
    """Whether all keys in a tree of plain values are text."""
    # JSON writes the keys 1 and "1" alike, and None as "null": the reader would get one of two entries
    if type(value) is dict:
        return all(type(key) is str for key in value) and all(map(_keys_are_text, value.values()))
    return all(map(_keys_are_text, value)) if type(value) in (list, tuple) else True


def is_json(media_type: str) -> bool:
    """Whether a notebook keeps data of this media type as JSON and not as text."""
    return media_type == "application/json" or media_type.endswith("+json")


def error_output(error: RemoteError) -> dict[str, Any]:
    """The error as an output of a cell."""
    lines = [*error.traceback_text.splitlines(), error.in_words]
    return {"output_type": "error", "ename": error.type_name, "evalue": error.message, "traceback": lines}
