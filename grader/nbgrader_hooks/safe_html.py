"""Filters for a student's markdown and outputs in Formgrader's page.

They replace the filters of nbconvert's templates that turn text into HTML. Tags and attributes for prose pass, each
with a checked value; all others are removed. Texts are shortened before any search, because the libraries behind these
filters take quadratic time on some texts.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

import nh3
from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from grader.config.limits import FORMGRADER_ADDRESS_CHARACTERS as MAX_PICTURE
from grader.config.limits import FORMGRADER_CODE_CHARACTERS as MAX_CODE
from grader.config.limits import FORMGRADER_HTML_CHARACTERS as MAX_HTML
from grader.config.limits import FORMGRADER_LINE_CHARACTERS as MAX_LINE
from grader.config.limits import FORMGRADER_MARKDOWN_CHARACTERS as MAX_MARKDOWN
from grader.config.limits import FORMGRADER_SEARCH_CHARACTERS as MAX_SEARCH
from grader.notebooks.attachments import LEFT_OUT

PROSE = "abbr b blockquote br code del details div dl dt dd em h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol p pre s samp"
REST = "a caption col colgroup figcaption figure img small span strong sub summary sup table tbody td tfoot th thead tr"
TAGS = set(f"{PROSE} {REST} u ul var".split())
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
HEADING = "heading-"
"""Prefix of a heading's id. Formgrader finds its own fields by ids, which are names of exercises."""

_NUMBER = re.compile(r"\d{1,4}")
_SPAN = re.compile(r"\d{1,3}")
_SIDE = re.compile(r"(?:left|right|center|justify)")
ATTRIBUTES = {
    "align": _SIDE,
    "colspan": _SPAN,
    "height": _NUMBER,
    "open": re.compile(r""),
    "rowspan": _SPAN,
    "scope": re.compile(r"(?:row|col)(?:group)?"),
    "start": _NUMBER,
    "width": re.compile(r"\d{1,4}|\d{1,2}%|100%"),
}
"""Attribute -> pattern of its whole value. alt and title may be any text."""
STYLES = frozenset(
    ("color", "background-color", "font-style", "font-weight", "list-style", "opacity", "text-align", "vertical-align")
)
"""CSS properties that neither move nor resize anything."""
STYLE_VALUE = re.compile(r"#[0-9a-f]{3,8}|[a-z-]{1,30}|\d{0,3}(?:\.\d{1,4})?|rgba?\([\d., %]{1,40}\)", re.IGNORECASE)

EMBEDDED = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*+", re.IGNORECASE)
_NAME = r"\w[\w.,() +-]*+"
BESIDE = re.compile(rf"(?:\./)?(?:{_NAME}/)*+{_NAME}")
"""Path of a file in the assignment's own folder. It must not begin with a dot, a slash or a backslash."""
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")
ELSEWHERE = re.compile(r"(?:https?://[^\s\\]+|mailto:[^\s\\]+)", re.IGNORECASE)
BOX = '<div style="overflow:auto">{}</div>'
"""Keeps floating pictures, and formulas that leave their line, within their own cell."""
MATH = (r"\begin{", "\\\\(", "\\\\[", "$$")
"""Openings of formulas. The library searches the whole text for their end."""


def clean_html(text: str | bytes) -> str:
    """Return the HTML without anything that could act, move or reach another page. Replaces nbconvert's filter."""
    # A lone surrogate cannot be passed to nh3, which is written in Rust.
    encoded = text if isinstance(text, bytes) else str(text).encode("utf-8", "replace")
    shown, note = _cut(encoded.decode("utf-8", "replace"), MAX_HTML)
    return note + nh3.clean(
        shown,
        tags=TAGS,
        attributes={"*": {*ATTRIBUTES, "alt", "title", "style"}, "a": {"href"}, "img": {"src"}}
        | {heading: {"id"} for heading in HEADINGS},
        attribute_filter=_checked,
        url_schemes={"http", "https", "mailto", "data"},
    )


