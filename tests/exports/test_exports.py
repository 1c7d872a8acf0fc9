"""A class's scores in the forms of learning systems."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from commands import grader, refused
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from result_records import OFF_BY_ONE, check, exercise, record_of
from small_classes import NAME, grade_class, small_class
from sqlalchemy import text as sql

from grader.exports.base import FORMULA, GradedClass, harmless, number
from grader.exports.canvas import Canvas
from grader.exports.gradescope import final_results_json
from grader.exports.moodle import Moodle
from grader.exports.registry import EXPORTERS
from grader.gradebook import read as read_gradebook
from grader.gradebook.student_grades import CellGrade, ClassGrades, StudentGrades
from grader.results.records import Result

ADA = StudentGrades("ada", "Ada", 'Lovelace, "Countess"', "ada@example.org", "101", True, {"add": CellGrade(10, 7.5)})
BEN = StudentGrades("ben", "Бен\nΩ", "=HYPERLINK(1)", "ben@example.org", "x-9", True, {"add": CellGrade(10, None)})
SKIPS_THE_LAST = {"name": "skips_the_last", "description": "The last one is left out.", "hint": "count to the end."}
TWO_MISTAKES = exercise(
    "add", [check("adds", False)], misconception=OFF_BY_ONE, misconceptions=[OFF_BY_ONE, SKIPS_THE_LAST]
)
CEM = StudentGrades("cem", email="cem@example.org", lms_user_id="103")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def class_grades(*students: StudentGrades) -> ClassGrades:
    return ClassGrades(10, students)


def graded_class(
    *students: StudentGrades, column: str = "Lab 1", results: Mapping[str, Result] | None = None
) -> GradedClass:
    return GradedClass(class_grades(*students), column, results or {})


def test_canvas() -> None:
    """Are the columns Canvas', with the points possible first, and a student's number only where it is one?"""
    text = Canvas().content(graded_class(ADA, BEN, CEM))
    assert text.splitlines()[0] == "Student,ID,SIS User ID,SIS Login ID,Section,Lab 1"
    head, ada, ben = rows(text)
    assert (head["Student"], head["Lab 1"]) == ("Points Possible", "10")
    assert list(ada.values()) == ['Lovelace, "Countess", Ada', "101", "", "ada", "", "7.5"]
    assert list(ben.values()) == ["'=HYPERLINK(1), Бен Ω", "", "x-9", "ben", "", ""]


def test_moodle() -> None:
    """Can a student be found by name of login, number or address, and is an open score no grade?"""
    record = record_of("ada", exercise("add", [check("adds", False)], misconception=OFF_BY_ONE)).result
    ada, ben = rows(Moodle().content(graded_class(ADA, BEN, CEM, results={"ada": record})))
    assert ada == {
        "First name": "Ada",
        "Surname": 'Lovelace, "Countess"',
        "Username": "ada",
        "ID number": "101",
        "Email address": "ada@example.org",
        "Lab 1": "7.5",
        "Lab 1 (feedback)": "add: 7.5 of 10. Hint: start at `0`.",
    }
    assert (ben["Lab 1"], ben["Lab 1 (feedback)"]) == ("-", "0 of 10, 10 not graded yet. add: not graded yet.")


def test_moodle_gives_the_hint_of_every_mistake() -> None:
    """Do two mistakes in one answer have two hints, the costlier one's first?"""
    ada, _ = rows(Moodle().content(graded_class(ADA, BEN, results={"ada": record_of("ada", TWO_MISTAKES).result})))
    assert ada["Lab 1 (feedback)"] == "add: 7.5 of 10. Hint: start at `0`. Hint: count to the end."


def test_gradescope_gives_the_hint_of_every_mistake() -> None:
    """The same for Gradescope."""
    output = final_results_json(ADA, record_of("ada", TWO_MISTAKES).result)["tests"][0]["output"]
    assert "start at `0`" in output and "count to the end" in output


def test_moodle_without_some_numbers() -> None:
    """Is a column of ids left out that somebody lacks, so that no grade goes to the student of the row before?"""
    nobody = StudentGrades("dan", email="dan@example.org", submitted=True)
    (row, _) = rows(Moodle().content(graded_class(ADA, nobody)))
    assert "ID number" not in row and "Email address" in row


