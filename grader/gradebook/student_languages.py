"""The languages of students who read another one than the course: a file, since nbgrader's gradebook has no place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from grader.common.errors import LanguageError
from grader.common.files import write_whole

FILE = Path(".grader", "student_languages.json")


def student_languages(course: Path) -> dict[str, str]:
    """Return student -> code of the language. Raises LanguageError for a file that cannot be read."""
    path = course / FILE
    if not path.exists():
        return {}
    try:
        return {str(student): str(code) for student, code in json.loads(path.read_bytes()).items()}
    except (ValueError, AttributeError) as error:
        raise LanguageError(f"{path}: cannot be read ({error}). Delete it and import the roster again.") from None


def note_languages(course: Path, chosen: Mapping[str, str | None]) -> None:
    """Store the languages of these students. None or an empty code: the student reads the course's language."""
    known = student_languages(course) | {student: code or "" for student, code in chosen.items()}
    kept = {student: code for student, code in sorted(known.items()) if code}
    (course / FILE).parent.mkdir(exist_ok=True)
    write_whole(course / FILE, (json.dumps(kept, indent=1, ensure_ascii=False) + "\n").encode())
