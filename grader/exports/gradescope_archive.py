"""The archive that an instructor uploads as a Gradescope autograder.

Gradescope unpacks it to /autograder/source, runs setup.sh once while it builds the image, and run_autograder for each
submission, both as root. Source: Gradescope's "Autograder Specifications" and "Getting Started".

    setup.sh, run_autograder      Gradescope's entry points
    requirements.txt              distributions in the releases installed here
    engine/grader, engine/checks  the grader itself
    course/                       nbgrader_config.py, the assignment's source and release, the course's secret
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from grader.assignments.bundle import Bundle
from grader.assignments.layout import NOT_OURS, REQUIREMENTS
from grader.common.version import checks_folder
from grader.config.course_secret import SECRET_FILE
from grader.config.nbgrader_config import CONFIG_FILE

ENGINE = "grader"
"""The distribution with the requirements of grading."""
SCRIPTS = ("setup.sh", "run_autograder")
ASSIGNMENT_MARK = "@ASSIGNMENT@"
EXECUTABLE, PLAIN, PRIVATE = 0o755, 0o644, 0o600
"""File modes in the archive."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time in a zip file. It is fixed, so that equal courses give equal archives."""


def archive(bundle: Bundle, config: bytes, secret: bytes) -> bytes:
    """Return the bytes of the zip file.

    config: content of nbgrader_config.py. secret: the course's secret, so that Gradescope and `grader autograde` draw
    the same seeds. The archive holds hidden tests, solutions and this secret: it is for instructors only.
    """
    content = {f"course/{path}": data for path, data in _course_files(bundle).items()}
    content[f"course/{CONFIG_FILE}"] = config
    content |= {f"engine/grader/{path}": data for path, data in _package(Path(__file__).parents[1]).items()}
    content |= {f"engine/checks/{path}": data for path, data in _package(checks_folder()).items()}
    wanted = bundle.release.get(REQUIREMENTS, b"").decode("utf-8-sig", "replace")
    content["requirements.txt"] = "".join(f"{line}\n" for line in pinned(wanted.splitlines())).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name in SCRIPTS:
            text = files("grader.exports").joinpath("gradescope_scripts", name).read_text("utf-8")
            _add(file, name, text.replace(ASSIGNMENT_MARK, bundle.name).encode(), EXECUTABLE)
        for path, data in sorted(content.items()):
            _add(file, path, data, PLAIN)
        # Only its owner may read the secret, as in the course folder.
        _add(file, f"course/{SECRET_FILE}", f"{secret.hex()}\n".encode(), PRIVATE)
    return buffer.getvalue()


def pinned(wanted: Iterable[str] = ()) -> list[str]:
    """Return lines of a requirements file: the grader's requirements, the wanted ones, and their own requirements.

    wanted: lines of a requirements file. The first two kinds get the release installed here. The third kind gets at
    most this release: the container's Python may be too old for it, and pip then finds an earlier one. A distribution
    that is not installed here keeps its line. Options and comments for pip are left out.
    """
    direct = [*_requirements(distribution(ENGINE).requires or ()), *_requirements(wanted)]
    first = {canonicalize_name(one.name) for one in direct}
    lines: dict[str, str] = {}
    # A distribution may be required with and without an extra, and in circles.
    seen: set[tuple[str, str]] = set()
    queue = [(requirement, "") for requirement in direct]
    while queue:
        requirement, extra = queue.pop()
        name = canonicalize_name(requirement.name)
        # A requirement for another system or for an extra that nobody asked for.
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            lines[name] = str(requirement)
            continue
        lines[name] = f"{name}{'==' if name in first else '<='}{installed.version}"
        for chosen in ("", *requirement.extras):
            if (name, chosen) not in seen:
                seen.add((name, chosen))
                queue += [(one, chosen) for one in _requirements(installed.requires or ())]
    return sorted(lines.values())


def _requirements(lines: Iterable[str]) -> Iterator[Requirement]:
    for line in lines:
        text = re.sub(r"(^|\s)#.*", "", line).strip()
        if text and not text.startswith("-"):
            try:
                yield Requirement(text)
            except InvalidRequirement:
                print(f"{REQUIREMENTS}: {text!r} is not a requirement with a name, and is left out.", file=sys.stderr)


def _course_files(bundle: Bundle) -> dict[str, bytes]:
    parts: Mapping[str, Mapping[str, bytes]] = {
        f"source/{bundle.name}/": bundle.source,
        f"release/{bundle.name}/": bundle.release,
        "": bundle.lent,
    }
    return {f"{folder}{path}": data for folder, part in parts.items() for path, data in part.items()}


def _package(folder: Path) -> dict[str, bytes]:
    """Return path in the package's folder -> content."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and not NOT_OURS.intersection(path.parts))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _add(file: zipfile.ZipFile, name: str, content: bytes, mode: int) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.external_attr = (0o100000 | mode) << 16  # a regular file; Gradescope's unzip keeps the modes
    entry.compress_type = zipfile.ZIP_DEFLATED
    file.writestr(entry, content)
