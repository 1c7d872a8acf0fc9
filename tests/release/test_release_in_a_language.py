"""A small course in a second language, the whole way: catalogues, release, one grading, and the gate's refusals."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from notebooks import code, markdown, write
from pseudo_language import begin, fill, pseudo
from small_courses import exercise, hand_in, write_course

from checks.messages import CATALOGUE, speaking
from grader.assignments.assignment import Assignment
from grader.common.errors import GateError, LanguageError
from grader.course import Course
from grader.judging.graded_notebook import untouched
from grader.languages import available
from grader.languages.catalogue import read, save
from grader.languages.update import engine, of_assignment
from grader.release.build import build_release, build_translations
from grader.release.translated import catalogue_problems
from grader.results.render import as_text

TEST = """from checks import Case, run_checks
run_checks("double", double, [Case("doubles a number", (2,), expected=4, advice="multiply `x` by 2.")])
### BEGIN HIDDEN TESTS
run_checks("double", double, [Case("doubles a secret number", (7,), expected=14)], hidden=True)
### END HIDDEN TESTS"""


def by_hand(cell: dict, name: str) -> dict:
    """The cell as an answer that a person grades."""
    about = {"grade": True, "solution": True, "grade_id": name, "points": 2, "locked": False, "schema_version": 3}
    return {**cell, "metadata": {"nbgrader": about}}


CELLS = [
    markdown("title", "# Twice\n\nWrite `double` for $x$.\n\n- a [link](<#Twice>)"),
    code("try", "# Try it\nx = 1"),
    *exercise("double", "def double(x):\n    # the answer\n    return 2 * x", TEST, 2),
    by_hand(code("reason", "### BEGIN SOLUTION\n# Two is even.\n### END SOLUTION\n# Write your reason here."), "reason_solution"),
    by_hand(markdown("essay", "Write about `double`."), "essay"),
]
SECRET = {"hidden_tests.py": 'SENTENCE = "doubles a secret number"\n'}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    """A course with one assignment, its English release, and two languages with full catalogues."""
    kept, folder = available.HERE, tmp_path_factory.mktemp("course")
    found = write_course(folder / "course", "twice", CELLS, SECRET)
    assignment = found.assignment("twice")
    (assignment.folder / "texts.py").write_text('"""Sentences."""\nS = ["doubles a number", "multiply `x` by 2."]\n')
    build_release(found.folder, assignment, found.config)
    try:
        for name in ("zh", "fa"):
            language = begin(folder, name)
            for wanted in [*engine_of(language, kept), *of_assignment(assignment, language, found.folder / "release" / "twice")]:
                fill(wanted, language)
        yield found
    finally:
        available.HERE = kept


def engine_of(language: available.About, grader: Path) -> list:
    """The catalogues of the engine, whose code is not in the folder that stands in for its languages."""
    return engine(language, grader.parent)


@pytest.fixture(scope="module")
def released(course: Course) -> dict[str, Path]:
    build_translations(course.folder, course.assignment("twice"), course.config, ["zh", "fa"])
    return {name: course.folder / "release" / name / "twice" for name in ("zh", "fa")}


def source(folder: Path, cell_id: str) -> str:
    cells = json.loads((folder / "twice.ipynb").read_bytes())["cells"]
    return "".join(next(cell["source"] for cell in cells if cell["id"] == cell_id))


def test_texts_are_translated_and_code_is_not(released: dict[str, Path]) -> None:
    """Are prose and comments in the language, and code, test cells and hidden sentences as they were?"""
    assert source(released["zh"], "title") == pseudo("# Twice\n\nWrite `double` for $x$.\n\n- a [link](<#Twice>)").replace(
        "<#Twice>", f"<#{pseudo('Twice')}>"
    )
    assert source(released["zh"], "try") == f"# {pseudo('Try it')}\nx = 1"
    assert source(released["fa"], "title").startswith(f'<div dir="rtl">\n\n# {pseudo("Twice", is_rtl=True)}')
    assert 'Case("doubles a number"' in source(released["zh"], "double-test")
    assert (released["zh"] / CATALOGUE).exists() and (released["zh"] / "one_file" / "twice.ipynb").exists()


def test_compiled_catalogue_has_no_hidden_sentence(released: dict[str, Path]) -> None:
    """Can a student read nothing of a hidden test in it?"""
    import gzip

    content = gzip.decompress((released["zh"] / CATALOGUE).read_bytes())
    assert b"doubles a number" in content and b"secret" not in content


