"""Pages: the only place that makes HTML for people, one file for each page, which asks no other machine for anything.

In: results, grades, statistics. Out: the feedback page (`feedback`), the class report (`report`). Others may
import these and `grades`.

Templates escape what they are given, unprintable characters too. Only what this package has made itself is Markup. A
page's policy lets no script run but one of our own.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from grader.common.text import printable

FOLDER = Path(__file__).parent
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def page(template: str, script: str = "", **names: object) -> str:
    """The page as one text. template: a file of templates/ that extends base.html; script: the only one that runs."""
    frame = {
        "style": Markup((FOLDER / "style.css").read_text()),
        "policy": _policy(script),
        "script": Markup(script),
    }
    return _environment().get_template(template).render(frame | names)


def _policy(script: str) -> str:
    """What the browser may load. script: our own; any other, and any attribute such as onclick, is refused."""
    if not script:
        return POLICY
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"{POLICY}; script-src 'sha256-{digest}'"


def prose(text: str) -> Markup:
    """A sentence, escaped, with what stands between backticks as code. The templates' filter of that name."""
    return Markup(re.sub(r"`([^`\n]+)`", r"<code>\1</code>", str(escape(visible(text)))))


def visible(value: object) -> object:
    """A text with what could not be seen in it, or would turn its direction, written as an escape."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return "\n".join(printable(line, len(line)) for line in value.expandtabs(4).split("\n"))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        finalize=visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["prose"] = prose
    return environment
