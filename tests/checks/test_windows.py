"""The picture of a function's own windows: which entries it reads or writes to, beside those that belong there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks import ChecksFailed, NotDoneYet
from checks.reports import as_html
from checks.window_pictures import picture, picture_for_test, show_probed
from checks.windows import Probe, look
from grader.assignments.assignment import Assignment
from grader.assignments.layout import RIGHT_ANSWERS

SLIDING = ("conv_forward", "pool_forward", "conv_backward", "pool_backward")


@pytest.fixture(scope="module")
def probes(assignment: Assignment) -> dict[str, Probe]:
    return assignment.module("layer_pictures").PROBES


@pytest.mark.parametrize("name", SLIDING)
def test_reference_has_its_windows_where_they_belong(
    name: str, assignment: Assignment, probes: dict[str, Probe]
) -> None:
    """Is nothing wrong with the windows of the master's solution?"""
    windows = look(name, assignment.reference[name], probes[name])
    assert windows.wrong == []
    assert windows.all_right
    assert windows.in_words().endswith(" windows are where they belong.")
    assert "should have" not in windows.in_words()
    assert windows.first_wrong_as_text() == ""


def test_unusual_right_answers_have_theirs_too(assignment: Assignment, probes: dict[str, Probe]) -> None:
    """Is nothing said against an answer without loops?"""
    answers = [answer for answer in assignment.answers(RIGHT_ANSWERS) if answer.exercise in probes]
    assert len(answers) > 10
    for answer in answers:
        assert look(answer.exercise, answer.function, probes[answer.exercise]).all_right, answer.name


