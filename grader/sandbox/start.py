"""Start a new interpreter that inherits only one socket."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

BOOTSTRAP = """
import json, sys
sys.path.insert(0, {{package!r}})
from {module} import main
main({{descriptor}}, json.load(sys.stdin) | {{{{"site_folders": {{site_folders!r}}}}}})
"""
NEUTRAL_PLACE = Path(__file__).resolve().parent / "isolation" / "neutral_place.py"
TUNABLES = ":".join(
    f"glibc.malloc.{name}"
    for name in ("hugetlb=1", "mmap_threshold=67108864", "trim_threshold=134217728", "top_pad=67108864")
)
"""Settings of malloc that save page faults: memory for figures comes in huge pages, and is kept for the next one."""
PACKAGE_FOLDER = str(Path(__file__).resolve().parents[2])


def start_python(module: str, theirs: socket.socket, settings: Mapping[str, Any]) -> subprocess.Popen[bytes]:
    """Start an isolated interpreter that runs main() of `module`, a module of this room.

    theirs: the socket that it inherits. settings: plain values for main(). Raises OSError if Python cannot start.
    """
    bootstrap = BOOTSTRAP.format(module=f"{__package__}.{module}")
    if sys.platform == "linux" and "namespaces" not in settings["without"]:
        about = {
            **{"executable": sys.executable, "prefix": sys.prefix, "package": PACKAGE_FOLDER, "bootstrap": bootstrap},
            **{"descriptor": theirs.fileno(), "site_folders": settings["site_folders"]},
        }
        command = ["-I", "-S", str(NEUTRAL_PLACE), json.dumps(about)]
    else:
        names = {"package": PACKAGE_FOLDER, "descriptor": theirs.fileno()}
        command = ["-I", "-c", bootstrap.format(**names, site_folders=settings["site_folders"])]
    # one core per session: threads of BLAS would only wait for each other, and count as the student's
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    # The judge's own style sheet would change the figures, so matplotlib gets an empty one. HDF5 locks the files that
    # it opens, and a session may not lock a file.
    environment = {**threads, "LANG": "C.UTF-8", "MATPLOTLIBRC": os.devnull, "GLIBC_TUNABLES": TUNABLES}
    environment["HDF5_USE_FILE_LOCKING"] = "FALSE"
    with tempfile.TemporaryFile() as settings_for_child:  # a full pipe would block until the child reads it
        settings_for_child.write(json.dumps(dict(settings)).encode())
        settings_for_child.seek(0)
        return subprocess.Popen(
            [sys.executable, *command],
            env=environment,
            cwd="/",
            pass_fds=[theirs.fileno()],
            stdin=settings_for_child,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
