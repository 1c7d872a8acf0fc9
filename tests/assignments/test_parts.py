"""The setting that says which parts of an assignment count."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from courses import ANSWERS, COURSE, NAME, copy_course, exported_grades, run_well
from notebooks import cell_of, read

from grader.assignments.parts import counts, part_of
from grader.results.store import ResultStore
from public_tests import CASES

PARTS = {"forward": True, "backward": False}
FORWARD = ("zero_pad", "conv_single_step", "conv_forward", "pool_forward")


@pytest.mark.parametrize(
    ("tags", "part", "does_count"),
    [
        (["forward"], "forward", True),
        (["raises-exception", "backward"], "backward", False),
        ([], "", True),
        (["raises-exception"], "", True),
    ],
)
def test_tag_names_the_part(tags: list[str], part: str, does_count: bool) -> None:
    """Is the part taken from the tags, and does a cell without one count?"""
    assert part_of(tags, PARTS) == part
    assert counts(tags, PARTS) is does_count


@pytest.fixture(scope="module")
def uncounted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in which backward does not count, with one perfect submission, autograded and exported."""
    course = copy_course(COURSE, tmp_path_factory.mktemp("uncounted") / "course")
    config = course / "nbgrader_config.py"
    assert '"backward": True' in config.read_text()
    config.write_text(config.read_text().replace('"backward": True', '"backward": False'))
    for path in (course / ANSWERS.relative_to(COURSE)).glob("*.py"):
        if path.stem != "amara_k":
            path.unlink()
    shutil.rmtree(course / "release")
    run_well(course, "nbgrader", "generate_assignment", NAME)
    run_well(course, "grader", "sample-class", NAME)
    run_well(course, "nbgrader", "autograde", NAME)
    run_well(course, "nbgrader", "export")
    return course


def test_release_gives_no_points_for_backward(uncounted: Path) -> None:
    """Has a backward test 0 points in the release, and a forward one its own?"""
    released = read(uncounted / "release" / NAME / f"{NAME}.ipynb")
    points = {exercise: cell_of(released, exercise)["metadata"]["nbgrader"]["points"] for exercise in CASES}
    assert [exercise for exercise in CASES if points[exercise] > 0] == list(FORWARD)


def test_gradebook_counts_forward_alone(uncounted: Path) -> None:
    """Is the best score in the gradebook that of the forward part?"""
    (row,) = exported_grades(uncounted)
    assert (float(row["score"]), float(row["max_score"])) == (60, 60)


def test_backward_is_still_tested_and_shown(uncounted: Path) -> None:
    """Has the backward part a subtotal, with no share of the total?"""
    (amara,) = ResultStore(uncounted, NAME).records()
    assert amara.result.parts() == {"forward": (60, 60), "backward": (40, 40)}
    assert amara.result.score == 60
    table = run_well(uncounted, "grader", "scores", NAME)
    row = next(line for line in table.splitlines() if "amara_k" in line)
    assert [cell.strip() for cell in row.split("│")[-4:-1]] == ["60", "40", "60"]
