"""A third subject in small, shortest paths and clusters: from release to judgement, feedback and report."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from commands import grader
from courses import COURSE, copy_course, run_well
from notebooks import END, START, code, graded, markdown, read, solution, write

from grader.results.store import ResultStore

NAME = "paths_and_clusters"
SHORTEST = f'''def shortest_paths(graph, start):
    """Distances from start.

    Arguments:
        graph: dict, node -> dict of its neighbours and their distances
        start: a node

    Returns:
        distances: dict, node that can be reached -> distance
        ways: list of nodes, in the order in which they were settled
    """
    {START}
    import heapq

    distances, ways, waiting = {{}}, [], [(0, start)]
    while waiting:
        so_far, node = heapq.heappop(waiting)
        if node not in distances:
            distances[node] = so_far
            ways.append(len(ways))
            for neighbour, step in graph[node].items():
                heapq.heappush(waiting, (so_far + step, neighbour))
    {END}
    return distances, ways'''
KMEANS = f'''def nearest_centre(points, centres):
    """For each of the points (m, d) the number of the centre (k, d) that lies nearest: (m,) integers."""
    {START}
    between = points[:, None, :] - centres[None, :, :]
    nearest = (between**2).sum(axis=2).argmin(axis=1)
    {END}
    return nearest'''
GROUPS = f'''def groups(pairs):
    """Sets of nodes that hang together, from a list of pairs: a set of frozensets."""
    {START}
    found = []
    for pair in pairs:
        touched = [group for group in found if group & set(pair)]
        found = [group for group in found if group not in touched] + [set(pair).union(*touched)]
    {END}
    return {{frozenset(group) for group in found}}'''
PUBLIC = """from pathlib import Path
import numpy as np
from checks import Case, ExpectedValues, run_checks
EXPECTED = ExpectedValues(Path(__file__).with_suffix(".h5"))
GRAPH = {"a": {"b": 7, "c": 3}, "b": {"d": 2}, "c": {"b": 1, "d": 8}, "d": {}, "e": {"a": 1}}
def paths_cases():
    names = ("distances", "ways")
    return [
        Case("finds the distances", (GRAPH, "a"), outputs=names, weight=2),
        Case("starts elsewhere", (GRAPH, "e"), outputs=names),
        Case("leaves the graph alone", (GRAPH, "a"), outputs=names, unchanged=True),
    ]
def centre_cases():
    points = np.array([[0.0, 0], [1, 1], [5, 5], [6, 4]])
    return [Case("finds the nearest", (points, np.array([[0.0, 0], [5, 5]])), weight=2),
            Case("knows three centres", (points, np.array([[9.0, 9], [1, 1], [6, 4]])))]
CASES = {"shortest_paths": paths_cases, "nearest_centre": centre_cases}
def shortest_paths_test(target):
    return run_checks("shortest_paths", target, paths_cases(), EXPECTED)
def nearest_centre_test(target):
    return run_checks("nearest_centre", target, centre_cases(), EXPECTED)
"""
HIDDEN = """import os
import numpy as np
import reference
from checks import Case, run_checks
def shortest_paths_hidden_test(target):
    draw = np.random.default_rng(int(os.environ.get("GRADER_SEED", "1")))
    graph = {i: {j: int(draw.integers(1, 9)) for j in range(6) if j != i and draw.random() < 0.6} for i in range(6)}
    expected = reference.shortest_paths(graph, 0)
    check = Case("finds distances drawn anew", (graph, 0), outputs=("distances", "ways"), expected=expected)
    return run_checks("shortest_paths", target, [check], hidden=True)
