"""Draw docs/architecture.svg from the imports of grader/: rooms on their floors, an arrow where one imports another.

The floors are those of the import-linter's contract in pyproject.toml. With --check nothing is written: exit status 1
where the drawing is not the one of today's imports.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections import Counter
from pathlib import Path
from xml.sax.saxutils import escape

COURSE = Path(__file__).resolve().parent.parent
DRAWING = COURSE / "docs" / "architecture.svg"
WIDTH, FLOOR, BOX, HEIGHT = 960, 84, 150, 36
"""Pixels: of the drawing, from floor to floor, and of a room's box."""

Arrows = Counter[tuple[str, str]]
"""importing room and imported room -> number of modules imported"""


def floors() -> list[list[str]]:
    """The rooms of each floor, from the top."""
    project = tomllib.loads((COURSE / "pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [[name.strip().removeprefix("grader.") for name in layer.replace(":", "|").split("|")] for layer in layers]


def arrows(rooms: set[str]) -> Arrows:
    """How many modules each room imports from each other room."""
    found: set[tuple[str, str, str]] = set()
    for path in sorted((COURSE / "grader").rglob("*.py")):
        room = path.relative_to(COURSE / "grader").parts[0].removesuffix(".py")
        for name in _imported(path):
            words = name.split(".")
            if len(words) > 1 and words[0] == "grader" and words[1] in rooms - {room} and room in rooms:
                found.add((room, words[1], name))
    return Counter((room, other) for room, other, _ in found)


def _imported(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            names += inside if node.module == "grader" else [node.module]
    return names


def _is_implied(room: str, other: str, found: set[tuple[str, str]]) -> bool:
    """Does a way over further rooms lead to the same place?"""
    ahead = [step for start, step in found if start == room and step != other]
    reached = set(ahead)
    while ahead:
        here = ahead.pop()
        new = {step for start, step in found if start == here} - reached
        reached |= new
        ahead += new
    return other in reached


def drawing() -> str:
    """The SVG."""
    rows = floors()
    places = {
        room: (WIDTH * (column + 1) / (len(row) + 1), 50 + FLOOR * index)
        for index, row in enumerate(rows)
        for column, room in enumerate(row)
    }
    found = arrows(set(places))
    upwards = {pair for pair in found if places[pair[0]][1] > places[pair[1]][1]}
    downwards = {pair for pair in found if pair not in upwards}
    shown = sorted(upwards | {pair for pair in downwards if not _is_implied(*pair, downwards)})
    height = 50 + FLOOR * len(rows)
    title = f"{len(places)} rooms on {len(rows)} floors, {len(found)} arrows: {sum(found.values())} modules imported."
    note = "An arrow that follows from others is left out."
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif">',
        f"<title>{escape(title)}</title>",
        "<style>text{font-size:15px;text-anchor:middle}.note{font-size:12px;fill:#555}"
        "path{fill:none;stroke:#4477aa;opacity:.7}.up{stroke:#cc3311}rect{fill:#fff;stroke:#333}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto" '
        'markerUnits="userSpaceOnUse"><path d="M0 0L8 4L0 8z" style="fill:#4477aa;stroke:none;opacity:1"/>'
        "</marker></defs>",
        f'<rect width="{WIDTH}" height="{height}" style="stroke:none"/>',
        *(_arrow(places[room], places[other], found[room, other]) for room, other in shown),
        *(_box(room, *place) for room, place in places.items()),
        f'<text class="note" x="{WIDTH / 2:g}" y="{height - 14}">{escape(title)} {escape(note)}</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _box(room: str, x: float, y: float) -> str:
    box = f'<rect x="{x - BOX / 2:g}" y="{y - HEIGHT / 2:g}" width="{BOX}" height="{HEIGHT}" rx="6"/>'
    return f'{box}<text x="{x:g}" y="{y + 5:g}">{escape(room)}</text>'


def _arrow(start: tuple[float, float], end: tuple[float, float], count: int) -> str:
    """Wider for more modules, red where it leads upwards. Neighbours are joined by a bow below their boxes."""
    (x0, y0), (x1, y1) = start, end
    width = f'stroke-width="{min(0.6 + 0.4 * count, 4):g}" marker-end="url(#tip)"'
    if y0 == y1:
        bottom = y0 + HEIGHT / 2
        return f'<path d="M{x0:g} {bottom:g}Q{(x0 + x1) / 2:g} {y0 + 44:g} {x1:g} {bottom:g}" {width}/>'
    if y0 > y1:
        return f'<path class="up" d="M{x0:g} {y0 - HEIGHT / 2:g}L{x1:g} {y1 + HEIGHT / 2:g}" {width}/>'
    y0, y1 = y0 + HEIGHT / 2, y1 - HEIGHT / 2
    bend = 55 * ((y1 - y0) > FLOOR) * (1 if x0 <= x1 else -1)  # past the boxes that lie between
    middle = (y0 + y1) / 2
    return f'<path d="M{x0:g} {y0:g}C{x0 + 2 * bend:g} {middle:g} {x1 + 2 * bend:g} {middle:g} {x1:g} {y1:g}" {width}/>'


def main() -> None:
    if "--check" in sys.argv[1:]:
        if not DRAWING.exists() or DRAWING.read_text() != drawing():
            sys.exit("docs/architecture.svg is not drawn from today's imports. Run `make architecture`, and commit it.")
        return
    DRAWING.write_text(drawing())


if __name__ == "__main__":
    main()
