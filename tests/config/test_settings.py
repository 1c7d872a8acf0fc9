"""The limits: one set of defaults, and every one of them named in the course's configuration."""

from __future__ import annotations

from dataclasses import fields

import pytest
from courses import COURSE

from grader.config.policy import GradingPolicy
from grader.config.traits import Judge
from grader.sandbox import Limits

INSIDE = {"message_bytes", "message_items"}
"""of the wire, not for a course to set"""
OPTIONS = [name for name in Judge.class_own_traits(config=True) if name.endswith(("_seconds", "_bytes", "_count"))]


def test_defaults_stand_in_one_place() -> None:
    """Does a course that sets nothing get the defaults of Limits and GradingPolicy?"""
    assert Judge().policy({}) == GradingPolicy()


@pytest.mark.parametrize("limit", [field.name for field in fields(Limits) if field.name not in INSIDE])
def test_every_limit_can_be_set(limit: str) -> None:
    """Does the option that bears the limit's name reach the sandbox?"""
    option = limit.replace("session_output", "submission_output").replace("session_", "submission_")
    assert getattr(Judge(**{option: 77}).policy({}).limits, limit) == 77


@pytest.mark.parametrize("option", [*OPTIONS, "open_files", "processes"])
def test_configuration_names_every_limit_with_its_reason(option: str) -> None:
    """Does an instructor find every limit in nbgrader_config.py, with a comment?"""
    lines = (COURSE / "nbgrader_config.py").read_text().splitlines()
    (line,) = [line for line in lines if line.startswith(f"c.Judge.{option} = ")]
    assert "  # " in line
