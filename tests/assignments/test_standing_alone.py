"""Two assignments of one course: neither knows, hands out, or re-grades anything of the other."""

from __future__ import annotations

from pathlib import Path

import h5py
import pytest
from commands import grader
from courses import files
from small_courses import exercise, write_course
from two_assignments import two_assignments

from grader.assignments.bundle import Bundle
from grader.course import Course
from grader.release.expected_values import write_expected_values
from grader.release.others import of_another_assignment

CONFIG = """
c.ClearSolutions.begin_solution_delimeter = "### START CODE HERE ###"
c.ClearSolutions.end_solution_delimeter = "### END CODE HERE ###"
"""
TESTS = """from pathlib import Path
from checks import Case, ExpectedValues, run_checks
EXPECTED = ExpectedValues(Path(__file__).with_suffix(".h5"))
CASES = {{"scale": lambda: [Case("{sentence}", ({argument},))]}}
def scale_test(target):
    return run_checks("scale", target, CASES["scale"](), EXPECTED)
"""
MISTAKE = '''def {name}(x):
    """{name} does this.

    Hint: {name} helps.
    """
    return x + 100
'''
TEST = """from public_tests import scale_test
scale_test(scale)
### BEGIN HIDDEN TESTS
import hidden_tests
hidden_tests.check(scale)
### END HIDDEN TESTS"""
FACTORS = {"first": 2, "second": 3}


def add(folder: Path, name: str) -> Course:
    """An assignment with the exercise `scale`, whose tests lie at the course's top for the first."""
    factor = FACTORS[name]
    hidden = f"import reference\ndef check(scale):\n    assert scale(7.5) == reference.scale(7.5) == {factor} * 7.5\n"
    secret = {"hidden_tests.py": hidden}
    cells = exercise("scale", f"def scale(x):\n    return {factor} * x", TEST, 3)
    course = write_course(folder, name, cells, secret, CONFIG)
    private = folder / "source" / name / "private"
    (private / "misconceptions").mkdir()
    (private / "misconceptions" / "scale.py").write_text(MISTAKE.format(name=f"mistake_of_{name}"))
    top = folder if name == "first" else folder / "source" / name
    (top / "public_tests.py").write_text(TESTS.format(sentence=f"sentence of {name}", argument=float(factor)))
    return course


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """Both, with equal exercise names, their data written and both released."""
    add(tmp_path, "first")
    course = add(tmp_path, "second")
    written = write_expected_values(course.assignments())
    assert written == [tmp_path / "public_tests.h5", tmp_path / "source" / "second" / "public_tests.h5"]
    for name in FACTORS:
        done = grader(tmp_path, "release", name)
        assert done.exit_code == 0, done.output
    return tmp_path


def test_releases_hold_nothing_of_each_other(two: Path) -> None:
    """Does each release hold its own sentences, values and mistakes, and no word of the other's?"""
    for name, other in (("first", "second"), ("second", "first")):
        folder = two / "release" / name
        assert {"public_tests.py", "public_tests.h5", "checks/__init__.py"} <= files(folder).keys()
        texts = "".join(content.decode(errors="ignore") for content in files(folder).values())
        with h5py.File(folder / "public_tests.h5") as data:
            texts += "".join(data["scale"][key][()].tobytes().decode() for key in ("cases", "mistakes"))
            assert list(data) == ["scale"]
        assert f"sentence of {name}" in texts and f"mistake_of_{name}" in texts
        assert f"sentence of {other}" not in texts and f"mistake_of_{other}" not in texts


def test_equal_exercise_names_do_no_harm(two: Path) -> None:
    """Is each `scale` tested by its own assignment's tests and reference, in turn and in one process?"""
    assignments = {one.name: one for one in Course(two).assignments()}
    for _ in range(2):
        for name, factor in FACTORS.items():
            for answer in FACTORS.values():
                outcome = assignments[name].test("scale", {"scale": lambda x, answer=answer: answer * x})
                assert (outcome.fraction == 1) is (answer == factor)


def test_second_assignment_regrades_nothing_of_the_first(tmp_path: Path) -> None:
    """Is the first assignment's digest the same before and after the second is written, and its data made?"""
    course = add(tmp_path, "first")
    write_expected_values(course.assignments())
    assert grader(tmp_path, "release", "first").exit_code == 0
    before = Bundle.of(Course(tmp_path).assignment("first"), course.policy, {}).digest
    course = add(tmp_path, "second")
    write_expected_values(course.assignments())
    assert Bundle.of(Course(tmp_path).assignment("first"), course.policy, {}).digest == before
    (tmp_path / "public_tests.py").write_text((tmp_path / "public_tests.py").read_text() + "\n# changed")
    assert Bundle.of(Course(tmp_path).assignment("first"), course.policy, {}).digest != before


def test_assignment_without_public_tests_is_lent_none(tmp_path: Path) -> None:
    """Does an assignment with plain asserts hand out no tests of the one whose tests lie at the top?"""
    add(tmp_path, "first")
    course = write_course(
        tmp_path, "plain", exercise("halve", "def halve(x):\n    return x / 2", "assert halve(2) == 1")
    )
    assert course.assignment("plain").lent == {}
    assert course.assignment("first").lent.keys() == {"public_tests.py"}


def test_shared_tests_are_refused_at_the_gate(tmp_path: Path) -> None:
    """Does the gate name tests that would reach the other assignment's students, with the remedy?"""
    course = two_assignments(tmp_path)
    write_expected_values(course.assignments())
    (problem,) = of_another_assignment(course.assignment("first"))
    assert problem.startswith("public_tests.py: has cases for thrice, an exercise of second: give that")


def test_bundle_stands_alone(two: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Does a worker that has only the bundle test with the lent tests and the reference?"""
    first = Course(two).assignment("first")
    elsewhere = Bundle.of(first, Course(two).policy, {}).unpack(tmp_path_factory.mktemp("worker"))
    assert elsewhere.test("scale", {"scale": lambda x: 2 * x}).fraction == 1
    assert elsewhere.test("scale", {"scale": lambda x: 3 * x}).fraction < 1
