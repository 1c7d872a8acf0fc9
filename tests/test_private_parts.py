"""The private parts of others that we use are as they were when we read them. docs/dependencies.md lists them."""

from __future__ import annotations

import concurrent.futures
import inspect
import multiprocessing
import subprocess
import sys
import time

import pytest
from courses import COURSE
from distributed import Client
from IPython.core import pylabtools
from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbgrader.plugins import FileNameCollectorPlugin
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades

OVERRIDDEN = [
    (InteractiveShell, "_format_exception_for_storage"),
    (InteractiveShell, "_showtraceback"),
    (InteractiveShell, "enable_gui"),
    (InteractiveShell, "system"),
    (DisplayHook, "finish_displayhook"),
    (DisplayHook, "log_output"),
    (DisplayHook, "write_format_data"),
    (DisplayHook, "write_output_prompt"),
    (DisplayPublisher, "clear_output"),
    (DisplayPublisher, "publish"),
    (CachingCompiler, "cache"),
    (SaveAutoGrades, "_add_score"),
    (FileNameCollectorPlugin, "collect"),
    (Client, "__del__"),
]


@pytest.mark.parametrize(("owner", "name"), OVERRIDDEN, ids=lambda value: getattr(value, "__name__", value))
def test_overridden_methods_are_there(owner: type, name: str) -> None:
    """Does the class that ours derives from still have the method, so that ours is called in its place?"""
    assert callable(vars(owner).get(name))


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (Axis, "_update_ticks"),
        (Text, "_get_layout"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_kept_results_of_matplotlib_are_functions_of_its_own(owner: type, name: str) -> None:
    assert callable(vars(owner).get(name))


def test_matplotlibs_attributes_are_there() -> None:
    """Do axes say whether their title moves, and a figure which labels are in line?"""
    figure = Figure()
    axes = figure.add_subplot()
    assert isinstance(axes, Axes)
    assert axes._autotitlepos is None or isinstance(axes._autotitlepos, bool)
    assert figure._align_label_groups.keys() >= {"x", "y"}


def test_ipython_prints_figures_with_a_function_that_we_know() -> None:
    assert list(inspect.signature(pylabtools.print_figure).parameters) == [
        "fig",
        "fmt",
        "bbox_inches",
        "base64",
        "kwargs",
    ]


def test_processes_of_a_pool_can_be_ended() -> None:
    """Does a pool keep its workers where a run that is given up looks for them?"""
    pool = concurrent.futures.ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
    endless = pool.submit(time.sleep, 3600)
    (process,) = pool._processes.values()
    process.terminate()
    with pytest.raises(concurrent.futures.BrokenExecutor):
        endless.result()
    pool.shutdown()


@pytest.mark.parametrize(("first", "loaded"), [("import grader.nbgrader_hooks", "False"), ("", "True")])
def test_grammars_of_addresses(first: str, loaded: str) -> None:
    """Does nbformat compile jsonschema's grammars, unless our package was imported before?"""
    code = f"{first}\nimport nbformat, sys\nprint(sys.modules.get('rfc3987_syntax') is not None)"
    run = subprocess.run([sys.executable, "-c", code], cwd=COURSE, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == loaded


def test_nbgraders_late_plugin_can_be_made_outside_nbgrader() -> None:
    step = AssignLatePenalties()
    step.init_plugin()
    assert callable(step.plugin_inst.late_submission_penalty)


def test_nbconverts_markdown_is_made_of_these_parts() -> None:
    """Does the text go through a renderer that can be replaced?"""
    renderer = IPythonRenderer(escape=True)
    assert "<strong>b</strong>" in MarkdownWithMath(renderer=renderer).render("**b** $x$")
