"""The time that a session uses, seen from outside: it computes, it waits of its own accord, or it is kept waiting.

Computing and waiting count against the session. To be kept waiting, by a machine that has too much to do, does not.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

LOOK_SECONDS = 0.03
"""an exchange that takes longer is looked at while it goes on"""
LUMP_SECONDS = 0.2
"""of waiting in shorter exchanges: it is looked into as soon as there is so much of it"""
WAKE_SECONDS = 0.001
"""an exchange takes at least as long beside the computing: two processes are woken"""
WALL_FACTOR = 10
"""wall clock that a session gets beside its own time: beyond it the machine does not get anywhere"""
STARVED = 0.25
"""part of the wall clock; a session that is kept waiting longer is on a machine with too much to do"""
KEPT_WAITING = frozenset("RDTt")
"""states of a thread that would go on if it were let: it has no core, waits for a disk, or was stopped from outside"""


EXCHANGE = ("_start", "_next_look", "_used_before", "_allowed", "_starved", "_is_waiting")
"""attributes that are of the exchange at hand"""


class OutOfTime(Exception):
    """A limit was reached."""

    def __init__(self, detail: str, starved: bool = False, reason: str = "time") -> None:
        super().__init__(detail)
        self.starved, self.reason = starved, reason


class Meter:
    """Measures exchanges with one session. Where the system tells nothing of the process, all time counts."""

    def __init__(self, idle_seconds: float) -> None:
        self.process: int | None = None
        """the session's, as the kernel tells; None as long as it is not known"""
        self.used = 0.0
        """seconds that counted so far: processor time, and waiting"""
        self.idle = 0.0
        """of these the waiting"""
        self._idle_limit = idle_seconds
        self._clock: int | None = None
        self._lump = 0.0
        self._delay = 0.0

    def watch(self, process: int) -> None:
        """From now on measure that process."""
        self.process, self._clock = process, ~process << 3 | 2  # the kernel's name for a process's clock
        try:
            time.clock_gettime(self._clock)
        except (OSError, OverflowError):
            self._clock = None

    def restart(self) -> None:
        """Forget what was used: it was ours."""
        self.used = self.idle = self._lump = 0.0

    def start(self, seconds: float) -> None:
        """An exchange begins that may use `seconds`."""
        self._start = self._last = time.monotonic()
        self._cpu = self._processor_time(self._last)
        self._next_look = self._start + LOOK_SECONDS
        self._used_before, self._allowed, self._starved = self.used, seconds, 0.0
        self._is_waiting: bool | None = None

    def check(self) -> None:
        """Raises OutOfTime."""
        if time.monotonic() >= self._next_look:
            self._look()

    @contextlib.contextmanager
    def left_out(self) -> Iterator[None]:
        """Inside, the session waits for us."""
        started = time.monotonic()
        yield
        self._start += time.monotonic() - started
        self._last += time.monotonic() - started

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Inside, the session waits for us, who may have another exchange with it meanwhile."""
        paused_at = time.monotonic()
        exchange = {name: getattr(self, name) for name in EXCHANGE}
        try:
            yield
        finally:
            now = time.monotonic()
            vars(self).update(exchange, _last=now, _cpu=self._processor_time(now))
            self._start += now - paused_at

    def stop(self) -> None:
        """The exchange is over."""
        now = time.monotonic()
        cpu, gap = self._step(now)
        if self._is_waiting is None:
            self._lump += max(0.0, gap - WAKE_SECONDS)
            idle = 0.0
            if self._lump > LUMP_SECONDS:
                idle = max(0.0, self._lump - self._new_delay())
                self._lump = 0.0
        else:
            idle = max(0.0, gap - self._new_delay()) if self._is_waiting else 0.0
        self._count(cpu, idle, gap)

    def _look(self) -> None:
        now = time.monotonic()
        cpu, gap = self._step(now)
        delay = self._new_delay()
        self._is_waiting = not self._is_kept_waiting()
        self._count(cpu, max(0.0, gap - delay) if self._is_waiting else 0.0, gap)
        self._next_look = now + min(LOOK_SECONDS, max(self._allowed - self.used + self._used_before, 0.0))
        passed, starved = now - self._start, self._starved > STARVED * (now - self._start)
        if self.used - self._used_before >= self._allowed:
            raise OutOfTime(f"no answer within {max(self._allowed, 0):.3g} s", starved)
        if self.idle > self._idle_limit:
            raise OutOfTime(f"more than {self._idle_limit:.3g} s in all, without computing", reason="wait")
        if passed > WALL_FACTOR * self._allowed + 1:
            raise OutOfTime(f"no answer within {passed:.0f} s, most of which it was kept waiting", True)

    def _step(self, now: float) -> tuple[float, float]:
        """Processor time, and the rest of the wall clock, since the last step."""
        processor = self._processor_time(now)
        wall, cpu = now - self._last, processor - self._cpu
        self._last, self._cpu = now, processor
        return cpu, max(0.0, wall - cpu)

    def _count(self, cpu: float, idle: float, gap: float) -> None:
        self.used += cpu + idle
        self.idle += idle
        self._starved += gap - idle

    def _processor_time(self, now: float) -> float:
        if self._clock is None:
            return now
        try:
            return time.clock_gettime(self._clock)
        except OSError:  # it is gone
            return self._cpu

    def _new_delay(self) -> float:
        """Seconds since the last look in which the session's first thread, or we, could have run and had no core."""
        delay = _delay_of(str(self.process)) + _delay_of("thread-self")
        before, self._delay = self._delay, delay
        return delay - before

    def _is_kept_waiting(self) -> bool:
        """Would a thread of it go on if it were let?"""
        threads = f"/proc/{self.process}/task"
        with contextlib.suppress(OSError):
            for thread in os.listdir(threads):
                with contextlib.suppress(OSError, IndexError):
                    stat = Path(f"{threads}/{thread}/stat").read_text()
                    if stat.rpartition(") ")[2][:1] in KEPT_WAITING:
                        return True
        return False


def _delay_of(name: str) -> float:
    try:
        return int(Path(f"/proc/{name}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0
