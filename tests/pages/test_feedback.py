"""The page that a student gets back: what it says of scores, checks, mistakes, and of what humans did."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from graded_cells import (
    BAD,
    DIFFERENCE,
    GOOD,
    MISTAKE,
    answer,
    failed_at,
    graded_by_machine,
    outcome_of,
    own,
    page_of,
    scored,
    stream,
)
from notebooks import graded, markdown, solution
from page_words import row, words

from grader.judging.diagnosis import ENDS
from grader.pages.drawings import clean_svg
from grader.pages.feedback import feedback_page
from grader.pages.grades import Grade
from grader.results.records import CellOutcome, CheckOutcome, ExerciseOutcome, Picture

RIGHT = outcome_of("sums", CellOutcome((GOOD,)))
HALF = outcome_of("sums", CellOutcome((GOOD, BAD)))
BROKEN = outcome_of("sums", CellOutcome(error="OSError: /root/secret", broken=True, message="Not judged: /root/secret"))
CARRIED = outcome_of("sums", CellOutcome(), carried=("one",))


def end(reason: str) -> ExerciseOutcome:
    sentence = ENDS[reason].format(detail="too much")
    return outcome_of("sums", CellOutcome(error=sentence, message=sentence))


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (RIGHT, "sums right 10 of 10"),
        (HALF, "sums partly right 5 of 10 1 of 2 checks failed"),
        (outcome_of("sums", CellOutcome((BAD,), mistakes=(MISTAKE,))), "sums not right yet 0 of 10 It adds b twice."),
        (outcome_of("sums", CellOutcome((BAD,), not_done="Not done.")), "sums not done yet 0 of 10"),
        (CARRIED, "sums right, carried forward 10 of 10 right with a working one"),
        (BROKEN, "sums not graded yet open, of 10"),
        (end("crash"), "sums not right yet 0 of 10 It crashed: too much."),
    ],
    ids=["right", "half", "mistake", "not done", "carried forward", "broken", "time limit"],
)  # fmt: skip
def test_overview_says_how_an_exercise_stands(outcome: ExerciseOutcome, told: str) -> None:
    """Does an exercise's row say result and points, and in short why?"""
    assert row(page_of(outcome), "sums") == told


def test_overview_leads_to_each_exercise() -> None:
    """Does every link of the page lead to a place in it?"""
    page = page_of(RIGHT, replace(HALF, name="products"))
    places = re.findall(r' id="([^"]+)"', page)
    assert len(places) == len(set(places))
    links = re.findall(r'href="#([^"]+)"', page)
    assert set(links) <= set(places)
    assert {"exercise-1", "exercise-2", "content"} <= set(links)


def test_score_and_parts() -> None:
    """Are the total and the parts those of the gradebook's scores?"""
    page = page_of(replace(RIGHT, part="forward"), replace(HALF, name="products", part="backward"))
    assert "Your score: 15 of 20" in words(page)
    assert "forward: 10 of 10" in words(page)
    assert "backward: 5 of 10" in words(page)


def test_part_that_does_not_count_is_told() -> None:
    """Does an exercise without weight show its points and that they do not count?"""
    page = page_of(RIGHT, replace(HALF, name="products", counts=False))
    assert "Your score: 10 of 10" in words(page)
    assert row(page, "products") == "products partly right 5 of 10 1 of 2 checks failed"
    assert "does not count towards your score" in words(page)


def test_failed_check_tells_why_and_what_next() -> None:
    """Are finding, next step, familiar mistake and hint there, and the passed check folded away?"""
    page = page_of(outcome_of("sums", CellOutcome((GOOD, BAD), mistakes=(MISTAKE,))))
    text = words(page)
    assert "Failed: subtracts expected 1, got 2. Next: look at the sign." in text
    assert "This looks familiar It adds b twice. Hint: Add it once." in text
    assert re.search(r"<details><summary>1 check passed</summary>.*Passed: </span>adds", page, re.DOTALL)


