"""A student across the assignments of a course, in numbers and on the page."""

from __future__ import annotations

from result_records import check, exercise, record_of

from grader.analysis.across_assignments import AcrossAssignments
from grader.analysis.results_table import ClassResults
from grader.pages.report import report_page
from grader.results.store import Record


def test_scores_of_each_assignment_stand_in_one_row() -> None:
    """Is what was not handed in empty, what is open open, and the sum that of what is graded?"""
    right, wrong = exercise("f", [check("a")]), exercise("f", [check("a", passed=False)])
    broken = exercise("f", [check("a")], broken=True)
    first = [record_of("ada", right), record_of("bob", wrong), record_of("cleo", right)]
    second = [record_of("ada", right, right), record_of("cleo", broken, right), record_of("dan", right, right)]
    table = AcrossAssignments.of(["ada", "bob", "cleo"], {"first": first, "second": second, "third": []})
    assert table.assignments == (("first", 10), ("second", 20))
    assert [(row.student, row.scores, row.total) for row in table.rows] == [
        ("ada", (10, 20), 30),
        ("bob", (0, ""), 0),
        ("cleo", (10, None), None),
    ]


def test_report_shows_the_students_of_an_assignment_in_all_others() -> None:
    """Has the page a table of all assignments where a second one has results, and only there?"""
    first = [record_of("ada", exercise("twice", [check("a")]))]
    second = [record_of(student, exercise("thrice", [check("a")])) for student in ("ada", "zoe")]
    results = ClassResults.of("first", first)

    def page(**records: list[Record]) -> str:
        return report_page(results, lambda *_: [], across=AcrossAssignments.of(results.students, records))

    assert "Across assignments" not in page(first=first, second=[])
    table = page(first=first, second=second).split('<h2 id="across">')[1]
    assert table.count('<th scope="row">') == 1
    assert table.count('<td class="number">10</td>') == 2 and '<td class="number">20</td>' in table
