"""Exercises and comments stand in the notebook's order, whatever the order in the gradebook and in the records."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from commands import grader
from gradebooks import url_of
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from result_records import check, exercise, record_of
from small_classes import NAME
from small_courses import POINTS

from grader.analysis.results_table import ClassResults
from grader.exports.base import GradedClass
from grader.exports.registry import EXPORTERS
from grader.gradebook import read as read_gradebook
from grader.gradebook.student_grades import CellGrade, ClassGrades, StudentGrades

MASTER = list(POINTS)
WORD = re.compile("|".join(sorted(MASTER, key=len, reverse=True)))


def in_order(names: list[str]) -> bool:
    return names == sorted(names, key=MASTER.index)


def groups(value: Any) -> Iterator[list[str]]:
    """Every list and every mapping of exercises, at any depth."""
    if isinstance(value, dict):
        yield [key for key in value if key in MASTER]
        for one in value.values():
            yield from groups(one)
    elif isinstance(value, list):
        yield [one["name"] for one in value if isinstance(one, dict) and one.get("name") in MASTER]
        yield [one for one in value if isinstance(one, str) and one in MASTER]
        for one in value:
            yield from groups(one)


def orders(text: str) -> list[list[str]]:
    """The orders in which an export names exercises: one for each object of JSON, or for each row of a table."""
    if text.startswith(("[", "{")):
        return list(groups(json.loads(text)))
    return [list(dict.fromkeys(WORD.findall(line))) for line in text.splitlines()]


@settings(deadline=None)
@given(st.permutations(MASTER), st.permutations(MASTER), st.lists(st.sampled_from(["lost", "open", "by hand", "more"])))
def test_every_exporter(in_gradebook: list[str], in_record: list[str], kinds: list[str]) -> None:
    """Has each format the notebook's order, with lost points, open scores, manual grades, extra credit and comments?"""
    kinds = (kinds + ["lost"] * len(MASTER))[: len(MASTER)]
    grades = {
        name: {
            "lost": CellGrade(POINTS[name], 0.0),
            "open": CellGrade(POINTS[name]),
            "by hand": CellGrade(POINTS[name], 0.0, 0.5),
            "more": CellGrade(POINTS[name], 0.0, None, 0.25),
        }[kind]
        for name, kind in zip(in_gradebook, kinds, strict=True)
    }
    comments = {f"{name}_solution": f"{name} is short" for name in in_gradebook}
    ada = StudentGrades("ada", submitted=True, grades=grades, comments=comments)
    cells = [cell for name in MASTER for cell in (f"{name}_solution", name)]
    result = record_of("ada", *(exercise(name, [check("works", False)]) for name in in_record)).result
    class_grades = ClassGrades(11, (ada,), {name: POINTS[name] for name in in_gradebook}).in_order(cells)
    graded = GradedClass(class_grades, "Lab", {"ada": result.in_order(MASTER)})
    for form, exporter in EXPORTERS.items():
        content = exporter.content(graded)
        for text in [content] if isinstance(content, str) else content.values():
            assert [order for order in orders(text) if not in_order(order)] == [], form


@given(st.permutations(MASTER), st.lists(st.sets(st.sampled_from(MASTER), min_size=1), min_size=1, max_size=5))
def test_class_report(order: list[str], subsets: list[set[str]]) -> None:
    """Are the report's exercises in the master's order, though the first students have only some, or another order?"""
    records = [
        record_of(f"s{number}", *(exercise(name, [check("works")]) for name in order if name in subset))
        for number, subset in enumerate(subsets)
    ]
    results = ClassResults.of("lab", records, MASTER)
    assert list(results.exercises) == [name for name in MASTER if any(name in subset for subset in subsets)]
    assert in_order(list(dict.fromkeys(one.exercise for one in results.checks)))


def test_checks_stand_in_the_order_of_the_test() -> None:
    """Do checks that the best students' test did not reach stand in their places?"""
    names = ["a", "b", "c", "d"]
    records = [
        record_of(f"s{n}", exercise("add", [check(name) for name in names[:n] + names[n + 1 :]])) for n in (1, 2)
    ]
    assert [one.name for one in ClassResults.of("lab", records).checks] == names


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_commands(graded_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do all commands put a class in order that lies about in disorder: every export, the scores and the report?"""
    with Gradebook(url_of(graded_copy)) as gradebook:
        for name in MASTER:
            gradebook.find_comment(f"{name}_solution", NAME, NAME, "s02").manual_comment = f"about {name}"
        gradebook.find_grade("octuple", NAME, NAME, "s02").auto_score = None
        gradebook.find_grade("apart", NAME, NAME, "s02").auto_score = None
        gradebook.db.commit()
    for path in (graded_copy / ".grader" / NAME).glob("s*.json"):
        record = json.loads(path.read_text())
        record["result"]["exercises"].reverse()
        path.write_text(json.dumps(record))
    read = read_gradebook.read_class_grades

    def shuffled(*arguments: Any) -> ClassGrades:
        found, mixed = read(*arguments), random.Random(3)

        def mix(cells: Any) -> dict[str, Any]:
            return dict(mixed.sample(list(cells.items()), len(cells)))

        students = [replace(one, grades=mix(one.grades), comments=mix(one.comments)) for one in found.students]
        return replace(found, students=tuple(students), points=mix(found.points))

    monkeypatch.setattr(read_gradebook, "read_class_grades", shuffled)
    for form in EXPORTERS:
        done = grader(graded_copy, "export", NAME, "--format", form)
        assert done.exit_code == 3 and all(in_order(order) for order in orders(done.stdout))
    written = [path for path in (graded_copy / "reports").rglob("*") if path.is_file()]
    assert len(written) == 6  # Gradescope has a file for each of the three students
    for path in written:
        text = path.read_text()
        assert re.findall(r"about (\w+)", text) in ([], MASTER), path.name
        text = re.sub(r"about \w+", "", text)  # the comments come after the exercises
        assert [order for order in orders(text) if not in_order(order)] == [], path.name
    assert in_order(WORD.findall(grader(graded_copy, "scores", NAME).stdout.split("━", 2)[-1].split("┡")[0]))
    assert grader(graded_copy, "report", NAME).exit_code == 0
    page = (graded_copy / "reports" / f"{NAME}.html").read_text()
    heads = [re.findall(rf">({WORD.pattern})\b", head) for head in re.findall(r"<thead>.*?</thead>", page, re.DOTALL)]
    assert MASTER in heads and all(map(in_order, heads))
