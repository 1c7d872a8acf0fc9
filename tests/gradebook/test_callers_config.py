"""The configuration of whoever asks for the gradebook stays as it was."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

from small_classes import NAME
from traitlets.config import Config

from grader.course import Course
from grader.gradebook.read import read_class_grades
from grader.gradebook.write import open_gradebook


def test_config_is_not_changed(small_graded_class: Path) -> None:
    """Are sections of the caller's configuration never written to? Config.copy shares them."""
    config: Config = Course(small_graded_class).config
    before = deepcopy(config)
    read_class_grades(config, small_graded_class, NAME)
    with open_gradebook(config, small_graded_class, NAME):
        pass
    assert config == before
    assert "root" not in config.CourseDirectory
