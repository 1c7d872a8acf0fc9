"""The engine of the course: from a master notebook to a graded class. It contains no exercise and no assignment."""

import sys

# pip refuses an older Python, but a checkout can be run without pip.
if sys.version_info < (3, 11):  # noqa: UP036
    found = ".".join(map(str, sys.version_info[:2]))
    sys.exit(f"The grader needs Python 3.11 or newer, and this is {found}: use another Python.")
