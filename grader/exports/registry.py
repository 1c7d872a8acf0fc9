"""The exporters by their name on the command line. A new learning system needs a file in this room and a line below."""

from __future__ import annotations

from collections.abc import Mapping

from grader.exports.base import Exporter
from grader.exports.canvas import Canvas
from grader.exports.gradescope import Gradescope
from grader.exports.json_list import JsonList
from grader.exports.moodle import Moodle

EXPORTERS: Mapping[str, Exporter] = {
    "canvas": Canvas(),
    "moodle": Moodle(),
    "json": JsonList(),
    "gradescope": Gradescope(),
}
