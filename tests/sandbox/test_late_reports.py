"""The warm parent's report on a session that is no longer waited for."""

from __future__ import annotations

import json

from grader.sandbox import Sandbox


def test_late_report_is_not_taken_for_another_sessions() -> None:
    """Is a report that comes too late left aside, so that the next session gets its own?"""
    with Sandbox(preload=(), spare=False) as sandbox:
        first, second = sandbox.open(), sandbox.open()
        sandbox._control.send(json.dumps({"end": 1, "patience": 0.0}).encode())  # its answer is not fetched
        second.close()
        assert second.usage.memory_bytes > 0
        first.close()
        assert (first.usage.cpu_seconds, first.usage.memory_bytes) == (0.0, 0), "it was reported on before"
        with sandbox.open() as third:
            assert third.run_cell("1 + 1").error is None
