"""The exports have the columns and fields that docs/learning-systems.md lists from the systems' own pages."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from courses import COURSE
from result_records import check, exercise, record_of

from grader.exports.base import GradedClass
from grader.exports.canvas import Canvas
from grader.exports.gradescope import Gradescope
from grader.exports.moodle import Moodle
from grader.gradebook.student_grades import CellGrade, ClassGrades, StudentGrades

PAGE = (COURSE / "docs" / "learning-systems.md").read_text()
SECTIONS = {part.partition("\n")[0]: part for part in PAGE.split("\n## ")[1:]}
ADA = StudentGrades("ada", "Ada", "Lovelace", "ada@example.org", "101", True, {"add": CellGrade(10, 7.5)})
OPEN = StudentGrades("ben", "Ben", "Bell", "ben@example.org", "b-2", True, {"add": CellGrade(10)})
RESULTS = {
    "ada": record_of("ada", exercise("add", [check("adds")])).result,
    "ben": record_of("ben", exercise("add", broken=True)).result,
}
CLASS = GradedClass(ClassGrades(10, (ADA, OPEN)), "Lab 1", RESULTS)


def listed(system: str, title: str) -> list[str]:
    """The first column of the section's table with this title."""
    (table,) = re.findall(rf"^\| {title} \|.*\n\|[-|]+\|\n((?:\|.*\n?)+)", SECTIONS[system], re.MULTILINE)
    return re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)


@pytest.mark.parametrize(
    ("system", "exporter", "rest"),
    [("Canvas", Canvas(), ["Lab 1"]), ("Moodle", Moodle(), ["Lab 1", "Lab 1 (feedback)"])],
    ids=["canvas", "moodle"],
)
def test_columns(system: str, exporter: Canvas | Moodle, rest: list[str]) -> None:
    """Is the first row the listed columns and the assignment's, and has each row as many cells?"""
    head, *rows = csv.reader(io.StringIO(exporter.content(CLASS)))
    assert head == [*listed(system, "column"), *rest]
    assert rows and all(len(row) == len(head) for row in rows)


def test_gradescopes_fields() -> None:
    """Have files with a score and without no field that Gradescope does not list, and the one with a score all?"""
    fields, of_a_test = listed("Gradescope", "field"), listed("Gradescope", "field of a test")
    with_score, without = (json.loads(text) for text in Gradescope().content(CLASS).values())
    assert set(with_score) == set(fields) and set(without) == set(fields) - {"score"}
    assert all(set(test) == set(of_a_test) for test in with_score["tests"])
    assert without["tests"] and all(set(test) < set(of_a_test) for test in without["tests"])


def test_each_list_names_its_source() -> None:
    """Does every section say where its list comes from, and the page that LTI is out of scope?"""
    assert set(SECTIONS) == {"Canvas", "Moodle", "Gradescope"}
    assert all(re.search(r"^Source: \w", text, re.MULTILINE) for text in SECTIONS.values())
    assert re.search(r"LTI.*out of scope", PAGE, re.DOTALL)