@given(st.text(), st.text(), st.text())
def test_no_cell_is_a_formula(name: str, student: str, number: str) -> None:
    """Does no cell begin as a formula does, or break the table, whatever a name is made of?"""
    one = StudentGrades(student, name, name, name, number, True, {"add": CellGrade(10, 1)})
    for text in (exporter.content(graded_class(one, column=name)) for exporter in (Canvas(), Moodle())):
        (_, *cells) = list(csv.reader(io.StringIO(text)))
        assert len({len(row) for row in csv.reader(io.StringIO(text))}) == 1
        assert not [cell for row in cells for cell in row if cell.startswith(FORMULA)]
        assert not set(text) & set("\x00\x1b\u202e\t")


@given(st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_ordinary_text_stays(text: str) -> None:
    """Is a text that is no formula left as it is?"""
    assert harmless(text) == text or text.startswith(FORMULA)


def test_every_exporter_is_on_the_command_line(graded: Path) -> None:
    """Does `grader export --help` offer what the registry has?"""
    assert "[" + "|".join(EXPORTERS) + "]" in grader(graded, "export", "--help").stdout


NUMBERS = [(None, ""), (0, "0"), (100, "100"), (98.7, "98.7"), (12345.678, "12345.68")]


@pytest.mark.parametrize(("value", "shown"), NUMBERS)
def test_numbers(value: float | None, shown: str) -> None:
    """Is a score written out, without zeros at the end?"""
    assert number(value) == shown


def test_people_win_over_the_grader() -> None:
    """Do people's grades and extra credit count before the grader's, and penalties never below 0?"""
    grades = {"a": CellGrade(10, 10, 4.0, 1.0), "b": CellGrade(10, None, 3.0), "c": CellGrade(0, None)}
    assert StudentGrades("ada", submitted=True, grades=grades).score == 8
    assert StudentGrades("ada", submitted=True, grades=grades, penalty=100).score == 0
    assert StudentGrades("ada", submitted=True, grades={**grades, "d": CellGrade(1)}).score is None
    assert StudentGrades("ada", grades=grades).score is None


def test_gradescope_has_the_final_score() -> None:
    """Is the score on top that of the gradebook, with who gave it, and the penalty said?"""
    record = record_of("ada", exercise("add", [check("adds")]), exercise("sum", broken=True)).result
    grades = {"add": CellGrade(10, 10, 6.0), "sum": CellGrade(10, None, 9.0)}
    content = final_results_json(
        StudentGrades("ada", submitted=True, grades=grades, penalty=2, comments={"add": "well done"}), record
    )
    assert content["score"] == 13
    assert [(test["score"], test["status"]) for test in content["tests"]] == [(6, "failed"), (9, "failed")]
    assert "A person gave 6 of 10." in content["tests"][0]["output"]
    assert content["output"].splitlines() == ["Handed in late: 2 taken off.", "well done"]


def test_gradescope_without_a_score() -> None:
    """Has an open submission no score anywhere, so that Gradescope adds nothing up?"""
    record = record_of("ada", exercise("add", [check("adds")]), exercise("sum", broken=True)).result
    grades = {"add": CellGrade(10, 10), "sum": CellGrade(10)}
    content = final_results_json(StudentGrades("ada", submitted=True, grades=grades), record)
    assert "score" not in content and not [test for test in content["tests"] if "score" in test]
    assert content["output"].startswith("Execution error: not graded yet: sum.")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three students graded, one of them by hand too, one open, and one who handed nothing in."""
    course = small_class(tmp_path_factory.mktemp("class") / "course", 3)
    grade_class(course)
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        gradebook.update_or_create_student("s00", first_name="Ada", last_name="Lovelace", lms_user_id="17")
        gradebook.add_student("absent")
        by_hand = gradebook.find_grade("double", NAME, NAME, "s00")
        by_hand.manual_score, by_hand.extra_credit = 0.5, 0.25
        gradebook.find_submission(NAME, "s00").notebooks[0].late_submission_penalty = 3.0
        gradebook.find_comment("double_solution", NAME, NAME, "s00").manual_comment = "see me"
        open_one = gradebook.find_grade("octuple", NAME, NAME, "s01")
        open_one.auto_score, open_one.needs_manual_grade = None, True
        gradebook.db.commit()
    return course


@pytest.fixture
def course(graded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(graded, tmp_path / "course"))


FINAL = {"s00": "6.75", "s01": "", "s02": "2"}


def test_command_for_canvas(course: Path) -> None:
    """Are manual grades, extra credit and penalties in it, is what is open empty and said, and nobody made up?"""
    done = grader(course, "export", NAME, "--format", "canvas", "--column", "Lab (42)")
    assert done.exit_code == 3
    assert [line.split(":")[1].strip() for line in done.stderr.splitlines()] == ["s01", "absent"]
    found = rows((course / "reports" / f"{NAME}-canvas.csv").read_text())[1:]
    assert {row["SIS Login ID"]: row["Lab (42)"] for row in found} == FINAL
    assert (found[0]["Student"], found[0]["ID"]) == ("Lovelace, Ada", "17")


def test_command_for_scripts(course: Path, tmp_path: Path) -> None:
    """Does the JSON have the final score, where it comes from, and the result as recorded?"""
    path = tmp_path / "deep" / "scores.json"
    grader(course, "export", NAME, "--format", "json", "--output", str(path))
    first, second, _ = json.loads(path.read_text())
    assert (first["score"], first["late_penalty"], first["manual"]) == (6.75, 3, {"double": 0.5})
    assert (first["extra_credit"], first["comments"], first["max_score"]) == ({"double": 0.25}, ["see me"], 11)
    assert first["result"]["score"] == 11
    assert (second["score"], second["open"]) == (None, ["octuple"])


def test_command_for_gradescope(course: Path) -> None:
    """Is there a results.json per student who is still there, also of one whose result is not recorded?"""
    grader(course, "export", NAME, "--format", "gradescope")
    folder = course / "reports" / f"{NAME}-gradescope"
    assert {path.name for path in folder.iterdir()} == {"s00", "s01", "s02"}
    assert json.loads((folder / "s00" / "results.json").read_text())["score"] == 6.75
    for student in ("s01", "s02"):
        (course / ".grader" / NAME / f"{student}.json").unlink()
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        gradebook.remove_submission(NAME, "s00")
    done = grader(course, "export", NAME, "--format", "gradescope")
    assert (done.exit_code, done.stderr.splitlines()[0].split(":")[1].strip()) == (3, "s01")
    assert {path.name for path in folder.iterdir()} == {"s01", "s02"}
    content = {path.parent.name: json.loads(path.read_text()) for path in folder.glob("*/results.json")}
    assert "score" not in content["s01"] and content["s01"]["output"].startswith("Execution error: not graded yet")
    assert content["s02"]["score"] == 2
    assert [path.name for path in (course / "reports").iterdir()] == [folder.name]


def test_gradescope_replaces_nothing_else(course: Path, tmp_path: Path) -> None:
    """Is a folder left as it is that holds more than an export?"""
    (tmp_path / "mine" / "s00").mkdir(parents=True)
    (tmp_path / "mine" / "s00" / "notes.txt").write_text("keep")
    export = ("export", NAME, "--format", "gradescope", "--output")
    refused(grader(course, *export, str(tmp_path / "mine")), "mine", "Name another folder")
    refused(grader(course, *export, str(course / "nbgrader_config.py")), "Name another folder")
    assert (tmp_path / "mine" / "s00" / "notes.txt").read_text() == "keep"


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # of nbgrader's own add_submission
def test_gradebook_is_read_at_one_moment(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does what somebody grades while the gradebook is read neither end the command nor get in by half?"""
    read = read_gradebook._Reader.__init__
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        gradebook.db.execute(sql("PRAGMA journal_mode=WAL"))  # so that there can be a writer beside a reader

        def then_graded(*arguments: object) -> None:
            read(*arguments)
            gradebook.add_submission(NAME, "absent")

        monkeypatch.setattr(read_gradebook._Reader, "__init__", then_graded)
        done = grader(course, "export", NAME, "--format", "json")
    assert (done.exit_code, done.exception and type(done.exception)) == (3, SystemExit)
    assert "absent" in done.stderr


def test_what_a_student_is_called() -> None:
    """Is the number in the learning system among what no example may show?"""
    assert {"Ada", "ada@example.org", "101"} <= set(class_grades(ADA).names()["ada"])


def test_submission_without_a_grade_is_open() -> None:
    """Is a submission that the gradebook has without any grade not worth 0?"""
    assert StudentGrades("ada", submitted=True).score is None


def test_class_without_scores(course: Path) -> None:
    """Is it said what to do before there is anything to export?"""
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        for student in FINAL:
            gradebook.remove_submission(NAME, student)
    refused(grader(course, "export", NAME, "--format", "json"), "nobody has a score", "grader autograde")
    (course / "gradebook.db").unlink()
    refused(grader(course, "export", NAME, "--format", "json"), "grader release")
    assert not (course / "gradebook.db").exists()
