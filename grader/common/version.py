"""Which grader this is: the package's version, and the bytes of its code, since a course may run a changed one."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


@cache
def grader_version() -> str:
    """Such as "0.1.0+3f2a9c01"; a change of any line of the grader changes it."""
    folder = Path(__file__).parents[1]
    code = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.rglob("*.py"))))
    try:
        number = version("grader")
    except PackageNotFoundError:
        number = "0"
    return f"{number}+{code.hexdigest()[:8]}"