@pass_context
def markdown_to_html(context: Context, source: str) -> str:
    """Replaces nbconvert's filter, whose result nbgrader's templates do not clean."""
    text, note = _cut(str(source), MAX_MARKDOWN)
    # The search for the end of each formula takes time in proportion to the text: the product limits the total.
    if len(text) * sum(text.count(opening) for opening in MATH) > MAX_SEARCH:
        return f"<pre>{html.escape(text)}</pre>{note}"
    renderer = IPythonRenderer(escape=False, attachments=_Attachments(context.get("cell", {}).get("attachments", {})))
    return BOX.format(clean_html(MarkdownWithMath(renderer=renderer).render(text)) + note)


@pass_context
def highlight_code(context: Context, source: str, **options: Any) -> str:
    """Return code with colours if that is cheap. Replaces nbconvert's filter."""
    text, note = _cut(str(source), MAX_CODE)
    # Highlighting takes quadratic time on very long lines.
    if max(map(len, text.split("\n"))) > MAX_LINE:
        return f'<div class="highlight"><pre>{html.escape(text)}</pre></div>{note}'
    return str(Highlight2HTML(pygments_lexer="ipython3")(text)) + note


def unchanged(text: str) -> str:
    """Replaces nbconvert's strip_files_prefix, which edits addresses after they were checked."""
    return text


class _Attachments(dict[str, dict[str, str]]):
    """A cell's pictures, also under the encoded form of their names. A missing picture is empty.

    Otherwise a text that was copied without its picture would be an error, and nobody could open the notebook.
    """

    def __contains__(self, name: object) -> bool:
        return True

    def __getitem__(self, name: str) -> dict[str, str]:
        return self.get(name) or self.get(unquote(name)) or LEFT_OUT


def _cut(text: str, length: int) -> tuple[str, str]:
    """Return the text's beginning, and a note on the rest as HTML."""
    left_out = len(text) - length
    return text[:length], f"<p>[{left_out:,} more characters are not shown]</p>" if left_out > 0 else ""


def _checked(tag: str, name: str, value: str) -> str | None:
    """Return the attribute's allowed value, or None to remove the attribute."""
    try:
        return _CHECKS[name](value) if name in _CHECKS else None
    except Exception:  # after an error, nh3 would keep the attribute unchanged
        return None


def _style(text: str) -> str | None:
    parts = (part.partition(":") for part in text[:1000].split(";"))
    pairs = ((name.strip().lower(), value.strip()) for name, _, value in parts)
    return (
        ";".join(f"{name}:{value}" for name, value in pairs if name in STYLES and STYLE_VALUE.fullmatch(value)) or None
    )


def _link(address: str) -> str | None:
    """Return the address of an allowed link: to a heading, to a file in the assignment's folder, or to another host."""
    if address.startswith("#"):
        return f"#{HEADING}{address[1:]}"
    return address if ELSEWHERE.fullmatch(address) or BESIDE.fullmatch(_spaced(address)) else None


def _picture(address: str) -> str | None:
    """Return the address of an embedded bitmap, or of a figure in the assignment's folder."""
    if len(address) > MAX_PICTURE:
        return None
    beside = _spaced(address)
    is_figure = beside.lower().endswith(PICTURES) and len(beside) < 500 and BESIDE.fullmatch(beside)
    return address if is_figure or EMBEDDED.fullmatch(address) else None


def _spaced(address: str) -> str:
    """Return the address with spaces decoded. Other escapes could encode a dot or a slash."""
    return address.replace("%20", " ")


def _whole(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    return lambda value: value if pattern.fullmatch(value) else None


_CHECKS: Mapping[str, Callable[[str], str | None]] = {
    **{name: _whole(pattern) for name, pattern in ATTRIBUTES.items()},
    "alt": str,
    "title": str,
    "style": _style,
    "id": lambda value: HEADING + value,
    "href": _link,
    "src": _picture,
    "rel": str,  # set by nh3 itself: a student's own `rel` is not among the allowed attributes
}
