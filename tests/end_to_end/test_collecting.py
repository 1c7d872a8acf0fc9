"""Archives as Canvas and Moodle make them become submissions, and scores."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from courses import COURSE, run_well
from small_courses import RIGHT, chain, hand_in

COLLECTOR = "\n".join(
    line for line in (COURSE / "nbgrader_config.py").read_text().splitlines() if "Collect" in line and line[:2] == "c."
)


def archive(path: Path, content: Mapping[str, bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as file:
        for name, data in content.items():
            file.writestr(name, data)


def collect(course: Path) -> str:
    return run_well(course, "nbgrader", "zip_collect", "chain", "--log-level=WARN")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small course, released, with the real one's settings for collecting."""
    course = chain(tmp_path_factory.mktemp("released") / "course").folder
    with open(course / "nbgrader_config.py", "a") as config:
        config.write(f"{COLLECTOR}\n")
    run_well(course, "nbgrader", "generate_assignment", "chain", "--force")
    return course


@pytest.fixture
def course(released: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(released, tmp_path / "course")


@pytest.fixture
def right(course: Path) -> bytes:
    return hand_in(course / "release" / "chain" / "chain.ipynb", RIGHT)


@pytest.fixture
def half(course: Path) -> bytes:
    """2 of 11 points."""
    return hand_in(course / "release" / "chain" / "chain.ipynb", {"double": RIGHT["double"]})


def students(course: Path) -> set[str]:
    return {path.name for path in (course / "submitted").iterdir()}


def test_canvas(course: Path, right: bytes, half: bytes) -> None:
    """Is everyone of a Canvas download graded: in time, late, with a resubmission, and with two files?"""
    content = {
        "lovelaceada_101_9001_chain.ipynb": right,
        "hoppergrace_LATE_102_9002_chain.ipynb": half,
        "turingalan_103_9003_chain-1.ipynb": right,
        "knuthdon_104_9004_chain.ipynb": half,
        "knuthdon_104_9005_chain-1.ipynb": right,
        "knuthdon_104_9006_notes.pdf": b"not a notebook",
        "__MACOSX/._lovelaceada_101_9001_chain.ipynb": b"left by a Mac",
        "nobody.ipynb": right,
    }
    archive(course / "downloaded" / "chain" / "archive" / "submissions.zip", content)
    said = collect(course)
    assert "knuthdon_104_9004_chain.ipynb: knuthdon_104_9005_chain-1.ipynb was handed in later and counts" in said
    assert "nobody.ipynb: neither Canvas nor Moodle names files so" in said
    assert students(course) == {"lovelaceada_101", "hoppergrace_102", "turingalan_103", "knuthdon_104"}
    report = json.loads(run_well(course, "grader", "autograde", "chain", "--json", "--jobs", "1"))
    assert report["scores"] == {"lovelaceada_101": 11, "hoppergrace_102": 2, "turingalan_103": 11, "knuthdon_104": 11}


def test_moodle(course: Path, right: bytes, half: bytes) -> None:
    """Does a Moodle download become submissions, with a folder per student and without?"""
    content = {
        "Ada Lovelace_201_assignsubmission_file_/chain.ipynb": right,
        "Grace Brewster Hopper_202_assignsubmission_file_chain.ipynb": half,
        "Ждан Ли_203_assignsubmission_file/chain (1).ipynb": right,
    }
    archive(course / "downloaded" / "chain" / "archive" / "Course-chain-77.zip", content)
    collect(course)
    submitted = course / "submitted"
    assert students(course) == {"Ada_Lovelace_201", "Grace_Brewster_Hopper_202", "Ждан_Ли_203"}
    assert (submitted / "Grace_Brewster_Hopper_202" / "chain" / "chain.ipynb").read_bytes() == half
    assert (submitted / "Ждан_Ли_203" / "chain" / "chain.ipynb").read_bytes() == right


def test_folder_instead_of_an_archive(course: Path, right: bytes) -> None:
    """May the archive be unpacked already, and a student's own archive lie in it?"""
    folder = course / "downloaded" / "chain" / "archive"
    archive(folder / "lovelaceada_101_9001_chain.zip", {"homework/chain.ipynb": right})
    (folder / "hoppergrace_102_9002_chain.ipynb").write_bytes(right)
    collect(course)
    assert students(course) == {"lovelaceada_101", "hoppergrace_102"}


@pytest.mark.parametrize("name", ["CS_101_2026_submissions", "ML_2026_02_A-Lab 1-4711"])
def test_class_archive_with_numbers_in_its_name(course: Path, right: bytes, half: bytes, name: str) -> None:
    """Is a class's archive that is called like an upload to Canvas taken apart, whichever system made it?"""
    files = {
        "CS_101_2026_submissions": ("lovelaceada_101_9001_chain.ipynb", "hoppergrace_102_9002_chain.zip"),
        "ML_2026_02_A-Lab 1-4711": (
            "Lovelaceada_101_assignsubmission_file/chain.ipynb",
            "Hoppergrace_102_assignsubmission_file_chain.zip",
        ),
    }
    ada, grace = files[name]
    inner = course / "inner.zip"
    archive(inner, {"homework/chain.ipynb": half})
    archive(course / "downloaded" / "chain" / "archive" / f"{name}.zip", {ada: right, grace: inner.read_bytes()})
    collect(course)
    assert {student.lower() for student in students(course)} == {"lovelaceada_101", "hoppergrace_102"}


def test_nobody_hands_in_for_another(course: Path, right: bytes, half: bytes) -> None:
    """Does a file that is called like another student's upload stay with the one who handed it in?"""
    content = {
        "Ada Lovelace_12345_assignsubmission_file/chain.ipynb": right,
        "Mallory_66_assignsubmission_file/Ada_Lovelace_12345_99_chain.ipynb": half,
        "Mallory_66_assignsubmission_onlinetext/lovelaceada_12345_99_chain.ipynb": half,
    }
    archive(course / "downloaded" / "chain" / "archive" / "Course-chain-77.zip", content)
    collect(course)
    assert students(course) == {"Ada_Lovelace_12345", "Mallory_66"}
    assert (course / "submitted" / "Ada_Lovelace_12345" / "chain" / "chain.ipynb").read_bytes() == right


def test_archive_of_a_student_or_a_class(course: Path, right: bytes, half: bytes) -> None:
    """Is an archive that may be one student's or a class's left out with the remedy, and all else collected?"""
    folder = course / "downloaded" / "chain" / "archive"
    archive(folder / "mallory_66_9001_chain.zip", {"hoppergrace_102_9002_chain.ipynb": half, "chain.ipynb": half})
    (folder / "hoppergrace_102_9002_chain.ipynb").write_bytes(right)
    said = collect(course)
    assert "is mallory_66_9001_chain one student's, or a whole class's? Call a class's archive submissions.zip" in said
    assert students(course) == {"hoppergrace_102"}
    assert (course / "submitted" / "hoppergrace_102" / "chain" / "chain.ipynb").read_bytes() == right


def test_archive_named_like_a_notebook(course: Path, right: bytes) -> None:
    """Is the folder of an archive `chain.ipynb.zip` not taken for a later notebook?"""
    folder = course / "downloaded" / "chain" / "archive"
    archive(folder / "lovelaceada_101_9002_chain.ipynb.zip", {"notes.txt": b"no notebook"})
    (folder / "lovelaceada_101_9001_chain.ipynb").write_bytes(right)
    collect(course)
    assert students(course) == {"lovelaceada_101"}
