"""What the names of downloaded notebooks say."""

from __future__ import annotations

import pytest

from grader.nbgrader_hooks.collect import read_name, unclear_folders

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
        ("submissions/LATE_anon_aB3xY_67890_lab_1.ipynb", "anon_aB3xY"),
    ],
)
def test_student_and_notebook(path: str, student: str) -> None:
    """Is the notebook's own name found, and the student under a name that a folder can have?"""
    download = read_name(path, [NAME])
    assert download is not None
    assert (download.student, download.notebook) == (student, "lab_1.ipynb")


@pytest.mark.parametrize(
    "path",
    [
        "ML_2026_02_A-Lab 1-4711/Ada Lovelace_12345_assignsubmission_file/lab_1.ipynb",
        "ML_2026_02_A-Lab 1-4711/Ada Lovelace_12345_assignsubmission_file_lab_1.ipynb",
        "CS_101_2026_submissions/ada_lovelace_12345_67890_lab_1.ipynb",
        "CS_101_2026_submissions/CS_101_2026_submissions/ada_lovelace_12345_67890_lab_1/lab_1.ipynb",
    ],
)
def test_archive_of_a_class(path: str) -> None:
    """Does a class's archive with numbers in its name stay out of it?"""
    assert read_name(path, [NAME]).student.casefold() == "ada_lovelace_12345"
    assert unclear_folders([path]) == set()


@pytest.mark.parametrize(
    "own",
    [
        "Mallory Y_66_assignsubmission_file/{}.ipynb",
        "Mallory Y_66_assignsubmission_file_/{}/lab_1.ipynb",
        "Mallory Y_66_assignsubmission_file_{}.ipynb",
        "Mallory Y_66_assignsubmission_onlinetext/{}.ipynb",
        "mallory_y_66_7_lab_1/{}.ipynb",
        "mallory_y_66_7_lab_1/deep/{}/lab_1.ipynb",
        "mallory_y_LATE_66_7_{}.ipynb",
        "anon_y_66_{}.ipynb",
        "LATE_anon_y_66_homework/{}.ipynb",
    ],
)
@pytest.mark.parametrize(
    "chosen",
    [
        "lovelaceada_12345_67890_lab_1",
        "Ada_Lovelace_12345_99_chain",
        "Ada Lovelace_12345_assignsubmission_file",
        "Ada Lovelace_12345_assignsubmission_file_lab_1",
        "anon_aB3xY_67890_lab_1",
    ],
)
def test_what_a_student_chose(own: str, chosen: str) -> None:
    """Does no name within a student's own upload say whose it is?"""
    path = f"submissions/{own.format(chosen)}"
    assert read_name(path, [NAME]).student in {"Mallory_Y_66", "mallory_y_66", "anon_y"}


def test_unclear_folders() -> None:
    """Is a folder named where it may be one student's as well as a whole class's, and no other?"""
    paths = [
        "cs_101_2026_submissions/lovelaceada_12345_67890_lab_1.ipynb",
        "cs_101_2026_submissions/lab_1.ipynb",
        "ml_2026_02_a-lab/Ada Lovelace_12345_assignsubmission_file/lab_1.ipynb",
        "lovelaceada_12345_67890_lab_1/homework/lab_1.ipynb",
        "hoppergrace_12346_67891_lab_1/hoppergrace_12346_67891_lab_1/lab_1.ipynb",
        "Mallory Y_66_assignsubmission_file/lovelaceada_12345_67890_lab_1.ipynb",
        "submissions/turingalan_12347_67892_lab_1/lovelaceada_12345_67890_lab_1.ipynb",
        "knuthdon_12348_67893_lab_1.ipynb",
    ]
    assert unclear_folders(paths) == {"cs_101_2026_submissions", "ml_2026_02_a-lab"}


@pytest.mark.parametrize("file", ["other.ipynb", "lab_1-final.ipynb", "lab_12.ipynb", "lab-1.ipynb"])
def test_other_names_are_kept(file: str) -> None:
    """Is a notebook of another name left as it is, so that the grader can name it?"""
    download = read_name(f"lovelaceada_12345_67890_{file}", [NAME])
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
    assert read_name(path, [NAME]) is None


def test_later_one_ranks_higher() -> None:
    """Do resubmissions come before uploads, and uploads before copies?"""
    names = ["1_20_lab_1 (1)", "1_30_lab_1", "1_10_lab_1-1", "1_10_lab_1-10"]
    ranks = [read_name(f"lovelaceada_{name}.ipynb", [NAME]).rank for name in names]
    assert ranks == sorted(ranks)
