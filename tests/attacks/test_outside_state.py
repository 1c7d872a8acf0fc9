"""Do the attacks' tests see what changes outside, and nothing that the judge itself does there?"""

from __future__ import annotations

import pytest

from hostile import changes

OURS = "temporary/grader-assignment-abcd1234"


@pytest.mark.parametrize(
    ("before", "after", "seen"),
    [
        ({"canary.txt": "1"}, {"canary.txt": "1"}, []),
        ({"canary.txt": "1"}, {"canary.txt": "2"}, ["canary.txt changed"]),
        ({"canary.txt": "1"}, {}, ["canary.txt removed"]),
        ({}, {"temporary/sandbox-x": ""}, ["temporary/sandbox-x added"]),
        ({OURS: "", f"{OURS}/data.h5": "1"}, {}, []),
        ({}, {OURS: "", f"{OURS}/data.h5": "1"}, []),
        ({OURS: ""}, {OURS: "", f"{OURS}/answers.txt": "1"}, [f"{OURS}/answers.txt added"]),
        ({OURS: "", f"{OURS}/data.h5": "1"}, {OURS: "", f"{OURS}/data.h5": "2"}, [f"{OURS}/data.h5 changed"]),
        ({}, {"grader-assignment-mine": ""}, ["grader-assignment-mine added"]),
    ],
)
def test_changes(before: dict[str, str], after: dict[str, str], seen: list[str]) -> None:
    """Is each path named that came, went or changed, but for whole working folders of the judge?"""
    assert changes(before, after) == seen