def test_many_failed_checks_are_folded() -> None:
    """Is the first finding shown, the others folded, and a finding of several checks told once?"""
    checks = [CheckOutcome(f"check {i}", 1, False, f"finding {i // 2}", "") for i in range(10)]
    shown, _, folded = page_of(outcome_of("sums", CellOutcome(tuple(checks)))).partition("9 more checks do not pass")
    assert re.findall(r"check \d", words(shown)) == ["check 0"]
    assert re.findall(r"check \d", folded) == [f"check {i}" for i in range(1, 10)]
    assert folded.count("finding 3") == 1


def test_difference_is_told_by_the_axes_names() -> None:
    """Does a difference say index, values, count, window and relative error, and draw where?"""
    page = page_of(failed_at(DIFFERENCE))
    text = words(page)
    for told in (
        "first wrong entry Z[i=0, h=1, w=2, c=0]",
        "expected 0.37245685",
        "your result 0.51",
        "made from A_prev[0, 2:4, 4:6, :]",
        "wrong 24 of 192 entries",
        "shape (2, 3, 4, 8)",
        "relative error 0.31",
    ):
        assert told in text
    assert page.count("<rect") == 12
    assert "Errors over height and width, 3 by 4: in 4 of 12 places, the largest in row 1, column 2." in page


def test_difference_of_a_gradient_has_the_numeric_value() -> None:
    """Is the finite-difference value shown, and no picture where there is no height and width?"""
    page = page_of(failed_at({**DIFFERENCE, "heat": None, "numeric": "1.25", "relative_error": None}))
    assert "finite difference 1.25" in words(page)
    assert "<svg" not in page
    assert "relative error" not in words(page)


def test_hidden_check_tells_no_expected_value() -> None:
    """Is what a hidden check expects left out, even where its record holds it?"""
    page = page_of(failed_at({**DIFFERENCE, "numeric": "7.7777"}, hidden=True))
    assert "0.37245685" not in page
    assert "7.7777" not in page
    assert "not among your notebook’s tests" in words(page)
    assert "your result 0.51" in words(page)


def test_minimal_counterexample_can_be_copied() -> None:
    """Does the smallest failing case stand there as its text, line by line?"""
    case = 'x = np.arange(9.0)\nprint(f"<{x}>")  # right: 1'
    page = page_of(failed_at(None, minimal_counterexample=case))
    shown = re.search(r"A small case to try.*?<pre><code>(.*?)</code></pre>", page, re.DOTALL)[1]
    assert html.unescape(re.sub(r"<[^>]*>", "", shown)) == case


DRAWING = Picture(
    "3 of 6 windows are wrong.", "<svg role='img' aria-label='3 of 6'><path d='M0 0h9'/></svg>", "Blue: right."
)


def test_picture_of_the_function_is_drawn() -> None:
    """Are words, drawing and legend there?"""
    page = page_of(failed_at(None, picture=DRAWING))
    assert "What your function does 3 of 6 windows are wrong. Blue: right." in words(page)
    assert re.search(r'<svg role="img" aria-label="3 of 6">\s*<path d="M0 0h9"></path>', page)


