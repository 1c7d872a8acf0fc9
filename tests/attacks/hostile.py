"""What an attack is, and the five things that have to hold after it.

An attack starts from a notebook in which some exercises are answered right and the others are untouched, adds
something hostile, and is graded. Expected is the score of each exercise that the honest part deserves, to the point.

    Attack("print is replaced", before="import builtins; builtins.print = None")
"""

from __future__ import annotations

import copy
import ctypes
import hashlib
import json
import os
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePath
from typing import Any

from processes import below

from grader.common.temporary_folder import NAME
from grader.config.policy import GradingPolicy
from grader.course import Course
from grader.judging.grade import grade
from grader.results.codec import result_json
from grader.results.records import Result
from grader.sandbox import Limits, Sandbox

ASSIGNMENT = "convolution_step_by_step"
ANSWERED = ("zero_pad", "conv_single_step", "create_mask_from_window", "distribute_value")
"""the exercises that the honest half of every attack answers, in the words of RIGHT"""
LIMITS = Limits(call_seconds=1, cell_seconds=2, session_seconds=20, cpu_seconds=20, memory_bytes=512 << 20)
SEED = 7
SETTLE_SECONDS = 3
PR_SET_CHILD_SUBREAPER = 36

RIGHT = {
    "zero_pad": """
def zero_pad(X, pad):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
""",
    "conv_single_step": """
def conv_single_step(a_slice_prev, W, b):
    return np.sum(a_slice_prev * W) + b.item()
""",
    "create_mask_from_window": """
def create_mask_from_window(x):
    return x == np.max(x)
""",
    "distribute_value": """
def distribute_value(dz, shape):
    return np.full(shape, dz / (shape[0] * shape[1]))
""",
}
EMPTIED = {"conv_backward": "# not begun", "pool_backward": "# not begun"}
"""the longest tests, spared in most attacks"""


@dataclass(frozen=True)
class Attack:
    """One hostile submission. In its code, <outside> is the folder of the canaries and <course> the course's."""

    name: str
    before: str = ""
    """a cell in front of the first exercise"""
    after: str = ""
    """a cell behind the last one"""
    answers: Mapping[str, str] = field(default_factory=dict)
    """exercise -> the text of its solution cell"""
    change: Callable[[dict[str, Any]], object] = lambda notebook: None
    """what else is done to the notebook"""
    content: bytes | None = None
    """the notebook's bytes, where it is not made of the above"""
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    """what is handed in beside it"""
    earns: Mapping[str, float] = field(default_factory=dict)
    """exercise -> its score, where it is not that of the honest notebook"""
    says: str = ""
    """a pattern that the result's problems, tampering or messages must match"""


