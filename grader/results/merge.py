"""Merge records: the reports of a grade cell's tests, and the results of an assignment's notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from checks.messages import say
from grader.results.records import CellOutcome, CheckOutcome, Difference, Misconception, Result, shortened


def merge_reports(reports: Iterable[Mapping[str, Any]], error: str = "") -> CellOutcome:
    """Merge the reports of one grade cell's tests. reports: values of `Report.as_json()`. error: see CellOutcome.

    Raises msgspec.ValidationError if the difference in a report has another form.
    """
    reports = list(reports)
    checks = tuple(_check(check) for report in reports for check in report["checks"])
    # a cell may call several tests; the first one that names something names what the student meets first
    mistake = next((report["mistake"] for report in reports if report.get("mistake")), None)
    alike = next((report["alike"] for report in reports if report.get("alike")), ())
    return CellOutcome(
        checks=checks,
        error=shortened(error),
        seed=next((report["seed"] for report in reports if report.get("seed") is not None), None),
        not_done=next((report["not_done"] for report in reports if report.get("not_done")), ""),
        mistakes=(Misconception(**mistake),) if mistake else (),
        alike=tuple(alike),
    )


def _check(reported: Mapping[str, Any]) -> CheckOutcome:
    """The record of a reported check. Unknown fields are left out: the `checks` may be newer than the grader."""
    known = {key: shortened(value) for key, value in reported.items() if key in CheckOutcome.__dataclass_fields__}
    if known.get("difference") is not None:
        known["difference"] = msgspec.convert(known["difference"], Difference)
    return CheckOutcome(**known)


def merge_notebooks(results: Mapping[str, Result]) -> Result:
    """Merge the results of an assignment's notebooks to the submission's. Each remark begins with its file's name.

    results: name of each notebook -> its result, at least one.
    """
    every = list(results.values())
    return Result(
        assignment=every[0].assignment,
        seed=next((one.seed for one in every if one.readable), every[0].seed),
        exercises=tuple(exercise for one in every for exercise in one.exercises),
        tampering=_told({name: one.tampering for name, one in results.items()}),
        problems=_told({name: one.problems for name, one in results.items()}),
        notices=_told({name: one.notices for name, one in results.items()}),
        seconds=round(sum(one.seconds for one in every), 3),
        own_seconds=sum(one.own_seconds for one in every),
        exercise_seconds={name: seconds for one in every for name, seconds in one.exercise_seconds.items()},
        sandbox_failed=any(one.sandbox_failed for one in every),
        starved=any(one.starved for one in every),
        cut_short=any(one.cut_short for one in every),
        readable=any(one.readable for one in every),
    )


def _told(remarks: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    return tuple(
        line if line.startswith(f"{name}.ipynb: ") else say("{file}: {problem}", file=f"{name}.ipynb", problem=line)
        for name, lines in remarks.items()
        for line in lines
    )
