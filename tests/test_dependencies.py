"""What the course imports is declared and pinned, and what it takes from the inside of others is listed and tested."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions, requires, version
from pathlib import Path

import pytest
from courses import COURSE
from packaging.requirements import Requirement

CHECKED = (
    "grader",
    "checks",
    "tests",
    "benchmarks",
    "source",
    "docs",
    "drawing",
    "public_tests.py",
    "nbgrader_config.py",
)
STUDENTS = "/sample_answers/"
"""What is in these folders stands for students' work: some of it cannot be parsed."""
PAGE = COURSE / "docs" / "dependencies.md"
PROJECT = tomllib.loads((COURSE / "pyproject.toml").read_text())["project"]
DISTRIBUTIONS = packages_distributions()


def python_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *CHECKED],
        cwd=COURSE,
        capture_output=True,
        text=True,
        check=True,
    )
    names = [name for name in listed.stdout.splitlines() if name.endswith(".py") and STUDENTS not in name]
    return [COURSE / name for name in names if (COURSE / name).is_file()]


@cache
def imported() -> dict[str, str]:
    """Top-level name of each module of a third party -> one file that imports it."""
    paths = python_files()
    own = {path.stem for path in paths} | {path.parent.name for path in paths} | {"grader", "reference"}
    found: dict[str, str] = {}
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names = [node.module]
            for name in (name.split(".")[0] for name in names):
                if name not in sys.stdlib_module_names and name not in own:
                    found.setdefault(name, str(path.relative_to(COURSE)))
    return found


def declared(*extras: str) -> dict[str, str]:
    """Name of each distribution that pyproject.toml names -> its pin; empty where it is not pinned."""
    groups = [PROJECT["dependencies"], *(PROJECT["optional-dependencies"][extra] for extra in extras)]
    wanted = [Requirement(line) for group in groups for line in group if not line.startswith("grader[")]
    return {
        normal(one.name): next((pin.version for pin in one.specifier if pin.operator == "=="), "") for one in wanted
    }


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


EVERYTHING = declared("cluster", "hub", "likeness", "pandas", "postgres", "dev")
TRIED = ("digits", "framework", "widgets")
"""Extras that are used where they are installed; no test needs them."""
NOT_INSTALLED = {"sklearn": "scikit-learn"}
"""module -> distribution, of an extra that only one script needs, whose output is committed"""


@pytest.mark.parametrize("module", sorted(imported()))
def test_what_is_imported_is_declared(module: str) -> None:
    """Does pyproject.toml name the distribution of each module, rather than leave it to another package's wishes?"""
    names = {normal(name) for name in DISTRIBUTIONS.get(module, [NOT_INSTALLED.get(module, module)])}
    assert names & (EVERYTHING.keys() | declared(*TRIED).keys()), (
        f"{imported()[module]} imports {module}: add {names} to pyproject.toml"
    )


def test_what_runs_needs_no_development_tools() -> None:
    """Does the grader itself import only what every installation has, but for the extras' own module?"""
    ours = {module for module, path in imported().items() if path.startswith(("grader/", "checks/", "public_tests"))}
    names = {normal(name) for module in ours for name in DISTRIBUTIONS.get(module, [module])}
    assert names <= declared("cluster", "hub", "likeness", "pandas", "postgres", "widgets").keys()


@pytest.mark.parametrize("name", sorted(EVERYTHING))
def test_each_dependency_is_pinned_and_explained(name: str) -> None:
    """Does each one have an exact version, which is the one installed, a reason, and a row in docs/dependencies.md?"""
    assert EVERYTHING[name] == version(name)
    (line,) = [
        line
        for line in (COURSE / "pyproject.toml").read_text().splitlines()
        if (found := re.match(r'\s+"([\w.-]+)(\[\w+\])?==', line)) and normal(found[1]) == name
    ]
    assert "  # " in line
    assert f"| {name} | {EVERYTHING[name]} |" in PAGE.read_text()


def test_requirements_of_students_agree() -> None:
    """Does requirements.txt name the same versions as pyproject.toml?"""
    lines = [line for line in (COURSE / "requirements.txt").read_text().splitlines() if not line.startswith("#")]
    for line in lines:
        name, pin = line.split("==")
        assert EVERYTHING.get(normal(name), version(name)) == pin == version(name)


def test_versions_fit_together() -> None:
    """Does no pin break what another dependency asks for?"""
    for name in EVERYTHING:
        for line in requires(name) or []:
            wanted = Requirement(line)
            if wanted.marker is None and normal(wanted.name) in EVERYTHING:
                assert wanted.specifier.contains(version(wanted.name), prereleases=True), f"{name} needs {line}"


# ---------------------------------------------------------------- private parts of others

ROW = re.compile(
    r"^\| `([^`]+)` \| `([^`|]+)` \| ([\w-]+) ([\w.]+) \| [^|]+ \| `(tests/[\w/.]+)::(\w+)` \|$", re.MULTILINE
)
LISTED = ROW.findall(PAGE.read_text())


def test_private_parts_are_listed() -> None:
    """Is the table read at all?"""
    assert len(LISTED) >= 15


@pytest.mark.parametrize("row", LISTED, ids=lambda row: row[0])
def test_each_private_part_has_its_test(row: tuple[str, ...]) -> None:
    """Does the test that fails when the part changes exist, and was the part read in the version that is installed?"""
    _, place, package, read_in, test_file, test = row
    assert (COURSE / place).is_file()
    assert re.search(rf"^def {test}\(", (COURSE / test_file).read_text(), re.MULTILINE)
    if package == "Python":
        assert sys.version_info >= tuple(map(int, read_in.split(".")))
    else:
        assert version(package) == read_in


def private_names(path: Path) -> set[str]:
    """Attributes with a leading underscore that a file uses and does not define, and the modules it replaces."""
    tree = ast.parse(path.read_text())
    nodes = list(ast.walk(tree))
    own = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    attributes = [node for node in nodes if isinstance(node, ast.Attribute)]
    own |= {node.attr for node in attributes if isinstance(node.ctx, ast.Store)}
    used = {node.attr for node in attributes if re.match("_[a-z]", node.attr)} - own - of_room(path.parts)
    targets = [target for node in nodes if isinstance(node, ast.Assign) for target in node.targets]
    used |= {
        ast.unparse(target).replace("'", '"') for target in targets if ast.unparse(target).startswith("sys.modules[")
    }
    used |= {
        alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom) and not node.level and node.module != "__future__"
        for alias in node.names
        if alias.name.startswith("_")
    }
    return used - {"_exit", "_fields"}  # os._exit and the fields of named tuples are documented


@cache
def of_room(parts: tuple[str, ...]) -> frozenset[str]:
    """Private names that the modules of the same room define for each other."""
    room = next((room for room in ("sandbox", "judging") if room in parts), None)
    if room is None:
        return frozenset()
    trees = [ast.parse(path.read_text()) for path in (COURSE / "grader" / room).rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    names |= {node.attr for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)}
    names |= {ast.unparse(node.target) for node in nodes if isinstance(node, ast.AnnAssign)}
    return frozenset(name for name in names if name.startswith("_"))


def test_private_parts_in_use_are_listed() -> None:
    """Is every private attribute of another package in the table, with the file that uses it?"""
    missing = {}
    for path in python_files():
        name = path.relative_to(COURSE).as_posix()
        if name.startswith(("grader/", "checks/", "public_tests")):
            listed = "\n".join(part for part, place, *_ in LISTED if place == name)
            missing[name] = {used for used in private_names(path) if used not in listed}
    assert {name: used for name, used in missing.items() if used} == {}
