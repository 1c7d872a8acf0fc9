"""The regions of a cell that a release leaves out: solutions, hidden tests and rubrics, between delimiter lines."""

from __future__ import annotations

import re

START, END = "### START CODE HERE ###", "### END CODE HERE ###"
"""The course's marks around a solution. Students see them around the place for their code."""
BEGIN, FINISH = "BEGIN SOLUTION", "END SOLUTION"
"""nbgrader's own marks around a solution."""
SOLUTION_MARKS = ((START, END), (BEGIN, FINISH))
"""The pairs of marks around a solution. A cell uses one of the pairs."""
HIDDEN_START, HIDDEN_END = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"
"""nbgrader's marks around the lines of a grade cell that are not released."""
RUBRIC_START, RUBRIC_END = "BEGIN MARK SCHEME", "END MARK SCHEME"
"""nbgrader's marks around the rubric of a cell that people grade. The rubric is not released."""


def regions(source: str) -> list[str]:
    """The text of each solution region of a cell, without its delimiters."""
    return [text for start, end in SOLUTION_MARKS for text in _between(start, end, source)]


def marks_of(source: str) -> list[tuple[str, str]]:
    """The pairs of solution marks of which the cell uses at least one mark."""
    return [pair for pair in SOLUTION_MARKS if any(mark in source for mark in pair)]


def hidden_regions(source: str) -> list[str]:
    """The text of each hidden test region of a cell, without its delimiters."""
    return _between(HIDDEN_START, HIDDEN_END, source)


def rubric(source: str, is_code: bool = False) -> str:
    """The rubric in the text of a master's cell; empty if there is none. is_code: its lines are comments."""
    text = "\n\n".join(region.strip() for region in _between(RUBRIC_START, RUBRIC_END, source))
    return re.sub(r"^[ \t]*# ?", "", text, flags=re.MULTILINE) if is_code else text


def without_hidden_tests(source: str) -> str:
    """The source of a test cell as the release shows it."""
    return _without(HIDDEN_START, HIDDEN_END, source)


def without_rubric(source: str) -> str:
    """The source of a task cell as the release shows it."""
    return _without(RUBRIC_START, RUBRIC_END, source)


def _without(start: str, end: str, source: str) -> str:
    kept, hidden = [], False
    for line in source.split("\n"):
        # nbgrader looks for its marks anywhere in a line, so a mark need not stand alone here either
        if start in line:
            hidden = True
        elif end in line:
            hidden = False
        elif not hidden:
            kept.append(line)
    return "\n".join(kept)


def lines_of_hidden_tests(source: str) -> frozenset[int]:
    """The numbers, from 1, of the lines of a test cell that the release leaves out."""
    found, hidden = set(), False
    for number, line in enumerate(source.split("\n"), 1):
        hidden = (hidden or HIDDEN_START in line) and HIDDEN_END not in line
        if hidden:
            found.add(number)
    return frozenset(found)


def _between(start: str, end: str, source: str) -> list[str]:
    # from whole line to whole line: the marks stand in comments, with any indent
    pattern = rf"^[^\n]*{re.escape(start)}[^\n]*\n(.*?)^[^\n]*{re.escape(end)}"
    return re.findall(pattern, source, re.DOTALL | re.MULTILINE)
