"""Which grader this is: the package's version, and the bytes of its code and of `checks`; a course may change both."""

from __future__ import annotations

import hashlib
import importlib.util
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


@cache
def grader_version() -> str:
    """Such as "0.1.0+3f2a9c01"; a change of any line of the grader or of `checks` changes it."""
    code = hashlib.sha256()
    for folder in (Path(__file__).parents[1], checks_folder()):
        for path in sorted(folder.rglob("*.py")):
            code.update(path.read_bytes())
    try:
        number = version("grader")
    except PackageNotFoundError:
        number = "0"
    return f"{number}+{code.hexdigest()[:8]}"


def checks_folder() -> Path:
    """The installed package `checks`, of which a release holds a copy."""
    spec = importlib.util.find_spec("checks")
    assert spec is not None and spec.origin is not None  # it is installed with the grader
    return Path(spec.origin).parent
