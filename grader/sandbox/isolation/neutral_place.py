"""Start Python at a neutral path, because a virtual environment often lies in the course's own folder.

This script runs before any other module is imported. If the machine allows a private view of the file system, the
environment and the engine get the same paths in it on every machine, and the script becomes the interpreter there.
Student code then sees only neutral paths, in tracebacks and on the import path.
"""

from __future__ import annotations

import glob
import json
import os
import sys
from collections.abc import Callable

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import linux  # type: ignore[import-not-found]  # next to this script; the package itself would import NumPy, too

PLACES = ("/mnt", "/srv", "/media", "/opt")
"""Folders that every Linux has and that are usually empty."""
TELLING = ("*.pth", "*.egg-link", "__editable__*", "*.dist-info/direct_url.json")
"""Files in which installers record the origin of a package."""


def start(executable: str, prefix: str, package: str, bootstrap: str, descriptor: int, site_folders: list[str]) -> None:
    """Become the interpreter `executable` that runs the code `bootstrap`, at a neutral path if possible.

    prefix: folder of the environment. package: folder of the engine. descriptor: socket to the judge. site_folders:
    folders with installed packages, in their real place.
    """
    moved = planned(prefix, package)
    if moved and succeeds(lambda: move(moved, package)):
        move(moved, package)
    else:
        moved = {}
    places = [place_of(path, moved) for path in site_folders]
    code = bootstrap.format(package=place_of(package, moved), descriptor=descriptor, site_folders=places)
    python = place_of(executable, moved)
    os.execv(python, [python, "-I", "-c", code])


def planned(prefix: str, package: str) -> dict[str, str]:
    """Folder -> its neutral path: the environment unless it is the system's, and the engine if it lies outside."""
    needed = [os.path.realpath(path) for path in (prefix, package, sys.base_prefix)]
    free = [place for place in PLACES if os.path.isdir(place) and not any(_is_below(path, place) for path in needed)]
    if not free:
        return {}
    moved = {}
    if prefix != sys.base_prefix or _is_below(prefix, package):
        moved[prefix] = f"{free[0]}/python"
    if not _is_below(package, prefix):
        moved[f"{package}/grader"] = f"{free[0]}/engine/grader"
        moved[package] = f"{free[0]}/engine"
    return moved


def place_of(path: str, moved: dict[str, str]) -> str:
    """The neutral path of a path. The innermost moved folder decides."""
    for folder in sorted(moved, key=len, reverse=True):  # inner folders have the longer names
        if _is_below(path, folder):
            return moved[folder] + path[len(folder) :]
    return path


def move(moved: dict[str, str], package: str) -> None:
    """Show the folders at their neutral paths, only to the calling process and its children."""
    user, group = os.getuid(), os.getgid()
    trees = {}
    if user:
        linux.unshare(linux.CLONE_NEWUSER | linux.CLONE_NEWNS)
        for name, line in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(line)
    else:
        linux.unshare(linux.CLONE_NEWNS)
    linux.mount(None, "/", None, linux.MS_REC | linux.MS_PRIVATE)
    for folder, place in moved.items():
        if folder != package:  # the engine's folder may be the course: only the engine itself is shown
            trees[place] = linux.clone_read_only(folder)
    # before the mounts, because these may cover the real files
    hidden = [place_of(path, moved) for path in telling_files(moved, package)]
    root = "/" + next(iter(trees)).split("/")[1]
    linux.mount("tmpfs", root, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "size=1m,mode=755")
    for place, tree in trees.items():
        os.makedirs(place)
        linux.attach(tree, place)
    with open(f"{root}/empty", "w"):
        pass
    for path in hidden:
        linux.attach(linux.clone_read_only(f"{root}/empty"), path)


def telling_files(moved: dict[str, str], package: str) -> list[str]:
    """The files of the environment that contain the real path of the engine or of the environment."""
    found = set()
    for folder in moved:
        for site in glob.glob(f"{folder}/lib*/python*/site-packages"):
            for path in (path for pattern in TELLING for path in glob.glob(f"{site}/{pattern}")):
                with open(path, "rb") as file:
                    content = file.read()
                if any(os.fsencode(known) in content for known in (package, *moved)):
                    found.add(os.path.realpath(path))
    return sorted(found)


def succeeds(attempt: Callable[[], object]) -> bool:
    """Whether the attempt succeeds in a child process. A move that fails half-way could not be undone here."""
    child = os.fork()
    if not child:
        status = 1
        try:
            attempt()
            status = 0
        finally:
            os._exit(status)
    return os.waitpid(child, 0)[1] == 0


def _is_below(path: str, folder: str) -> bool:
    return f"{path}/".startswith(f"{folder}/")


if __name__ == "__main__":
    start(**json.loads(sys.argv[1]))
