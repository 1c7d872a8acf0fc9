"""Wait for changes of files, with the system's reports where it gives any."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from watchfiles import watch


def changes(folder: Path, look: int, step: int, group: int, **options: Any) -> Iterator[None]:
    """Yield for ever: when a file in the folder changes, and each `look` milliseconds without a change.

    step: milliseconds within which the next change joins the same group. group: milliseconds of a group, at most.
    options: `watch_filter` and `recursive` of watchfiles.watch.
    """
    # The system's watches may be used up, and a file system shared over a network reports nothing.
    with contextlib.suppress(OSError, RuntimeError):
        for _ in watch(folder, step=step, debounce=group, rust_timeout=look, yield_on_timeout=True, **options):
            yield
    while True:
        time.sleep(look / 1000)
        yield
