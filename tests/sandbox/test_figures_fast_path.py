"""The quick way to print a figure gives the pixels of IPython's own."""

from __future__ import annotations

import base64
import contextlib
import io
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from commands import grader
from courses import COURSE
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator
from matplotlib.transforms import Bbox

from grader.config.traits import Judge
from grader.sandbox import Sandbox, Session
from grader.sandbox.figures import TESTED, why_not_fast
from grader.sandbox.guest import figures_fast_path as figures


@pytest.fixture(autouse=True)
def closed_figures() -> Iterator[None]:
    plt.switch_backend("agg")
    yield
    plt.close("all")


def pixels(picture: bytes | str | None) -> np.ndarray:
    assert isinstance(picture, bytes)
    return plt.imread(io.BytesIO(picture))


def assert_same_picture(make: Callable[[], Figure]) -> None:
    """Of two figures, for printing one changes it."""
    quick, usual = pixels(figures.print_figure(make())), pixels(figures.usual_print_figure(make()))
    np.testing.assert_array_equal(quick, usual)


@st.composite
def plain_figures(draw: st.DrawFn) -> Callable[[], Figure]:
    """Recipes of the figures that notebooks draw most: a grid of images, lines and bars."""
    words = st.sampled_from(["", "t", "a long title over a small picture", "two\nlines", "$x^2$"])
    kinds = st.sampled_from(["lines", "image", "bars", "nothing"])
    rows, columns = draw(st.integers(1, 2)), draw(st.integers(1, 3))
    size = draw(st.sampled_from([(5, 4), (9, 3.5), (1.3, 7)]))
    turns, sizes = st.sampled_from([0, 45, 90]), st.sampled_from([4, 10, 25])
    panels = [
        (
            draw(kinds),
            *(draw(words) for _ in range(4)),
            *(draw(st.booleans()) for _ in range(2)),
            draw(st.floats(1e-9, 1e9)),
            {"rotation": draw(turns), "fontsize": draw(sizes)},
        )
        for _ in range(rows * columns)
    ]
    above, scale, pad = draw(words), draw(st.sampled_from(["linear", "log"])), draw(st.sampled_from([0.1, 0, 1]))

    def make() -> Figure:
        plt.rcParams["savefig.pad_inches"] = pad
        figure, grid = plt.subplots(rows, columns, figsize=size, squeeze=False)
        for axes, (kind, title, left, below, inside, is_off, is_above, high, form) in zip(
            grid.flat, panels, strict=True
        ):
            if kind == "lines":
                axes.plot([0, 1, 4], [1, high, 2 * high], "o--")
                axes.set_yscale(scale)
            elif kind == "image":
                axes.imshow(np.arange(12).reshape(3, 4) * high)
            elif kind == "bars":
                axes.bar(["a", "b"], [high, 1])
            axes.set(title=title, ylabel=left, xlabel=below)
            axes.text(0.9, 0.5, inside, transform=axes.transAxes, **form)
            axes.tick_params(labelrotation=form["rotation"])
            if is_above:
                axes.xaxis.tick_top()
            if is_off:
                axes.axis("off")
        if above:
            figure.suptitle(above)
        return figure

    return make


@pytest.mark.filterwarnings("ignore")  # of logarithmic axes about images, and of fonts
@given(plain_figures())
@settings(max_examples=25)
def test_plain_figures_are_the_same_to_the_pixel(make: Callable[[], Figure]) -> None:
    with plt.rc_context():
        try:
            assert figures.is_plain(make())
            assert figures.tight_borders(make()) is not None
            assert_same_picture(make)
        finally:
            plt.close("all")


def with_legend(figure: Figure) -> None:
    figure.add_subplot().plot([3, 1, 2], label="best place")
    figure.axes[0].legend(loc="best")


def with_layout_engine(figure: Figure) -> None:
    figure.set_layout_engine("constrained")
    figure.subplots(2, 2)[0, 0].set(title="title", xlabel="x")


def with_colour_bar(figure: Figure) -> None:
    figure.colorbar(figure.add_subplot().imshow([[0, 1]]))


def in_space(figure: Figure) -> None:
    figure.add_subplot(projection="3d").plot([0, 1], [0, 1], [0, 1])


def on_a_disc(figure: Figure) -> None:
    figure.add_subplot(projection="polar").plot([0, 1], [0, 1])


def with_a_twin(figure: Figure) -> None:
    figure.add_subplot().plot([1, 2])
    figure.axes[0].twinx().plot([100, 300])


def with_arrows(figure: Figure) -> None:
    figure.add_subplot().quiver([1, 2], [3, 4])
    figure.axes[0].annotate("there", (0.5, 0.5), (-2, 2), arrowprops={"arrowstyle": "->"})


