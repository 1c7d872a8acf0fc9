"""What the names of downloaded notebooks say."""

from __future__ import annotations

import pytest

from grader.nbgrader_hooks.collect import read_name

NAME = "lab_1"


@pytest.mark.parametrize(
    ("path", "student"),
    [
        ("submissions/lovelaceada_12345_67890_lab_1.ipynb", "lovelaceada_12345"),
        ("lovelaceada_LATE_12345_67890_lab_1.ipynb", "lovelaceada_12345"),
        ("lovelaceada_12345_67890_lab_1-1.ipynb", "lovelaceada_12345"),
        ("lovelaceada_LATE_12345_67890_lab_1-12 (3).ipynb", "lovelaceada_12345"),
        ("lovelaceada_12345_67890_lab_1(2).ipynb", "lovelaceada_12345"),
        ("Ada Lovelace_12345_assignsubmission_file/lab_1.ipynb", "Ada_Lovelace_12345"),
        ("Ada Lovelace_12345_assignsubmission_file/her own/lab_1.ipynb", "Ada_Lovelace_12345"),
        ("Course-lab-99/Ada Lovelace_12345_assignsubmission_file_/lab_1.ipynb", "Ada_Lovelace_12345"),
        ("Ada Lovelace_12345_assignsubmission_file_lab_1.ipynb", "Ada_Lovelace_12345"),
        ("Ада О'Нил-Ли_12345_assignsubmission_file_/deep/er/lab_1.ipynb", "Ада_О'Нил-Ли_12345"),
        ("..Jr. Lee_12345_assignsubmission_file_lab_1.ipynb", "Jr._Lee_12345"),
        ("lovelaceada_12345_67890_lab_1/lab_1.ipynb", "lovelaceada_12345"),
    ],
)
def test_student_and_notebook(path: str, student: str) -> None:
    """Is the notebook's own name found, and the student under a name that a folder can have?"""
    download = read_name(path, NAME)
    assert download is not None
    assert (download.student, download.notebook) == (student, "lab_1.ipynb")


@pytest.mark.parametrize("file", ["other.ipynb", "lab_1-final.ipynb", "lab_12.ipynb", "lab-1.ipynb"])
def test_other_names_are_kept(file: str) -> None:
    """Is a notebook of another name left as it is, so that the grader can name it?"""
    download = read_name(f"lovelaceada_12345_67890_{file}", NAME)
    assert download is not None
    assert download.notebook == file


@pytest.mark.parametrize(
    "path",
    [
        "lab_1.ipynb",
        "Ada Lovelace/lab_1.ipynb",
        "__MACOSX/lovelaceada_12345_67890_lab_1.ipynb",
        "submissions/._lovelaceada_12345_67890_lab_1.ipynb",
        "lovelaceada_12345_67890_lab_1/.ipynb_checkpoints/lab_1.ipynb",
    ],
)
def test_names_that_say_nothing(path: str) -> None:
    """Is a path without a student, or one that some program has left, no submission?"""
    assert read_name(path, NAME) is None


def test_later_one_ranks_higher() -> None:
    """Do resubmissions come before uploads, and uploads before copies?"""
    names = ["1_20_lab_1 (1)", "1_30_lab_1", "1_10_lab_1-1", "1_10_lab_1-10"]
    ranks = [read_name(f"lovelaceada_{name}.ipynb", NAME).rank for name in names]
    assert ranks == sorted(ranks)
