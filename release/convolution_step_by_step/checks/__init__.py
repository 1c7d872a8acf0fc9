"""What the public and the hidden tests are made of.

A test is a list of checks: a `Case` is one call whose every number is compared, a `Law` a mathematical law over several
calls. `run_checks` runs them against the student's function, shows a `Report`, and returns it. A check never crashes
on what a function returns or raises: that is a finding, in words.

    plain_values     whatever came back, as values that can be trusted to be what they look like
    comparison       is it what it should be? else a finding
    running          cases, laws, and the run over them
    reports          what is shown
    expected_values  the data file
"""

from checks.comparison import Wrong, require, require_array, require_outputs
from checks.expected_values import ExpectedValues, Mistake
from checks.reports import ChecksFailed, NotDoneYet, Report
from checks.running import Case, Law, behaviour_of, run_checks

__all__ = [
    "Case",
    "ChecksFailed",
    "ExpectedValues",
    "Law",
    "Mistake",
    "NotDoneYet",
    "Report",
    "Wrong",
    "behaviour_of",
    "require",
    "require_array",
    "require_outputs",
    "run_checks",
]
