"""Decide whether figures are printed the fast way, which uses matplotlib's internals (`guest/figures_fast_path.py`)."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

TESTED = ("3.11.2",)
"""The versions of matplotlib whose pixels `tests/sandbox/test_figures_fast_path.py` has compared. Extend it after a run
of that file with another version."""


def why_not_fast(is_wanted: bool) -> str:
    """The reason why figures are printed in IPython's way; empty if they are printed the fast way."""
    if not is_wanted:
        return "c.Judge.fast_figures is off"
    try:
        found = version("matplotlib")
    except PackageNotFoundError:
        return "matplotlib is not installed"
    return (
        "" if found in TESTED else f"the fast way was tested with matplotlib {', '.join(TESTED)}, and here is {found}"
    )