def pooling(
    corners: Callable[[int, int, int], tuple[int, int]] = lambda h, w, stride: (h * stride, w * stride),
    channels: Callable[[int], Any] = lambda c: c,
) -> Callable:
    """An average pooling whose windows start at corners(h, w, stride) and lie in channels(c)."""

    def pool(A_prev: np.ndarray, hparameters: dict) -> tuple[np.ndarray, tuple]:
        f, stride = hparameters["f"], hparameters["stride"]
        m, n_H_prev, n_W_prev, n_C = A_prev.shape
        A = np.zeros((m, (n_H_prev - f) // stride + 1, (n_W_prev - f) // stride + 1, n_C))
        for i, h, w, c in np.ndindex(A.shape):
            top, left = corners(h, w, stride)
            window = A_prev[i, top : top + f, left : left + f, channels(c)]
            A[i, h, w, c] = window.mean() if window.size else 0
        return A, (A_prev, hparameters)

    return pool


@pytest.mark.parametrize(
    ("corners", "wrong", "words"),
    [
        (
            lambda h, w, stride: (h, w * stride),
            3,
            "h = 1, w = 0 reads rows 1 to 3, columns 0 to 2; it should read rows 2 to 4, columns 0 to 2.",
        ),
        (
            lambda h, w, stride: (w * stride, h * stride),
            4,
            "h = 0, w = 1 reads rows 2 to 4, columns 0 to 2; it should read rows 0 to 2, columns 2 to 4.",
        ),
        (lambda h, w, stride: (h * stride + 1, w * stride), 6, "h = 0, w = 0 reads rows 1 to 3, columns 0 to 2;"),
        (lambda h, w, stride: (9, 9), 6, "h = 0, w = 0 reads nothing;"),
    ],
    ids=["stride forgotten", "rows and columns swapped", "one row too low", "outside"],
)
def test_a_misplaced_window_is_seen(corners: Callable, wrong: int, words: str, probes: dict[str, Probe]) -> None:
    """Do the words say how many windows are wrong, and where the first one lies and belongs?"""
    windows = look("pool_forward", pooling(corners), probes["pool_forward"])
    assert len(windows.wrong) == wrong
    assert f"{wrong} of 6 windows are wrong" in windows.in_words()
    assert words in windows.in_words()


@pytest.mark.parametrize(
    ("channels", "words"),
    [
        (lambda c: slice(None), "output channel 0 at h = 0, w = 0 reads channels 0 to 1; it should read channel 0."),
        (lambda c: 0, "output channel 1 at h = 0, w = 0 reads channel 0; it should read channel 1."),
        (lambda c: 1 - c, "output channel 0 at h = 0, w = 0 reads channel 1; it should read channel 0."),
    ],
    ids=["all channels", "always the first", "the other one"],
)
def test_a_wrong_channel_is_seen(channels: Callable, words: str, probes: dict[str, Probe]) -> None:
    """Is a window at the right place in a wrong channel told apart?"""
    windows = look("pool_forward", pooling(channels=channels), probes["pool_forward"])
    assert len(windows.wrong) == 6
    assert words in windows.in_words()


@pytest.mark.parametrize(
    ("channels", "signs", "touched"),
    [(lambda c: slice(None), "✓✗", [9, 9]), (lambda c: 1 - c, "✗✗", [0, 9])],
    ids=["all channels", "the other one"],
)
def test_a_wrong_channel_is_drawn(channels: Callable, signs: str, touched: list[int], probes: dict[str, Probe]) -> None:
    """Is each input channel drawn apart, where all of them together look right, and printed so in a terminal?"""
    drawn = picture(look("pool_forward", pooling(channels=channels), probes["pool_forward"]))
    svg = ElementTree.fromstring(drawn.svg)
    panels = list(svg.iter("g"))
    texts = [text.text for text in svg.iter("text")]
    for k in (0, 1):
        heading, *labels = texts[7 * k : 7 * k + 7]
        assert heading == f"output channel 0, input channel {k}" and heading in drawn.text
        assert all(label.endswith(signs[k]) for label in labels)
        for panel in panels[6 * k : 6 * k + 6]:
            assert panel.find("path[@fill-opacity]").attrib["d"].count("M") == touched[k]
            assert (panel.find("rect") is not None) == (k == 0)  # pooling reads no other channel
    first = [line.split()[0] for line in drawn.text.splitlines() if line.strip()[0] in "■+-·"]
    assert (first[0], first[5]) == ("■" if touched[0] else "-", "+")


@pytest.mark.parametrize("start", [1.0, -7.5])
def test_start_from_other_numbers_moves_no_window(
    start: float, assignment: Assignment, probes: dict[str, Probe]
) -> None:
    """Are the windows right of a function whose output is right but for a number in each entry?"""

    def shifted(A_prev: np.ndarray, W: np.ndarray, b: np.ndarray, hparameters: dict) -> tuple[np.ndarray, tuple]:
        Z, cache = assignment.reference["conv_forward"](A_prev, W, b, hparameters)
        return np.where(Z == 0, start, Z + start), cache

    windows = look("conv_forward", shifted, probes["conv_forward"])
    assert windows.all_right, windows.in_words()


def test_output_that_is_never_written_reads_nothing(probes: dict[str, Probe]) -> None:
    """Is an output of ones called one that reads nothing, and not one that reads all?"""

    def untouched(A_prev: np.ndarray, hparameters: dict) -> tuple[np.ndarray, tuple]:
        return np.ones_like(pooling()(A_prev, hparameters)[0]), (A_prev, hparameters)

    assert "h = 0, w = 0 reads nothing;" in look("pool_forward", untouched, probes["pool_forward"]).in_words()


@pytest.mark.parametrize("start", ["random numbers", "nan"])
def test_garbage_has_no_picture(start: str, probes: dict[str, Probe], capsys: pytest.CaptureFixture[str]) -> None:
    """Is nothing said of the windows where other numbers than those of the windows decide?"""
    garbage = np.random.default_rng(5)

    def random_start(A_prev: np.ndarray, hparameters: dict) -> tuple[np.ndarray, tuple]:
        A = pooling()(A_prev, hparameters)[0]
        return A + (np.nan if start == "nan" else garbage.normal(size=A.shape)), (A_prev, hparameters)

    assert picture_for_test("pool_forward", random_start, probes["pool_forward"]) is None
    show_probed("pool_forward", random_start, probes["pool_forward"])
    assert "it gives nan, or other numbers for each example" in capsys.readouterr().out


def test_assignment_in_place_of_adding_up_leaves_holes(probes: dict[str, Probe]) -> None:
    """Is a backward pass with = in place of += seen to erase parts of earlier windows?"""

    def overwrites(dA: np.ndarray, cache: tuple, mode: str) -> np.ndarray:
        A_prev, hparameters = cache
        f, stride, dA_prev = hparameters["f"], hparameters["stride"], np.zeros(A_prev.shape)
        for i, h, w, c in np.ndindex(dA.shape):
            top, left = h * stride, w * stride
            dA_prev[i, top : top + f, left : left + f, c] = dA[i, h, w, c] / f**2
        return dA_prev

    windows = look("pool_backward", overwrites, probes["pool_backward"])
    assert (2, 2) not in windows.wrong and (0, 0) in windows.wrong
    assert "h = 0, w = 0 writes to rows 0 to 1, columns 0 to 1" in windows.in_words()
    assert windows.first_wrong_as_text().splitlines()[0].split() == ["■", "■", "-", "·", "·", "·", "·"]


@settings(max_examples=40)
@given(st.integers(3, 7), st.integers(3, 7), st.integers(1, 3), st.integers(1, 3))
def test_windows_belong_where_a_plain_loop_puts_them(n_H_prev: int, n_W_prev: int, f: int, stride: int) -> None:
    """Is the right window found for any size, filter and stride?"""
    probe = Probe(
        lambda function, A: function(A, {"f": f, "stride": stride})[0], (n_H_prev, n_W_prev, 2), 2, f, stride, 0, True
    )
    assert look("pool", pooling(), probe).wrong == []


def test_output_that_is_too_small_has_a_picture(assignment: Assignment, probes: dict[str, Probe]) -> None:
    """Does a function that forgets the padding get both sizes, and see the windows that it has?"""
    forward = assignment.reference["conv_forward"]
    windows = look("conv_forward", lambda A, W, b, hp: forward(A, W, b, {**hp, "pad": 0}), probes["conv_forward"])
    assert "the output is 2 high and 3 wide, it should be 3 high and 4 wide; 12 of 12" in windows.in_words()
    assert "h = 0, w = 0 reads rows 0 to 2, columns 0 to 2; it should read rows 0 to 1" in windows.in_words()
    assert windows.of(windows.touched, 2, 3).sum() == 0


def test_output_that_is_too_large_is_not_called_right(assignment: Assignment, probes: dict[str, Probe]) -> None:
    """Where the size ignores the stride and the windows do not, is the size told, and no window called wrong?"""

    def with_more(A_prev: np.ndarray, hparameters: dict) -> tuple[np.ndarray, None]:
        A, _ = assignment.reference["pool_forward"](A_prev, hparameters)
        return np.pad(A, ((0, 0), (0, 1), (0, 2), (0, 0))), None

    windows = look("pool_forward", with_more, probes["pool_forward"])
    assert "the output is 3 high and 5 wide, it should be 2 high and 3 wide; all 6 windows" in windows.in_words()
    assert not windows.all_right


@pytest.mark.parametrize(
    "shape", [(1, 3, 3, 2), (70, 2, 3, 1), (70, 2, 3), (2,)], ids=["examples", "channels", "axes", "one axis"]
)
def test_output_of_another_shape_is_told_in_a_line(
    shape: tuple[int, ...], probes: dict[str, Probe], capsys: pytest.CaptureFixture[str]
) -> None:
    """Is an output that cannot be laid beside the right one told by its shape, without an error?"""
    show_probed("pool_forward", lambda A, hp: (np.zeros(shape), None), probes["pool_forward"])
    said = capsys.readouterr().out
    assert f"should have shape (2, 3, 2), not {shape[1:]}." in said and said.count("\n") == 1


def test_failing_function_is_told_in_a_line(probes: dict[str, Probe], capsys: pytest.CaptureFixture[str]) -> None:
    """Does an error of the student's end the picture, and not the notebook?"""
    show_probed("pool_forward", lambda A, hp: A[99], probes["pool_forward"])
    said = capsys.readouterr().out
    assert "it raised IndexError" in said and said.count("\n") == 1


def test_exercise_not_begun_says_so(probes: dict[str, Probe]) -> None:
    """Is a placeholder's own sentence what the student sees?"""

    def pool_forward(A_prev: np.ndarray, hparameters: dict) -> None:
        raise NotDoneYet

    with pytest.raises(NotDoneYet, match="pool_forward is not done yet"):
        show_probed("pool_forward", pool_forward, probes["pool_forward"])


def test_picture_says_the_same_as_its_text(probes: dict[str, Probe]) -> None:
    """Has the picture a panel for each output entry, with a sign and a frame, and the words as its alternative?"""
    windows = look("pool_forward", pooling(lambda h, w, stride: (h, w * stride)), probes["pool_forward"])
    drawn = picture(windows)
    page = as_html(drawn)
    svg = ElementTree.fromstring(drawn.svg)
    assert svg.attrib["role"] == "img" and svg.attrib["aria-label"] == windows.in_words() == drawn.words
    labels = [text.text for text in svg.iter("text")]
    assert labels == ["0, 0 ✓", "0, 1 ✓", "0, 2 ✓", "1, 0 ✗", "1, 1 ✗", "1, 2 ✗"]
    read = [panel.find("path[@fill-opacity]").attrib["d"].count("M") for panel in svg.iter("g")]
    assert read == [9] * 6
    assert "#" not in page  # black or white ink would vanish on one of the themes
    assert page.count("currentColor") >= 12


@pytest.mark.parametrize("name", SLIDING)
def test_failed_test_shows_the_windows(
    name: str, assignment: Assignment, probes: dict[str, Probe], capsys: pytest.CaptureFixture[str]
) -> None:
    """Does the test of each sliding function print the first wrong window, and have the picture for a notebook?"""
    reference, backward = assignment.reference[name], probes[name].backward

    def shifted(*args: Any) -> Any:
        """Everything a row too low."""
        out = reference(*args)
        return (np.roll(out[0], 1, axis=1), *out[1:]) if isinstance(out, tuple) else np.roll(out, 1, axis=1)

    with pytest.raises(ChecksFailed) as failed:
        getattr(assignment.module("public_tests"), f"{name}_test")(shifted)
    said = capsys.readouterr().out
    assert f"{name} on 5 rows and 7 columns" in said and "windows are wrong. The first: h = 0, w = 0" in said
    assert ("■ written and right" if backward else "■ read and right") in said
    page = failed.value.report._repr_html_()
    assert page.count("<svg") == 1 and page.index("<svg") < page.index("<details>")


def test_failed_test_says_that_the_windows_are_right(
    assignment: Assignment, capsys: pytest.CaptureFixture[str]
) -> None:
    """Is a mistake in the values told apart: a sentence, and no picture of what is right?"""
    forward = assignment.reference["conv_forward"]
    with pytest.raises(ChecksFailed) as failed:
        assignment.module("public_tests").conv_forward_test(
            lambda A, W, b, hp: (2 * forward(A, W, b, hp)[0], (A, W, b, hp))
        )
    assert "all 12 windows are where they belong." in capsys.readouterr().out
    assert "<svg" not in failed.value.report._repr_html_()


def test_right_and_raising_functions_have_no_picture(
    assignment: Assignment, capsys: pytest.CaptureFixture[str]
) -> None:
    """Is there no word of windows where the test passes, and where the function raises?"""
    tests = assignment.module("public_tests")
    assert tests.pool_forward_test(assignment.reference["pool_forward"]).picture is None
    with pytest.raises(ChecksFailed) as failed:
        tests.pool_forward_test(lambda A, hp, mode="max": A[99])
    assert failed.value.report.picture is None
    assert "where they belong" not in capsys.readouterr().out


def test_unknown_function_is_asked_for_its_kind(assignment: Assignment) -> None:
    """Does a function of another name get the way to say what it is?"""
    pictures = assignment.module("layer_pictures")
    with pytest.raises(ValueError, match='name="conv_forward"'):
        pictures.show_windows(lambda *args: None)
    with pytest.raises(ValueError, match="step_through: knows conv_forward, pool_forward"):
        pictures.step_through(assignment.reference["conv_backward"])
