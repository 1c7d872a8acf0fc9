"""progress(): how far the exercises of a page are."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import NullTranslations

import numpy as np
import pytest
from answers import report_of
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

import public_tests
from checks import Case, NotDoneYet, run_checks, window_pictures
from checks import progress as module
from checks.heat_map import heat_map
from checks.messages import Language, speaking
from checks.stepping import Steps


@pytest.fixture(autouse=True)
def _nothing_has_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_latest", {})


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def lines(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Exercise -> its line."""
    capsys.readouterr()
    public_tests.progress()
    _, *rest = capsys.readouterr().out.splitlines()
    return {line.split()[0]: line for line in rest}


def shares(dz: float, shape: tuple) -> np.ndarray:
    return np.full(shape, dz / np.prod(shape))


def test_one_line_before_any_test(capsys: pytest.CaptureFixture[str]) -> None:
    """Is there one line that says what to do, as in a notebook that is being graded, where tests run elsewhere?"""
    public_tests.progress()
    assert capsys.readouterr().out == f"{module.NOTHING_RUN}\n"


def test_every_exercise_has_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Does each exercise whose test has not run say "not run yet", and no other?"""
    report_of(public_tests.distribute_value_test, shares)
    found = lines(capsys)
    assert list(found) == list(public_tests.CASES)
    others = [line for name, line in found.items() if name != "distribute_value"]
    assert all(line.endswith("not run yet") and "█" not in line for line in others)
    assert "not run yet" not in found["distribute_value"]


def test_bar_follows_the_latest_run(capsys: pytest.CaptureFixture[str]) -> None:
    """Does the bar show the checks that passed at the latest run, not at the first?"""
    report_of(public_tests.distribute_value_test, lambda dz, shape: np.full(shape, 0.5))
    first = lines(capsys)["distribute_value"]
    assert first.endswith("1 of 4 checks passed") and first.count("█") == 5
    report_of(public_tests.distribute_value_test, shares)
    second = lines(capsys)["distribute_value"]
    assert second.endswith("4 of 4 checks passed ✓") and "░" not in second


def test_untouched_exercise_is_not_done(capsys: pytest.CaptureFixture[str]) -> None:
    """Is an exercise whose test met the placeholder told apart from one that was not run?"""

    def zero_pad(X: np.ndarray, pad: int) -> None:
        raise NotDoneYet

    with pytest.raises(NotDoneYet):
        public_tests.zero_pad_test(zero_pad)
    assert lines(capsys)["zero_pad"].endswith("not done yet")


def test_hidden_test_is_no_run_of_the_students(capsys: pytest.CaptureFixture[str]) -> None:
    """Does a hidden run leave the bars alone?"""
    report_of(public_tests.distribute_value_test, shares)
    run_checks("zero_pad", abs, [Case("is positive", (-1.0,), expected=1.0)], hidden=True)
    assert lines(capsys)["zero_pad"].endswith("not run yet")


def test_some_exercises_can_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Can a page show its own exercises alone?"""
    report_of(public_tests.distribute_value_test, shares)
    capsys.readouterr()
    public_tests.progress("distribute_value")
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_notebook_shows_a_table_with_words(shell: InteractiveShell) -> None:
    """Is it a table in a notebook, whose bars stand beside their words and are not read aloud?"""
    with capture_output() as captured:
        report_of(public_tests.distribute_value_test, shares)
        public_tests.progress()
    data = captured.outputs[-1].data
    assert data["text/html"].count("scope='row'") == len(public_tests.CASES)
    assert data["text/html"].count("aria-hidden='true'") == len(public_tests.CASES)
    assert "4 of 4 checks passed" in data["text/html"] and "4 of 4 checks passed" in data["text/plain"]


def test_numbers_and_drawings_stay_left_to_right(shell: InteractiveShell) -> None:
    """Run words from right to left in such a language, and tables of numbers, maps and drawings from left to right?"""
    error = {"heat": [[0.0, 1.0], [0.0, 0.0]]}
    steps = Steps("pool_forward", np.ones((4, 4)), 2, 2, 0, np.ones((2, 2, 1)))
    with speaking(Language("fa", NullTranslations(), is_rtl=True)), capture_output() as captured:
        public_tests.progress()
        report_of(public_tests.distribute_value_test, shares)
        public_tests.progress()
        window_pictures.show_probed(
            "pool_forward", lambda A, _: (A[:, :2, :2], None), public_tests.PROBES["pool_forward"]
        )
        window_pictures.show_probed("pool_forward", lambda A, _: None, public_tests.PROBES["pool_forward"])
        words, tables = steps.as_html(0, 0, 0).split("</p>")
    nothing_run, _, bars, drawn, none = (output.data["text/html"] for output in captured.outputs)
    assert nothing_run.startswith("<p dir='rtl'>") and "<table dir='rtl'>" in bars and ":left" not in bars
    assert '<code dir="ltr">zero_pad</code>' in bars and words.startswith("<p dir='rtl'>")
    assert tables.count("<table") == tables.count("direction:ltr") == 3 and tables.count("<caption dir='rtl'") == 2
    assert "direction:ltr" in heat_map(error) and none.startswith("<p dir='rtl'>")
    assert drawn.startswith("<div dir='rtl'>") and "direction:ltr" in drawn[drawn.index("<svg") :]