"""
MISTAKE = '''def forgets_to_settle(graph, start):
    """The first way to a node is kept, though a later one is shorter.

    Hint: settle the node with the shortest way so far.
    """
    distances, waiting = {start: 0}, [start]
    for node in waiting:
        for neighbour, step in graph[node].items():
            if neighbour not in distances:
                distances[neighbour] = distances[node] + step
                waiting.append(neighbour)
    return distances, list(range(len(distances)))
'''
WRONG = MISTAKE.replace("forgets_to_settle", "shortest_paths")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The assignment, released and graded for three students, with feedback and report."""
    course = copy_course(COURSE, tmp_path_factory.mktemp("third") / "course")
    folder = course / "source" / NAME
    cells = [
        markdown("title", "# Paths and clusters"),
        code("packages", "import numpy as np\nfrom public_tests import nearest_centre_test, shortest_paths_test"),
        solution("shortest-paths-solution", SHORTEST, "shortest_paths_solution"),
        graded(
            "shortest-paths-test",
            "shortest_paths_test(shortest_paths)\n### BEGIN HIDDEN TESTS\nfrom hidden_tests import "
            "shortest_paths_hidden_test\n\nshortest_paths_hidden_test(shortest_paths)\n### END HIDDEN TESTS",
            "shortest_paths",
            6,
        ),
        solution("nearest-centre-solution", KMEANS, "nearest_centre_solution"),
        graded("nearest-centre-test", "nearest_centre_test(nearest_centre)", "nearest_centre", 3),
        solution("groups-solution", GROUPS, "groups_solution"),
        graded(
            "groups-test",
            "assert groups([(1, 2), (3, 4), (2, 5)]) == {frozenset({1, 2, 5}), frozenset({3, 4})}, 'join what touches'",
            "groups",
            2,
        ),
    ]
    write({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, folder / f"{NAME}.ipynb")
    (folder / "public_tests.py").write_text(PUBLIC)
    for path, text in {"hidden_tests.py": HIDDEN, "misconceptions/shortest_paths.py": MISTAKE}.items():
        (folder / "private" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "private" / path).write_text(text)
    assert grader(course, "data").exit_code == 0
    assert grader(course, "release", NAME).exit_code == 0
    answers = {"right": {"shortest_paths": SHORTEST}, "greedy": {"shortest_paths": WRONG}, "empty": None}
    for student, changed in answers.items():
        notebook = read(course / "release" / NAME / f"{NAME}.ipynb")
        if changed is not None:
            given = {"nearest_centre": KMEANS, "groups": GROUPS} | changed
            for cell in notebook["cells"]:
                name = cell["metadata"].get("nbgrader", {}).get("grade_id", "").removesuffix("_solution")
                if cell["metadata"].get("nbgrader", {}).get("solution"):
                    cell["source"] = given[name]
        write(notebook, course / "submitted" / student / NAME / f"{NAME}.ipynb")
    assert grader(course, "autograde", NAME).exit_code == 0
    run_well(course, "nbgrader", "generate_feedback", NAME)
    assert grader(course, "report", NAME).exit_code == 0
    return course


def test_dicts_sets_and_lists_are_judged(course: Path) -> None:
    """Do right answers earn all, the wrong one its share, and untouched ones nothing?"""
    scores = {
        record.student: [exercise.score for exercise in record.result.exercises]
        for record in ResultStore(course, NAME).records()
    }
    assert scores["right"] == [6, 3, 2]
    assert scores["empty"] == [0, 0, 0]
    assert scores["greedy"][0] < 6 and scores["greedy"][1:] == [3, 2]


def test_a_mistake_is_named_and_pages_are_made(course: Path) -> None:
    """Does the feedback name the mistake, and does the report know all three students?"""
    feedback = (course / "feedback" / "greedy" / NAME / f"{NAME}.html").read_text()
    assert "settle the node with the shortest way so far" in feedback
    report = (course / "reports" / f"{NAME}.html").read_text()
    assert [word for word in ("shortest_paths", "nearest_centre", "groups") if word not in report] == []
    assert re.search(r"\b3\b", report)


def test_nothing_of_it_reaches_others(course: Path) -> None:
    """Does its release hold its own tests alone?"""
    released = (course / "release" / NAME / "public_tests.py").read_text()
    assert "zero_pad" not in released and "shortest_paths" in released
    assert not (course / "release" / NAME / "private").exists()