def with_a_window(figure: Figure) -> None:
    figure.add_subplot().inset_axes((0.8, 0.8, 0.5, 0.5)).plot([1, 2])


def with_a_legend_of_its_own(figure: Figure) -> None:
    figure.add_subplot().plot([3, 1, 2], label="a line")
    figure.legend(loc="upper right")


def with_axes_that_are_placed_late(figure: Figure) -> None:
    figure.add_subplot().set_axes_locator(lambda axes, renderer: Bbox.from_bounds(0.2, 0.2, 0.5, 0.3))


def with_equal_units(figure: Figure) -> None:
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 5])
    axes.set_aspect("equal", adjustable="datalim")


def on_another_canvas(figure: Figure) -> None:
    figure.add_subplot().plot([1, 2])
    FigureCanvasSVG(figure)


def with_an_image_beside_lines_on_shared_axes(figure: Figure) -> None:
    *lines, last = figure.subplots(1, 3, sharex=True, sharey=True)
    for axes in lines:
        axes.plot([0, 1, 4], [1, 1, 2])
        axes.set_yscale("linear")  # leaves the limits to be found when they are asked for
    last.imshow(np.arange(12).reshape(3, 4))


def with_equal_units_on_shared_axes(figure: Figure) -> None:
    for axes in figure.subplots(1, 2, sharex=True):
        axes.plot([0, 1], [0, 5])
        axes.set_aspect("equal", adjustable="datalim")


def with_a_label_in_line_with_axes_that_are_off(figure: Figure) -> None:
    above, below = figure.subplots(2, 1)
    above.plot([0, 1], [1000000.5, 1234567.5])
    above.ticklabel_format(style="plain", useOffset=False)
    above.axis("off")
    below.plot([1, 2])
    below.set_ylabel("y")
    figure.align_ylabels()


def with_titles_in_line_above_images(figure: Figure) -> None:
    for axes in figure.subplots(1, 2):
        axes.imshow(np.zeros((2, 8)))
        axes.set_title("title")
    figure.align_titles()


def that_moves_when_drawn(figure: Figure) -> None:
    title = figure.add_subplot().set_title("t")
    figure.canvas.mpl_connect("draw_event", lambda event: title.set_fontsize(title.get_fontsize() + 8))


@pytest.mark.parametrize(
    "fill",
    [
        with_legend,
        with_layout_engine,
        with_colour_bar,
        in_space,
        on_a_disc,
        with_a_twin,
        with_arrows,
        with_a_window,
        with_a_legend_of_its_own,
        with_axes_that_are_placed_late,
        with_equal_units,
        on_another_canvas,
        with_an_image_beside_lines_on_shared_axes,
        with_equal_units_on_shared_axes,
        with_a_label_in_line_with_axes_that_are_off,
        with_titles_in_line_above_images,
        that_moves_when_drawn,
    ],
)
def test_figures_that_only_drawing_settles_are_the_same_too(fill: Callable[[Figure], None]) -> None:
    def make() -> Figure:
        figure = plt.figure()
        fill(figure)
        return figure

    assert not figures.is_plain(make())
    assert_same_picture(make)


def test_wrapped_text_is_the_same_too() -> None:
    def make() -> Figure:
        figure, axes = plt.subplots(figsize=(2, 2))
        axes.text(0.5, 0.5, "words that take more than one line " * 4, wrap=True, ha="center")
        return figure

    assert figures.is_plain(make())
    assert_same_picture(make)


def one_label_hidden(axes: Axes) -> None:
    axes.get_xticklabels()[1].set_visible(False)


def first_tick_red(axes: Axes) -> None:
    axes.xaxis.get_major_ticks(1)[0].label1.set_color("red")


def second_tick_red(axes: Axes) -> None:
    axes.yaxis.get_major_ticks()[1].label1.set_color("red")


def ticks_of_their_own(axes: Axes) -> None:
    axes.set_xticks([-7, 0, 0.5, 9], labels=["far", "nought", "half", "away"])
    axes.set_xlim(-1, 3)


def no_ticks_in_sight(axes: Axes) -> None:
    axes.xaxis.set_major_locator(FixedLocator([-50, 50]))


def minor_ticks(axes: Axes) -> None:
    axes.minorticks_on()


def upside_down(axes: Axes) -> None:
    axes.invert_xaxis()


def close_up(axes: Axes) -> None:
    axes.set_ylim(1e6 + 0.25, 1e6 + 0.5)


def one_formatter_for_both(axes: Axes) -> None:
    axes.xaxis.set_major_formatter(axes.yaxis.get_major_formatter())


def no_labels(axes: Axes) -> None:
    axes.tick_params(labelbottom=False, labelright=True)