def test_one_grading_serves_all_languages(course: Course, released: dict[str, Path]) -> None:
    """Is an answer in the translated notebook judged as in English, without a remark, and told in any language?"""
    assignment = course.assignment("twice")
    wrong = {"double": "def double(x):\n    return 3 * x"}
    with course.grader(assignment, unsafe=True) as grader:
        results = [
            grader.grade(hand_in(place / "twice.ipynb", wrong), {}, seed=1)
            for place in (course.folder / "release" / "twice", released["zh"], released["fa"])
        ]
    english, *others = results
    for result in others:
        assert (result.exercises, result.tampering, result.problems) == (english.exercises, (), english.problems)
    (exercise_,) = english.exercises
    assert "multiply `x` by 2." in as_text(exercise_)
    with speaking(available.language("zh", assignment.private)):
        told = as_text(exercise_)
    assert pseudo("multiply `x` by 2.") in told and pseudo("doubles a secret number") in told
    assert pseudo("result: expected 4, got 6.").replace(pseudo("result"), pseudo("result")) in told


def test_untouched_answer_is_untouched_in_any_language(course: Course, released: dict[str, Path]) -> None:
    """Has an answer for a person the automatic 0 if it is the released text, and never if it is a comment?"""
    assignment = course.assignment("twice")
    with course.grader(assignment, unsafe=True) as grader:
        for place in (course.folder / "release" / "twice", *released.values()):
            result = grader.grade(hand_in(place / "twice.ipynb", {}), {"README.md": b"Other"}, seed=1)
            assert untouched(assignment, result) == ("double_solution", "reason_solution", "essay"), place
            assert result.tampering == ()
            result = grader.grade(hand_in(place / "twice.ipynb", {"reason": "# It is even."}), {}, seed=1)
            assert "reason_solution" not in untouched(assignment, result)


def refuse(course: Course, name: str, change: Callable[[object], None]) -> str:
    """The gate's lines after a change of the first entry of a catalogue."""
    assignment = course.assignment("twice")
    path = assignment.private / "languages" / "zh" / name
    kept = path.read_bytes()
    catalogue = read(path)
    change(next(message for message in catalogue if message.id))
    save(path, catalogue)
    try:
        # without nbgrader, which takes seconds to make the English release that is here already
        return "\n".join(catalogue_problems(assignment, available.about("zh"), course.folder / "release" / "twice"))
    finally:
        path.write_bytes(kept)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda message: setattr(message, "string", ""), "is not translated"),
        (lambda message: message.flags.add("fuzzy"), "(fuzzy)"),
        (lambda message: setattr(message, "string", "7"), "numbers"),
    ],
    ids=["untranslated", "fuzzy", "other number"],
)
def test_gate_names_file_entry_and_step(course: Course, released: dict[str, Path], change: Callable, told: str) -> None:
    """Does a line name the catalogue, the cell and the text?"""
    said = refuse(course, "notebook.po", change)
    assert told in said and "notebook.po: title: 'Twice'" in said


def test_unknown_language_and_lost_catalogue(course: Course, released: dict[str, Path]) -> None:
    """Does each have its line, and is the old release left as it was?"""
    before = (released["zh"] / "twice.ipynb").read_bytes()
    assignment = course.assignment("twice")
    with pytest.raises(LanguageError, match="there is no language 'xx'"):
        build_translations(course.folder, assignment, course.config, ["zh", "xx"])
    path = assignment.private / "languages" / "zh" / "tests.po"
    kept = path.read_bytes()
    path.unlink()
    try:
        with pytest.raises(GateError, match=r"tests\.po: does not exist. Run `grader languages update zh`"):
            build_translations(course.folder, assignment, course.config, ["fa", "zh"])
    finally:
        path.write_bytes(kept)
    assert (released["zh"] / "twice.ipynb").read_bytes() == before


def test_translation_that_ends_a_docstring_is_refused(course: Course, released: dict[str, Path]) -> None:
    """Is a translated comment that becomes code found before students get it?"""
    from grader.release.translated import translation_problems

    english = course.folder / "release" / "twice"
    broken = course.folder / "broken"
    broken.mkdir()
    notebook = json.loads((released["zh"] / "twice.ipynb").read_bytes())
    cells = {cell["id"]: cell for cell in notebook["cells"]}
    cells["try"]["source"] = ["# a\n", "y = 2\n", "x = 1"]
    cells["title"]["source"] = ["<details>\n", *cells["title"]["source"], "\n</div>\n", "</details>"]
    write(notebook, broken / "twice.ipynb")
    told = list(translation_problems(Assignment(course.assignment("twice").folder, english), english, broken))
    assert any("cell try: the code differs" in line for line in told)
    assert any("cell title: </div> closes another element" in line for line in told)
