"""Pages: the only room that makes HTML. Each page is one file that loads nothing from other machines.

In: results, grades, statistics. Out: the feedback page (`feedback`) and the class report (`report`). Other rooms may
import these and `grades`.

Templates escape all values, including unprintable characters. Only HTML from this room is Markup. A page's content
security policy allows no script but the page's own.
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
# Styles and pictures are inside the page, so nothing else may be loaded.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def page(template: str, script: str = "", connect: bool = False, **names: object) -> str:
    """Return the page as HTML. template: a file of templates/ that extends base.html. script: the only one allowed.

    connect: the script may ask the server of the page.
    """
    frame = {
        "style": Markup((FOLDER / "style.css").read_text()),
        "policy": _policy(script) + ("; connect-src 'self'" if connect else ""),
        "script": Markup(script),
    }
    return _environment().get_template(template).render(frame | names)


def _policy(script: str) -> str:
    """Return the content security policy. It allows the given script by its hash, and no other script or handler."""
    if not script:
        return POLICY
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"{POLICY}; script-src 'sha256-{digest}'"


def prose(text: str) -> Markup:
    """Return a sentence, escaped, with text between backticks as code. The templates' filter `prose`."""
    return Markup(re.sub(r"`([^`\n]+)`", r"<code>\1</code>", str(escape(visible(text)))))


def visible(value: object) -> object:
    """Return a text with invisible characters, or those that change its direction, as escapes."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return "\n".join(printable(line, len(line)) for line in value.expandtabs(4).split("\n"))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        # Applies to every value that a template prints.
        finalize=visible,
        # A misspelled name in a template is an error and not an empty text.
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["prose"] = prose
    return environment
