"""The interpreter of a session, before the first line of the student's."""

from __future__ import annotations

import os
import sys
import tempfile


def prepare_interpreter(home: str) -> None:
    """Set the environment and the import path of a session, after its isolation. home: its private folder."""
    os.environ.clear()
    os.environ.update(HOME=home, TMPDIR=f"{home}/tmp", PATH="/usr/bin:/bin", LANG="C.UTF-8", MPLCONFIGDIR=f"{home}/tmp")
    os.environ.update(MPLBACKEND="module://matplotlib_inline.backend_inline", IPYTHONDIR=f"{home}/.ipython")
    tempfile.tempdir = None  # tempfile remembers the warm parent's folder
    sys.path.insert(0, "")
    sys.argv = [""]
    sys.dont_write_bytecode = True
