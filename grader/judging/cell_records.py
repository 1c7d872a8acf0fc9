"""What is kept of a student's cell that ran: its outputs, and why it is over."""

from __future__ import annotations

from typing import Any

from grader.judging.diagnosis import explain_end
from grader.results.records import NOTICES, OUTCOME
from grader.sandbox import CellRun, SessionEnded


def without_our_records(output: dict[str, Any]) -> dict[str, Any]:
    """The output of a student's cell, without data of the media types in which we keep ours."""
    ours = {OUTCOME, NOTICES} & output.get("data", {}).keys()
    if not ours:
        return output
    return {**output, "data": {kind: part for kind, part in output["data"].items() if kind not in ours}}


def ended_cell(ended: SessionEnded, seconds: float) -> CellRun:
    """The record of a cell that ended its session: what it had printed, and why it is over."""
    error = {
        "output_type": "error",
        "ename": "CellEnded",
        "evalue": explain_end(ended),
        "traceback": [explain_end(ended)],
    }
    return CellRun([*ended.outputs, error], None, 0, seconds, seconds)
