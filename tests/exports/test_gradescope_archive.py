"""The archive that makes an assignment a Gradescope autograder."""

from __future__ import annotations

import io
import zipfile
from importlib.metadata import requires

import pytest
from courses import NAME
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from grader.assignments.bundle import Bundle
from grader.cli.grade import bundle_of
from grader.course import Course
from grader.exports.gradescope_archive import archive, pinned

SECRET = bytes(range(32))


@pytest.fixture(scope="module")
def bundle(real_course: Course) -> Bundle:
    return bundle_of(real_course, NAME)


@pytest.fixture(scope="module")
def zipped(bundle: Bundle) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(archive(bundle, b"# settings\n", SECRET)))


def test_scripts_lie_on_top_and_may_be_run(zipped: zipfile.ZipFile) -> None:
    """Are the two scripts where Gradescope looks for them, with the mode that lets it start them?"""
    for name in ("setup.sh", "run_autograder"):
        assert zipped.getinfo(name).external_attr >> 16 & 0o777 == 0o755
        text = zipped.read(name).decode()
        assert text.startswith("#!/usr/bin/env bash\n") and NAME in text and "@" not in text.replace('"$@"', "")


def test_only_its_owner_reads_the_secret(zipped: zipfile.ZipFile) -> None:
    """Does the course's secret come along, so that seeds are the same there, and closed to others?"""
    info = zipped.getinfo("course/.grader/secret")
    assert bytes.fromhex(zipped.read(info).decode()) == SECRET
    assert info.external_attr >> 16 & 0o777 == 0o600


def test_what_grading_needs_and_no_more(zipped: zipfile.ZipFile, real_course: Course) -> None:
    """Is everything there that a judgement reads, and nothing of other assignments or of the sample class?"""
    names = set(zipped.namelist())
    assert zipped.read("course/nbgrader_config.py") == b"# settings\n"
    notebooks = {f"course/{kind}/{NAME}/{NAME}.ipynb" for kind in ("source", "release")}
    assert notebooks | {"course/public_tests.h5"} <= names
    assert {"engine/grader/__main__.py", "engine/checks/__init__.py", "engine/grader/pages/style.css"} <= names
    others = {one.name for one in real_course.assignments()} - {NAME}
    assert others and not any(other in name for other in others for name in names)
    assert not any("sample_answers" in name or "__pycache__" in name for name in names)


def test_same_course_same_bytes(bundle: Bundle) -> None:
    """Can an instructor see by comparing whether the uploaded archive is the present one?"""
    assert archive(bundle, b"", SECRET) == archive(bundle, b"", SECRET)


def test_own_requirements_are_pinned_and_theirs_bounded() -> None:
    """Has each requirement of the grader's the release that is installed here, and the rest no newer one?"""
    lines = {canonicalize_name(Requirement(line).name): Requirement(line) for line in pinned()}
    for text in requires("grader") or ():
        requirement = Requirement(text)
        if requirement.marker is None:
            assert lines[canonicalize_name(requirement.name)].specifier == requirement.specifier
    assert str(lines["six"].specifier).startswith("<=")  # of python-dateutil
    assert "pytest" not in lines and "distributed" not in lines


def test_requirements_of_the_assignment(capsys: pytest.CaptureFixture[str]) -> None:
    """Does an assignment's requirements file count too, also for what is not installed here, with bad lines named?"""
    lines = pinned(["# tools", "--no-index", "hypothesis  # laws", "Not_There>=2", "./folder"])
    assert any(line.startswith("hypothesis==") for line in lines) and "Not_There>=2" in lines
    assert "'./folder'" in capsys.readouterr().err
