"""What timestamp.txt says of when a submission was handed in."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from grader.submissions.folder import TIMESTAMP_FILE, SubmissionFolder


def handed_in(folder: Path, content: bytes) -> SubmissionFolder:
    (folder / "chain.ipynb").write_text("{}")
    (folder / TIMESTAMP_FILE).write_bytes(content)
    return SubmissionFolder("ada", folder, folder / "chain.ipynb")


@pytest.mark.parametrize(
    ("content", "hour"),
    [
        (b"2026-11-21 18:00:00", 18),
        (b"2026-11-21 18:00:00 UTC", 18),
        (b"2026-11-21T18:00:00Z", 18),
        (b"2026-11-21 18:00:00 +0100", 17),
        (b"2026-11-21 10:00:00 -08:00", 18),
        (b"2026-11-21 18:00:00 CET", 17),
        (b"\xef\xbb\xbf2026-11-21 18:00:00 UTC\r\n", 18),
    ],
)
def test_time_that_is_known(content: bytes, hour: int, tmp_path: Path) -> None:
    """Is it UTC, and nothing remarked?"""
    submission = handed_in(tmp_path, content)
    assert submission.timestamp() == datetime(2026, 11, 21, hour)
    assert submission.job(1000).remarks == ()


@pytest.mark.parametrize("zone", ["XKT", "QDT"])
def test_zone_that_nobody_knows(zone: str, tmp_path: Path) -> None:
    """Is it said that the time was taken as UTC, and what to write?"""
    submission = handed_in(tmp_path, f"2026-07-21 18:00:00 {zone}".encode())
    assert submission.timestamp() == datetime(2026, 7, 21, 18)
    (remark,) = submission.job(1000).remarks
    assert f"the zone {zone}" in remark and "18:00 was taken as UTC" in remark and "-08:00" in remark


def test_no_time(tmp_path: Path) -> None:
    """Is only that remarked, and no zone of it?"""
    submission = handed_in(tmp_path, b"tomorrow XKT")
    assert submission.timestamp() is None
    (remark,) = submission.job(1000).remarks
    assert "holds no time" in remark
