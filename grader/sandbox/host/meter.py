"""Measure from outside the time that a session uses.

Time of computing and time of waiting by its own choice count against the session. Time that an overloaded machine makes
it wait does not.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator

LOOK_SECONDS = 0.03
"""Seconds after which a running exchange is examined, and between two examinations."""
LUMP_SECONDS = 0.2
"""Seconds of waiting, summed over short exchanges, after which their waiting is examined."""
WAKE_SECONDS = 0.001
"""Seconds that an exchange takes in addition to the computing, because two processes have to wake up."""
WALL_FACTOR = 10
"""Wall clock of an exchange, as a multiple of its own time. Beyond it the machine makes no progress."""
STARVED = 0.25
"""Fraction of the wall clock. A session that the machine kept waiting for longer is on an overloaded machine."""
KEPT_WAITING = frozenset((b"R", b"D", b"T", b"t"))
"""States of a thread that would run if it could: it has no core, waits for a disk, or was stopped from outside."""


EXCHANGE = ("_start", "_next_look", "_used_before", "_allowed", "_starved", "_is_waiting")
"""The attributes that belong to the current exchange."""


class OutOfTime(Exception):
    """The session reached a time limit. reason: "time", or "wait" for a limit of waiting."""

    def __init__(self, detail: str, starved: bool = False, reason: str = "time") -> None:
        super().__init__(detail)
        self.starved, self.reason = starved, reason


class Meter:
    """Measures exchanges with one session. If the system tells nothing about the process, all wall clock counts."""

    def __init__(self, idle_seconds: float) -> None:
        self.process: int | None = None
        """The session's process number from the kernel; None as long as it is not known."""
        self.used = 0.0
        """Seconds counted so far: processor time and waiting."""
        self.idle = 0.0
        """Seconds of waiting counted so far, a part of `used`."""
        self._idle_limit = idle_seconds
        self._clock: int | None = None
        self._lump = 0.0
        self._delay = 0.0

    def watch(self, process: int) -> None:
        """Measure this process from now on."""
        # the kernel's name for the clock of a process: all its threads count, and the process cannot set it
        self.process, self._clock = process, ~process << 3 | 2
        try:
            time.clock_gettime(self._clock)
        except (OSError, OverflowError):
            self._clock = None

    def restart(self) -> None:
        """Forget the time so far, because it was the grader's own."""
        self.used = self.idle = self._lump = 0.0

    def start(self, seconds: float) -> None:
        """Begin an exchange that may use `seconds` of own time."""
        self._start = self._last = time.monotonic()
        self._cpu = self._processor_time(self._last)
        self._next_look = self._start + LOOK_SECONDS
        self._used_before, self._allowed, self._starved = self.used, seconds, 0.0
        self._is_waiting: bool | None = None

    def check(self) -> None:
        """Examine the session if it is time to. Raises OutOfTime at a limit."""
        if time.monotonic() >= self._next_look:
            self._look()

    @contextlib.contextmanager
    def left_out(self) -> Iterator[None]:
        """Leave the time inside the block out, because the session waits for the judge there."""
        started = time.monotonic()
        yield
        self._start += time.monotonic() - started
        self._last += time.monotonic() - started

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """The same, for a block in which the judge may have another exchange with the session."""
        paused_at = time.monotonic()
        exchange = {name: getattr(self, name) for name in EXCHANGE}
        try:
            yield
        finally:
            now = time.monotonic()
            vars(self).update(exchange, _last=now, _cpu=self._processor_time(now))
            self._start += now - paused_at

    def stop(self) -> None:
        """End the exchange."""
        now = time.monotonic()
        cpu, gap = self._step(now)
        if self._is_waiting is None:
            # Most exchanges take less than a millisecond. To read /proc for each would cost more than they do, so their
            # waiting is summed up and examined together.
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
        # no later than the limit could be reached, so that a session beyond it is stopped at once
        self._next_look = now + min(LOOK_SECONDS, max(self._allowed - self.used + self._used_before, 0.0))
        passed, starved = now - self._start, self._starved > STARVED * (now - self._start)
        if self.used - self._used_before >= self._allowed:
            raise OutOfTime(f"no answer within {max(self._allowed, 0):.3g} s", starved)
        if self.idle > self._idle_limit:
            raise OutOfTime(f"more than {self._idle_limit:.3g} s in all, without computing", reason="wait")
        if passed > WALL_FACTOR * self._allowed + 1:
            raise OutOfTime(f"no answer within {passed:.0f} s, most of which it was kept waiting", True)

    def _step(self, now: float) -> tuple[float, float]:
        """Seconds of processor time, and the rest of the wall clock, since the last step."""
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
        """Seconds since the last look in which the session's first thread, or this one, was ready but had no core."""
        delay = _delay_of(str(self.process)) + _delay_of("thread-self")
        before, self._delay = self._delay, delay
        return delay - before

    def _is_kept_waiting(self) -> bool:
        """Whether a thread of the session would run if it could."""
        threads = f"/proc/{self.process}/task"
        with contextlib.suppress(OSError):
            for thread in os.listdir(threads):
                with contextlib.suppress(OSError, IndexError):
                    stat = _read(f"{threads}/{thread}/stat")
                    # from the last ")": the name before it is the student's to choose, and may look like a state
                    if stat.rpartition(b") ")[2][:1] in KEPT_WAITING:
                        return True
        return False


def _delay_of(name: str) -> float:
    try:
        return int(_read(f"/proc/{name}/schedstat").split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


def _read(path: str) -> bytes:
    """A small file of the kernel. Path.read_text() takes five times as long, and this happens during a cell."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(descriptor, 4096)
    finally:
        os.close(descriptor)
