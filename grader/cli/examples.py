"""An example for each command, which its --help shows. `lab1` stands for an assignment, `ada` for a student."""

from __future__ import annotations

from collections.abc import Mapping

EXAMPLES: Mapping[str, str] = {
    "autograde": "grader autograde lab1 --student ada",
    "check": "grader check submitted/ada/lab1/lab1.ipynb",
    "data": "grader data",
    "doctor": "grader doctor",
    "export": "grader export lab1 --format canvas",
    "extensions": "grader extensions lab1 extensions.csv",
    "gradescope-zip": "grader gradescope-zip lab1",
    "import-students": "grader import-students roster.csv",
    "languages": "grader languages update zh",
    "new": "grader new lab2 --from old/lab2.ipynb",
    "release": "grader release lab1 --dry-run",
    "report": "grader report lab1",
    "reproduce": "grader reproduce ada lab1",
    "sample-class": "grader sample-class lab1",
    "scores": "grader scores lab1",
    "serve-folder": "grader serve-folder lab1 inbox outbox",
    "watch": "grader watch lab1",
}