def test_drawing_without_svg_is_a_sentence() -> None:
    """Are the words alone shown where there is nothing to draw?"""
    page = page_of(failed_at(None, picture=Picture("All windows are right.")))
    assert "What your function does All windows are right." in words(page)
    assert "<svg" not in page


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>document.title = 'ran'</script>",
        "<path d='M0 0' onclick='run()'/>",
        "<path d='M0 0' style='position:fixed'/>",
        "<rect fill='url(https://elsewhere.test/x)'/>",
        "<image href='https://elsewhere.test/x.png'/>",
        "<a href='javascript:run()'><text>x</text></a>",
        "<foreignObject><p>x</p><form action='/'><input></form></foreignObject>",
        "</svg><h1>another page</h1>",
        "<style>* { display: none }</style>",
    ],
)
def test_drawing_holds_shapes_and_texts_only(hostile: str) -> None:
    """Is all else left out of a drawing?"""
    shown = str(clean_svg(f"<svg viewBox='0 0 9 9'>{hostile}<rect width='9'/></svg>"))
    assert 'viewBox="0 0 9 9"' in shown
    assert '<rect width="9">' in shown or hostile.startswith("</svg>")  # a shape outside of a drawing is nothing
    for bad in ("script", "on", "style", "url", "href", "form", "image", "h1", "display"):
        assert not re.search(rf"[<\s/]{bad}[a-z]*[\s=(>]", shown.lower()), shown


def test_carried_forward_is_explained() -> None:
    """Does the section say in plain words why there are all points?"""
    text = words(page_of(outcome_of("sums", CellOutcome(), carried=("one", "two"))))
    assert "Your sums builds on one and two, which do not work yet" in text
    assert "it has all its points" in text


@pytest.mark.parametrize("reason", ["time", "cpu", "memory", "output", "crash", "exit"])
def test_limit_is_explained(reason: str) -> None:
    """Does a limit come with what to look at, and with the comfort that only this exercise is concerned?"""
    text = words(page_of(end(reason)))
    assert text.count("too much") == 2
    assert "Your other exercises were graded as if this had not happened." in text


def test_broken_exercise_is_ours() -> None:
    """Does a broken exercise say that the score is open and the fault not the student's, and nothing of the error?"""
    page = page_of(BROKEN, replace(RIGHT, name="products"))
    text = words(page)
    assert "Your score: 10 of 20, 10 not graded yet" in text
    assert "Not graded yet: sums." in text
    assert "The fault is not yours" in text
    assert "secret" not in page


def test_score_by_hand_stands_in_place_of_the_machines() -> None:
    """Are a human's score, extra points and comments shown as such?"""
    grades = {"sums": Grade(8, 10, manual_score=7, extra_credit=1)}
    comments = {"sums_solution": "Good idea!\nMind <b>the</b> sign."}
    page = page_of(HALF, grades=grades, comments=comments, score=8.0)
    text = words(page)
    assert row(page, "sums").startswith("sums partly right 8 of 10")
    assert "Your teacher has set this score; the tests alone give 5. Your teacher has added 1 to it." in text
    assert "A comment from your teacher Good idea! Mind <b>the</b> sign." in text


def test_broken_exercise_graded_by_hand_is_open_no_more() -> None:
    """Once a human has graded what the grader could not, is nothing open?"""
    page = page_of(BROKEN, grades={"sums": Grade(9, 10, manual_score=9)}, score=9.0, max_score=10.0)
    assert row(page, "sums") == "sums graded by hand 9 of 10"
    assert "Your score: 9 of 10" in words(page)
    assert "so far" not in page
    assert "The fault is not yours" not in page


def test_open_part_that_does_not_count() -> None:
    """Is no higher score promised where what is open does not count?"""
    page = page_of(RIGHT, replace(BROKEN, name="products", counts=False))
    assert row(page, "products").startswith("products not graded yet")
    assert "so far" not in page
    assert "can still rise" not in page


def test_comment_on_a_cell_without_exercise() -> None:
    """Is a human's comment shown on a cell of no exercise, and on an answer in text?"""
    text = solution("text", "Because.", "text_solution") | {"cell_type": "markdown"}
    cells = [answer("sums"), scored(HALF), text, answer("draft")]
    page = page_of(HALF, cells=cells, comments={"draft_solution": "Delete it.", "text_solution": "Why?", "": "no"})
    rest = words("<main" + page[page.index("The rest of your notebook") :])
    assert "A comment from your teacher Delete it. A comment from your teacher Why?" in rest
    assert words(page).count("Delete it.") == 1