def in_another_style(axes: Axes) -> None:
    axes.grid(True)
    axes.tick_params(direction="in", length=9, colors="green", labelrotation=30)


def with_names(axes: Axes) -> None:
    axes.clear()
    axes.bar(["a", "b", "c"], [1, 2, 3])


@pytest.mark.parametrize(
    "change",
    [
        one_label_hidden,
        first_tick_red,
        second_tick_red,
        ticks_of_their_own,
        no_ticks_in_sight,
        minor_ticks,
        upside_down,
        close_up,
        one_formatter_for_both,
        no_labels,
        in_another_style,
        with_names,
    ],
)
@pytest.mark.parametrize("is_printed_before", [False, True])
def test_ticks_of_all_kinds_are_the_same(change: Callable[[Axes], None], is_printed_before: bool) -> None:
    def printed(print_figure: Callable[[Figure], bytes]) -> np.ndarray:
        figure, (left, right) = plt.subplots(1, 2)
        left.imshow(np.eye(3))
        right.plot([0, 1, 2], [3, 1, 2])
        if is_printed_before:
            print_figure(figure)
        change(left)
        change(right)
        assert figures.is_plain(figure)
        return pixels(print_figure(figure))

    np.testing.assert_array_equal(printed(figures.print_figure), printed(figures.usual_print_figure))


