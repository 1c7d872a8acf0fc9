"""The grader's own options in `nbgrader_config.py`, with their meaning."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any

from traitlets import Bool, Dict, Float, Integer, List, TraitError, Unicode
from traitlets.config import Configurable

from grader.config.course_secret import SECRET_FILE
from grader.config.policy import GradingPolicy
from grader.sandbox import Limits, Sandbox

DEFAULT = Limits()
"""The default limits of a session."""
JUDGED = GradingPolicy()
"""The default policy of the judge."""


class _Limit:
    """A check for traits that are numbers: a limit must be positive, because nothing can run within a limit of 0."""

    def validate(self, owner: object, value: object) -> Any:
        number: float = super().validate(owner, value)  # type: ignore[misc]  # of the class that it is mixed into
        if not 0 < number < inf:
            name = getattr(self, "name", "")
            raise TraitError(f"c.Judge.{name} = {number}: nothing can run within this limit; give more than 0")
        return number


class Seconds(_Limit, Float[float, float]):
    """A limit of time, in seconds."""


class Count(_Limit, Integer[int, int]):
    """A limit of bytes, files, threads or the like."""


class CountParts(Configurable):
    """The section of the settings that names the parts of an assignment that count.

    The release's preprocessor of the same name inherits this class. It imports nbgrader, which is slow to load, so the
    trait is declared here for all who only need the setting.
    """

    parts = Dict(
        value_trait=Bool(),
        key_trait=Unicode(),
        help="Part of an assignment (a tag on its test cells) -> whether its points count towards the total.",
    ).tag(config=True)


class Judge(Configurable):
    """How submissions are run and judged."""

    carry_forward = Bool(
        JUDGED.carry_forward,
        help="Judge a failed exercise once more with the reference in place of earlier ones that failed.",
    ).tag(config=True)
    minimal_counterexample = Bool(
        JUDGED.minimal_counterexample, help="Show students the smallest input that a failed exercise gets wrong."
    ).tag(config=True)
    smallest_case = Bool(None, allow_none=True, help="The earlier name of minimal_counterexample; it still works.").tag(
        config=True
    )
    call_seconds = Seconds(
        DEFAULT.call_seconds,
        help="Own time of one call of a student's function.",
    ).tag(config=True)
    exercise_seconds = Seconds(
        JUDGED.exercise_seconds,
        help="Own time of all calls of one judgement of an exercise. After it no further call begins.",
    ).tag(config=True)
    cell_seconds = Seconds(DEFAULT.cell_seconds, help="Own time of one cell.").tag(config=True)
    submission_seconds = Seconds(DEFAULT.session_seconds, help="Own time of one submission.").tag(config=True)
    idle_seconds = Seconds(
        DEFAULT.idle_seconds, help="Part of a submission's own time that it may wait without computing."
    ).tag(config=True)
    cpu_seconds = Count(DEFAULT.cpu_seconds, help="Processor time of one session of a submission.").tag(config=True)
    memory_bytes = Count(DEFAULT.memory_bytes, help="Memory beyond what every session starts with.").tag(config=True)
    disk_bytes = Count(DEFAULT.disk_bytes, help="All files that a submission writes.").tag(config=True)
    file_count = Count(DEFAULT.file_count, help="Files and folders that a submission makes.").tag(config=True)
    open_files = Count(DEFAULT.open_files, help="Open file descriptors.").tag(config=True)
    processes = Count(DEFAULT.processes, help="Threads; new processes are refused.").tag(config=True)
    cell_output_bytes = Count(DEFAULT.cell_output_bytes, help="Output of one cell; the rest is dropped.").tag(
        config=True
    )
    submission_output_bytes = Count(DEFAULT.session_output_bytes, help="Output of one session.").tag(config=True)
    max_notebook_bytes = Count(
        JUDGED.max_notebook_bytes, help="Size of a notebook without its outputs. A larger one is not read."
    ).tag(config=True)
    preload = List(
        Unicode(),
        ["numpy", "matplotlib.pyplot", "h5py"],
        help="Modules that are imported once, before any submission runs.",
    ).tag(config=True)
    language = Unicode(
        "en",
        help="Code of the language of the students' pages, such as zh. The roster may name another for a student.",
    ).tag(config=True)
    minimum_isolation = List(
        Unicode(),
        ["seccomp", "namespaces|landlock"],
        help="Required layers of isolation ('a|b': one of two). Without them nothing runs. See `grader doctor`.",
    ).tag(config=True)
    secret_file = Unicode(
        SECRET_FILE,
        help="File of the secret that keys the hidden tests' seeds. A relative path starts at the course's folder.",
    ).tag(config=True)
    fast_figures = Bool(
        True, help="Print figures in half the time, with the same pixels, if the version of matplotlib is tested."
    ).tag(config=True)
    unsafe = Bool(False, help="Run student code even without the required layers of isolation.").tag(config=True)

    def policy(self, parts: dict[str, bool]) -> GradingPolicy:
        """The policy that these options make. parts: part of an assignment -> whether it counts."""
        limits = Limits(
            call_seconds=self.call_seconds,
            cell_seconds=self.cell_seconds,
            session_seconds=self.submission_seconds,
            idle_seconds=self.idle_seconds,
            cpu_seconds=self.cpu_seconds,
            memory_bytes=self.memory_bytes,
            disk_bytes=self.disk_bytes,
            file_count=self.file_count,
            open_files=self.open_files,
            processes=self.processes,
            cell_output_bytes=self.cell_output_bytes,
            session_output_bytes=self.submission_output_bytes,
        )
        return GradingPolicy(
            limits=limits,
            carry_forward=self.carry_forward,
            parts=dict(parts),
            max_notebook_bytes=self.max_notebook_bytes,
            exercise_seconds=self.exercise_seconds,
            minimal_counterexample=self.minimal_counterexample if self.smallest_case is None else self.smallest_case,
        )

    def sandbox_options(self) -> dict[str, Any]:
        """The keyword arguments for Sandbox, without its modules."""
        return {
            "preload": tuple(self.preload),
            "minimum": tuple(self.minimum_isolation),
            "unsafe": self.unsafe,
            "fast_figures": self.fast_figures,
        }

    def sandbox(self, modules: Mapping[str, str] | None = None, unsafe: bool = False) -> Sandbox:
        """A sandbox with these options, not yet entered. modules: an assignment's released modules, path -> source."""
        # `--unsafe` on the command line can only add to the setting, never take it back
        options = self.sandbox_options() | ({"unsafe": True} if unsafe else {})
        return Sandbox(modules=modules, **options)
