"""The parts of public and hidden tests.

A test is a list of checks. A `Case` is one call, and every returned number is compared. A `Property` is a mathematical
property over several calls. `run_checks` runs them against the student's function, shows a `Report`, and returns it. A
check never crashes, whatever a function returns or raises: it reports a finding, in words.

    plain_values     any returned value, as values with types that can be trusted
    typed_values     the same for sets, dates, records and tables
    packing          plain values in the form of the data file
    comparison       compare a value with the right one; report a finding if they differ
    typed_comparison  the same for sets, dates, records and tables
    wrong            a finding, and the words for a value
    differences      where and by how much an array differs
    kinds            cases, properties, and the interface of other kinds of checks
    running          the run of a test's checks
    reports          the output of a test
    heat_map         the places where an array differs, as a picture
    pictures         a picture next to the checks
    windows          the input entries that a layer's windows read, or write gradients to
    window_pictures  the same as a picture
    stepping         one window after the other, in numbers
    figures          matplotlib's pictures with a text
    progress         the progress of a page's exercises
    validation       a limit on the time of a cell while nbgrader validates the notebook
    expected_values  the data file
"""

from checks.comparison import require, require_array, require_outputs
from checks.expected_values import ExpectedValues, Mistake
from checks.kinds import Case, Check, Law, Property
from checks.pictures import Picture
from checks.progress import show_progress
from checks.reports import ChecksFailed, NotDoneYet, Report
from checks.running import Trial, behaviour_of, right_behaviour, run_checks, try_case
from checks.validation import limit_cells_while_validating
from checks.wrong import Wrong

__all__ = [
    "Case",
    "Check",
    "ChecksFailed",
    "ExpectedValues",
    "Law",
    "Mistake",
    "NotDoneYet",
    "Picture",
    "Property",
    "Report",
    "Trial",
    "Wrong",
    "behaviour_of",
    "require",
    "require_array",
    "require_outputs",
    "right_behaviour",
    "run_checks",
    "show_progress",
    "try_case",
]

limit_cells_while_validating()
