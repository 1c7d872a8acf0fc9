"""What the public and the hidden tests are made of.

A test is a list of checks: a `Case` is one call whose every number is compared, a `Property` a mathematical property
over several calls. `run_checks` runs them against the student's function, shows a `Report`, and returns it. A check
never crashes on what a function returns or raises: that is a finding, in words.

    plain_values     whatever came back, as values that can be trusted to be what they look like
    typed_values     the same for sets, dates, records and tables
    packing          plain values as they are kept in a file
    comparison       is it what it should be? else a finding
    typed_comparison  the same for sets, dates, records and tables
    wrong            a finding, and the words for a value
    differences      where and by how much an array differs
    kinds            cases, properties, and what another kind of check needs
    running          the run over them
    reports          what is shown
    heat_map         where an array differs, as a picture
    pictures         a picture beside the checks
    windows          which entries of its input a layer's windows read, or write gradients to
    window_pictures  the same as a picture
    stepping         one window after the other, in numbers
    figures          matplotlib's pictures with a text
    progress         how far a page's exercises are
    expected_values  the data file
"""

from checks.comparison import require, require_array, require_outputs
from checks.expected_values import ExpectedValues, Mistake
from checks.kinds import Case, Check, Law, Property
from checks.pictures import Picture
from checks.progress import show_progress
from checks.reports import ChecksFailed, NotDoneYet, Report
from checks.running import Trial, behaviour_of, right_behaviour, run_checks, try_case
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
