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

from checks.messages import Message, current, say, say_number
from grader.common.text import printable

FOLDER = Path(__file__).parent
CODE = re.compile(r"`([^`\n]+)`")
START, END, OPEN, CLOSE, ENGLISH = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
"""Marks of a value and of a text that is not ours. No student's text has them: `visible` escapes private characters."""
TAGS = {
    START: "<bdi>",
    END: "</bdi>",
    OPEN: '<bdi class="as-is">',
    ENGLISH: '<bdi class="as-is" lang="en">',
    CLOSE: "</bdi>",
}
# Styles and pictures are inside the page, so nothing else may be loaded.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def page(template: str, script: str = "", connect: bool = False, **names: object) -> str:
    """Return the page as HTML. template: a file of templates/ that extends base.html. script: the only one allowed.

    connect: the script may ask the server of the page.
    """
    frame = {
        "language": current(),
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
    if not current().is_source:
        return translated(text)
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(visible(text)))))


def translated(text: str) -> Markup:
    """Return a text on a page in another language than English: values and texts that are not ours are marked."""
    if not text:
        return Markup("")
    if isinstance(text, Message):
        marked = current().render(
            text, value=lambda held: f"{START}{visible(held)}{END}", unknown=f"{ENGLISH}{{}}{CLOSE}"
        )
    else:
        marked = f"{OPEN}{visible(text)}{CLOSE}"
    found = CODE.sub(rf"{current().code_tag}\1</code>", str(escape(marked)))
    for mark, tag in TAGS.items():
        found = found.replace(mark, tag)
    return Markup(found)


def told(text: object) -> object:
    """Return a text that keeps its backticks. The templates' filter `told`."""
    return text if current().is_source or not isinstance(text, str) else translated(text)


def attribute(text: str) -> Markup:
    """Return a text for an attribute, which has no room for marks. The templates' filter `attribute`."""
    if isinstance(text, Message) and not current().is_source:
        # Signs of our own sentences, such as the half-space of Persian, are no disguise.
        return escape(current().render(text, value=lambda held: str(visible(held))))
    return escape(visible(str.__str__(text)))


def visible(value: object) -> object:
    """Return a text with invisible characters, or those that change its direction, as escapes."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    if isinstance(value, Message) and not current().is_source:
        return translated(value)
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
    environment.filters |= {"prose": prose, "told": told, "attribute": attribute}
    environment.globals |= {"_": say, "_n": say_number}
    return environment
