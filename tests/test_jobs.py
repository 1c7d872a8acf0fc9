"""Jobs that come to one process at the same time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from small_courses import RIGHT, chain, hand_in

from grader.class_commands import bundle_of
from grader.jobs import Job, close_graders, grade_job
from grader.warm_grader import WarmGrader


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    close_graders()


def test_jobs_of_several_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does one sandbox serve a worker of several threads, one submission at a time?"""
    course = chain(tmp_path / "course")
    bundle = bundle_of(course, "chain")
    content = hand_in(course.folder / "release" / "chain" / "chain.ipynb", RIGHT)
    inside, most = [], []
    grade = WarmGrader.grade

    def watched(self: WarmGrader, *arguments: Any) -> Any:
        inside.append(threading.get_ident())
        most.append(len(inside))
        time.sleep(0.1)
        try:
            return grade(self, *arguments)
        finally:
            inside.pop()

    monkeypatch.setattr(WarmGrader, "grade", watched)
    jobs = [Job(student, content + b" " * number) for number, student in enumerate(("ada", "ben", "cem"))]
    with ThreadPoolExecutor(3) as pool:
        graded = list(pool.map(lambda job: grade_job(bundle, job), jobs))
    assert [(one.student, one.result["score"]) for one in graded] == [("ada", 11), ("ben", 11), ("cem", 11)]
    assert max(most) == 1