class Arena:
    """A course with a sandbox, and files outside that no attack may read or change."""

    def __init__(self, root: Path, outside: Path) -> None:
        self.secret = f"canary-{secrets.token_hex(16)}"
        self.outside = outside
        outside.chmod(0o777)  # nothing but the sandbox is in the way
        self.temporary = outside / "temporary"
        self.temporary.mkdir(mode=0o711)
        (outside / "canary.txt").write_text(self.secret)
        (outside / "canary.txt").chmod(0o666)
        self.course = Course(root)
        self.assignment = self.course.assignment(ASSIGNMENT)
        self.released = without_trials(json.loads((root / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_text()))

    def open(self, sandbox: Sandbox, limits: Limits) -> None:
        self.sandbox = sandbox
        self.settings: GradingPolicy = replace(self.course.policy, limits=limits)

    @cached_property
    def honest(self) -> dict[str, float | None]:
        """Exercise -> score of the notebook without an attack."""
        scores = scores_of(self.grade(self.notebook(Attack("nothing"))))
        assert all((scores[name] or 0) > 0 for name in ANSWERED)
        assert not any(score for name, score in scores.items() if name not in ANSWERED)
        return scores

    @cached_property
    def witness(self) -> bytes:
        """Another student's notebook, as small as can be: the first exercise, right."""
        notebook = copy.deepcopy(self.released)
        graded_cell(notebook, "zero_pad_solution")["source"] = "import numpy as np\n" + RIGHT["zero_pad"]
        notebook["cells"] = [graded_cell(notebook, name) for name in ("zero_pad_solution", "zero_pad")]
        return json.dumps(notebook).encode()

    def grade(self, content: bytes, files: Mapping[str, bytes] | None = None) -> Result:
        return grade(content, self.assignment, self.sandbox, self.settings, files=files or {}, seed=SEED)

    def notebook(self, attack: Attack) -> bytes:
        """The attack as the bytes of a notebook."""
        if attack.content is not None:
            return attack.content
        notebook = copy.deepcopy(self.released)
        for exercise, source in {**EMPTIED, **RIGHT, **attack.answers}.items():
            graded_cell(notebook, f"{exercise}_solution")["source"] = self.placed(source)
        if attack.before:
            place = notebook["cells"].index(graded_cell(notebook, "zero_pad_solution"))
            notebook["cells"].insert(place, code_cell(self.placed(attack.before)))
        if attack.after:
            notebook["cells"].append(code_cell(self.placed(attack.after)))
        attack.change(notebook)
        return json.dumps(notebook).encode()

    def placed(self, text: str) -> str:
        return text.replace("<outside>", str(self.outside)).replace("<course>", str(self.course.folder))

    def files(self, attack: Attack) -> dict[str, bytes]:
        return {
            name: self.placed(content).encode() if isinstance(content, str) else content
            for name, content in attack.files.items()
        }

    def repel(self, attack: Attack) -> Result:
        """Grade the attack, assert the five points, and return the result for more."""
        honest, processes, outside = self.honest, below(os.getpid()), self.outside_state()
        result = self.grade(self.notebook(attack), self.files(attack))
        report = json.dumps(result_json(result))
        shown = json.dumps([run.outputs for run in result.cells.values()])
        assert scores_of(result) == {**honest, **attack.earns}, f"a score changed\n{report}"
        assert self.secret not in report + shown, "a secret was read"
        assert not any(text in report + shown for text in self.unreleased), "a file that is not released was read"
        assert not (changed := changes(outside, self.outside_state())), f"something outside was changed: {changed}"
        assert re.search(attack.says, said(result), re.DOTALL), f"expected {attack.says!r} in: {said(result)}"
        witness = self.grade(self.witness)
        assert witness.score == honest["zero_pad"], f"the next submission suffered\n{json.dumps(result_json(witness))}"
        assert all("solution cell" in problem for problem in witness.problems)  # it has but one of them
        left = below_once_settled(len(processes))
        assert len(left) == len(processes), f"something is left running: {left - processes}"
        return result

    # ---- what must stay as it was

    @cached_property
    def unreleased(self) -> tuple[str, ...]:
        """A sentence of each file that no student may see, as it would stand in JSON."""
        folder = self.assignment.private
        files = [folder / "hidden_tests.py", folder / "small_cases.py", *sorted(folder.glob("misconceptions/*.py"))]
        sentences = [next(line for line in path.read_text().splitlines() if len(line) > 30) for path in files]
        return tuple(json.dumps(sentence.strip('" '))[1:-1] for sentence in sentences)

    def outside_state(self) -> dict[str, str]:
        """Path -> digest of everything around the canary; the sandbox's own temporary folders must be gone."""
        return tree_state(self.outside)

    def course_state(self) -> dict[str, str]:
        return {
            f"{name}/{path}": digest
            for name in ("source", "release")
            for path, digest in tree_state(self.course.folder / name).items()
            if "__pycache__" not in path
        }


def without_trials(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook without the cells that only show something: they take time and prove nothing here."""
    kept = [
        cell
        for cell in notebook["cells"]
        if cell["cell_type"] != "code" or "nbgrader" in cell["metadata"] or "import" in "".join(cell["source"])[:6]
    ]
    return {**notebook, "cells": kept}


def graded_cell(notebook: dict[str, Any], grade_id: str) -> dict[str, Any]:
    """The cell of that grade id."""
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def code_cell(source: Any, **metadata: Any) -> dict[str, Any]:
    cell = {"cell_type": "code", "id": secrets.token_hex(4), "metadata": metadata, "source": source}
    return {**cell, "execution_count": None, "outputs": []}


def scores_of(result: Result) -> dict[str, float | None]:
    return {exercise.name: exercise.score for exercise in result.exercises}


def said(result: Result) -> str:
    """All that the result tells a person, a line each."""
    lines = [*result.problems, *result.tampering]
    for exercise in result.exercises:
        lines += [exercise.test.message, exercise.test.error, *(check.finding for check in exercise.test.checks)]
    return "\n".join(line for line in lines if line)


def tree_state(folder: Path) -> dict[str, str]:
    """Path in the folder -> digest of the file, or where the link leads, or nothing for a folder."""
    state = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            state[name] = f"link to {os.readlink(path)}"
        else:
            state[name] = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    return state


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The paths that are not what they were, each with what happened to it.

    The judge's own working folders come and go whole: one is made when an assignment's tests first need it, and one of
    an earlier test goes when its assignment is collected. What happens within one that stays counts.
    """
    words = {(True, False): "removed", (False, True): "added", (True, True): "changed"}
    paths = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    return [
        f"{path} {words[path in before, path in after]}"
        for path in paths
        if (ours := working_folder_of(path)) is None or (ours in before and ours in after)
    ]


def working_folder_of(path: str) -> str | None:
    """The judge's working folder that the path is or lies in."""
    return next((str(one) for one in (PurePath(path), *PurePath(path).parents) if NAME.fullmatch(one.name)), None)


def adopt_orphans() -> None:
    """From now on a process below this one whose parent has ended is our child: none is left behind unseen."""
    assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


def below_once_settled(count: int) -> set[int]:
    """The processes below us; if they are more than so many, those that are left when what was killed has had time."""
    end = time.monotonic() + SETTLE_SECONDS
    while len(processes := below(os.getpid())) > count and time.monotonic() < end:
        time.sleep(0.05)
    return processes
