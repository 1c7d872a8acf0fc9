"""`import reference` in a kernel that runs a master: the solutions of the assignment whose `private/` is on the path.

The folder of this file stands on such a kernel's path too (`layout.kernel_path`). While the grader runs tests, it makes
the module itself (`modules`).
"""

import sys
from pathlib import Path

from grader.assignments.assignment import Assignment
from grader.assignments.layout import PRIVATE

private = next(path for path in map(Path, sys.path) if path.name == PRIVATE)
globals().update(Assignment(private.parent).reference)