def test_late_penalty_is_told() -> None:
    """Is it said what the work earned and what was taken off?"""
    text = words(page_of(RIGHT, score=7.5, late_penalty=2.5))
    assert "Your score: 7.5 of 10" in text
    assert "10 for the work, less 2.5 for handing it in late." in text


def test_answer_graded_by_hand_has_its_section() -> None:
    """Does an essay stand there with its text, score and comment?"""
    essay = solution("essay", "Because <b>of</b> $x$.", "essay") | {"cell_type": "markdown"}
    essay["metadata"]["nbgrader"] |= {"grade": True, "points": 4}
    known = {"grades": {"essay": Grade(3, 4, manual_score=3)}, "comments": {"essay": "Why?"}}
    page = page_of(cells=[essay], score=3.0, max_score=4.0, **known)
    assert row(page, "essay") == "essay graded by hand 3 of 4"
    assert "Why?" in words(page)
    assert "Because <b>of</b> $x$." in words(page)
    waiting = page_of(cells=[essay], grades={"essay": Grade(0, 4, is_open=True)}, score=0.0, max_score=4.0)
    assert row(waiting, "essay") == "essay not graded yet open, of 4"


def test_nothing_to_judge_says_so_once() -> None:
    """Where the submission was no notebook, is that said once, in place of a section for each exercise?"""
    why = "sums.ipynb: is empty."
    outcomes = [outcome_of(name, CellOutcome(error=why, message=why)) for name in ("one", "two")]
    cells = [markdown("said", why), *map(scored, outcomes)]
    page = page_of(*outcomes, cells=cells)
    assert words(page).count(why) == 1
    assert "Your score: 0 of 20" in words(page)
    assert 'href="#exercise' not in page


def test_no_test_is_shown() -> None:
    """Is the source of a test nowhere, be it the master's or a student's cell under its name?"""
    page = page_of(RIGHT, cells=[answer("sums"), scored(RIGHT, "assert sums(1) == 4711")])
    assert "4711" not in page


def test_forged_outcome_is_not_asked_for() -> None:
    """Does only a test cell of the master's say how an exercise stands?"""
    forged = scored(replace(RIGHT, name="mine", points=100.0))
    loose = own("loose", "pass", *scored(RIGHT)["outputs"])
    page = page_of(HALF, cells=[loose, forged, answer("sums"), scored(HALF), loose])
    assert len(re.findall(r'<section class="exercise"', page)) == 1
    assert row(page, "sums").startswith("sums partly right 5 of 10")


def test_test_that_was_not_judged_shows_the_gradebooks_score() -> None:
    """Is a test cell without our record shown with what the gradebook knows?"""
    cells = [answer("sums"), graded("sums", "assert sums", "sums", 10)]
    page = feedback_page(cells, ["sums"], graded_by_machine(RIGHT))
    assert row(page, "sums") == "sums graded 10 of 10"


def test_what_belongs_to_no_exercise_comes_last() -> None:
    """Are cells before the first and behind the last exercise shown at the end?"""
    cells = [own("a", "import os", stream("at the start")), answer("sums"), scored(HALF), markdown("text", "# Then")]
    page = page_of(HALF, cells=[*cells, own("z", "1", stream("at the end"))])
    rest = page[page.index("The rest of your notebook") :]
    assert "at the start" in rest
    assert "at the end" in rest


def test_exercises_stand_in_the_masters_order() -> None:
    """Are exercises and comments in the master's order, also where the student has moved cells?"""
    outcomes = [replace(RIGHT, name=name) for name in ("c", "a", "b")]
    comments = {"z": "last", "y": "first"}
    page = page_of(*outcomes, comments=comments, order=["a", "y", "b", "c", "z"])
    assert re.findall(r'<a href="#exercise-\d"><code>(\w)</code>', page) == ["a", "b", "c"]
    assert page.index("first") < page.index("last")