@pytest.mark.parametrize("name", ["TICKS", "LAYOUT", "ALIGNED"])
def test_another_matplotlib_prints_as_usual(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does nothing break where something that is matplotlib's own has gone?"""
    monkeypatch.setattr(figures, name, "_no_longer_there")
    figure, axes = plt.subplots()
    axes.set_title("title")
    assert not figures.is_plain(figure)
    assert isinstance(figures.print_figure(figure), bytes)


def test_an_empty_figure_prints_nothing() -> None:
    assert figures.print_figure(plt.figure()) is None


def test_a_figure_that_cannot_be_drawn_fails_as_usual() -> None:
    def make() -> Figure:
        figure, axes = plt.subplots()
        axes.set_title("$\\nonsense$")
        return figure

    with pytest.raises(ValueError, match="nonsense") as usual:
        figures.usual_print_figure(make())
    with pytest.raises(ValueError, match="nonsense") as quick:
        figures.print_figure(make())
    assert str(quick.value) == str(usual.value)


def test_warnings_are_the_usual_ones() -> None:
    """Do they name the place that IPython's would, as often, and no file of ours?"""

    def said(print_figure: Callable[[Figure], bytes]) -> list[tuple[str, str, int]]:
        figure, axes = plt.subplots()
        axes.set_title("中")
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            print_figure(figure)
        return [(str(one.message), one.filename, one.lineno) for one in caught]

    assert said(figures.print_figure) == said(figures.usual_print_figure) != []


@pytest.mark.parametrize(
    "before",
    [{"text": "words"}, {"fontsize": 9}, {"rotation": 10}, {"rotation_mode": "default"}, {"ha": "left"}, {"va": "top"}],
)
def test_text_that_changes_while_it_is_printed_is_the_same_too(before: dict[str, Any]) -> None:
    """A formatter is the students' own, and runs in the middle."""
    after = {
        "text": "others",
        "fontsize": 30,
        "rotation": 60,
        "rotation_mode": "anchor",
        "ha": "center",
        "va": "bottom",
    }

    def make() -> Figure:
        figure, axes = plt.subplots()
        note = axes.text(0.9, 0.9, "")

        def tick(value: float, place: int | None) -> str:
            note.set(**{**after, **before})
            note.get_window_extent()
            note.set(**after)
            return "tick"

        axes.yaxis.set_major_formatter(tick)
        return figure

    assert figures.is_plain(make())
    assert_same_picture(make)


@pytest.mark.parametrize("title", ["title", "$\\nonsense$", "中"])
@pytest.mark.filterwarnings("ignore:Glyph")
def test_printing_leaves_matplotlib_as_it_was(title: str) -> None:
    """Also where it fails, or where another figure is printed in the middle."""
    before = vars(Text)["_get_layout"], dict(vars(fontManager))
    figure, axes = plt.subplots()
    axes.set_title(title)

    def tick(value: float, place: int | None) -> str:
        small = plt.figure(figsize=(1, 1))
        figures.print_figure(small)
        plt.close(small)
        return "tick"

    axes.xaxis.set_major_formatter(tick)
    with contextlib.suppress(ValueError):
        figures.print_figure(figure)
    assert (vars(Text)["_get_layout"], dict(vars(fontManager))) == before
    assert not {"_update_ticks", "get_major_ticks"} & vars(axes.xaxis).keys()


def test_printing_leaves_the_figure_as_usual() -> None:
    """A title can still make way for what is drawn later."""

    def twice(print_figure: Callable[[Figure], bytes]) -> np.ndarray:
        figure, axes = plt.subplots()
        axes.set_title("title")
        print_figure(figure)
        axes.xaxis.tick_top()
        return pixels(figures.usual_print_figure(figure))

    np.testing.assert_array_equal(twice(figures.print_figure), twice(figures.usual_print_figure))


def test_other_formats_and_options_are_passed_on() -> None:
    figure, _ = plt.subplots()
    assert str(figures.print_figure(figure, "svg")).startswith("<?xml")
    assert isinstance(figures.print_figure(figure, base64=True), str)
    whole = pixels(figures.print_figure(figure, bbox_inches=None, dpi=50))
    assert whole.shape[:2] == (240, 320)


@pytest.mark.parametrize("before", ["", "%matplotlib inline\n", "%config InlineBackend.close_figures = True\n"])
def test_sessions_print_so_and_remain_so(session: Session, before: str) -> None:
    session.run_cell(before)
    run = session.run_cell("import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\naxes.plot([1, 2])")
    picture = base64.b64decode(run.outputs[-1]["data"]["image/png"])
    figure, axes = plt.subplots()
    axes.plot([1, 2])
    np.testing.assert_array_equal(pixels(picture), pixels(figures.usual_print_figure(figure)))
    (shown,) = session.run_cell(
        "from matplotlib.figure import Figure\n"
        "print(get_ipython().display_formatter.formatters['image/png'].lookup_by_type(Figure).func.__module__)"
    ).outputs
    assert shown["text"].strip() == figures.__name__


PRINTER = (
    "from matplotlib.figure import Figure\n"
    "print(get_ipython().display_formatter.formatters['image/png'].lookup_by_type(Figure).func.__module__)"
)


def printer(sandbox: Sandbox) -> str:
    with sandbox.open() as session:
        session.run_cell("%matplotlib inline")
        (shown,) = session.run_cell(PRINTER).outputs
    return str(shown["text"]).strip()


def test_this_matplotlib_is_a_tested_one() -> None:
    """Is the version that pyproject.toml pins one of those whose pixels were compared?"""
    assert mpl.__version__ in TESTED
    assert why_not_fast(True) == ""


def test_switch_off() -> None:
    """Are figures printed as IPython does it where the course says so?"""
    with Judge(fast_figures=False).sandbox() as sandbox:
        assert sandbox.why_not_fast_figures == "c.Judge.fast_figures is off"
        assert printer(sandbox) == "IPython.core.pylabtools"


def test_untested_matplotlib_prints_as_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    """Does the sandbox leave the fast way where matplotlib is another one, and say so?"""
    monkeypatch.setattr("grader.sandbox.figures.TESTED", ("0.1", "0.2"))
    with Judge().sandbox() as sandbox:
        said = f"the fast way was tested with matplotlib 0.1, 0.2, and here is {mpl.__version__}"
        assert sandbox.why_not_fast_figures == said
        assert printer(sandbox) == "IPython.core.pylabtools"
    doctor = grader(COURSE, "doctor")
    assert f"Figures are printed as IPython does it: {said}." in doctor.stdout


def test_doctor_says_how_figures_are_printed() -> None:
    assert "Figures are printed the fast way." in grader(COURSE, "doctor").stdout


FIGURE = "import matplotlib.pyplot as plt\n%matplotlib inline\nfigure, axes = plt.subplots()\naxes.plot([1, 2])\n"


def test_without_pictures_a_plain_figure_is_not_drawn() -> None:
    """Is a plain figure shown as one pixel, and closed, while one that runs a student's code is drawn?"""
    loud = "figure.canvas.mpl_connect('draw_event', lambda event: print('drawn'))"
    by_hand = (
        "from IPython.core.pylabtools import print_figure as made\nprint(made(figure)[:4], made(figure, 'svg')[:5])"
    )
    with Sandbox() as sandbox, sandbox.open(pictures=False) as session:
        shown = session.run_cell(FIGURE).outputs[-1]
        assert plt.imread(io.BytesIO(base64.b64decode(shown["data"]["image/png"]))).shape[:2] == (1, 1)
        assert session.run_cell("plt.get_fignums()").outputs[0]["data"] == {"text/plain": "[]"}
        assert session.run_cell(FIGURE + by_hand).outputs[0]["text"] == "b'\\x89PNG' <?xml\n"
        outputs = session.run_cell(FIGURE + loud).outputs
        assert any("drawn" in output.get("text", "") for output in outputs)
        assert plt.imread(io.BytesIO(base64.b64decode(outputs[-1]["data"]["image/png"]))).shape[0] > 100
