"""What a student's markdown and outputs may do in the pages of feedback and Formgrader: show themselves, and no more.

The filters of nbconvert's templates that turn markdown into HTML and clean it, with the tags that prose needs and our
reports use. Scripts, forms, frames and pictures from elsewhere are shown as their text, or lose the attribute.
"""

from __future__ import annotations

import html
from urllib.parse import unquote, urlsplit

import bleach
from bleach.css_sanitizer import CSSSanitizer
from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from grader.notebooks.attachments import LEFT_OUT

PROSE = "abbr b blockquote br code del details div dl dt dd em h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol p pre s samp"
REST = (
    "a caption col colgroup figcaption figure img small span strong sub summary sup table tbody td tfoot th thead tr u"
)
TAGS = frozenset(f"{PROSE} {REST} ul var".split())
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
SHOWN = "align alt class colspan height open rowspan scope start style title width"
ATTRIBUTES = frozenset(SHOWN.split())
STYLES = CSSSanitizer(
    [
        *("color", "background-color", "font-size", "font-style", "font-weight", "list-style", "opacity", "text-align"),
        *("margin", "margin-left", "padding", "padding-left", "border", "width", "height", "vertical-align"),
    ]
)


def clean_html(text: str | bytes) -> str:
    """The HTML without anything that could act. Stands in for nbconvert's filter, which knows not even paragraphs."""
    text = text.decode() if isinstance(text, bytes) else str(text)
    return bleach.clean(
        text, tags=TAGS, attributes=_allowed, protocols={"http", "https", "mailto", "data"}, css_sanitizer=STYLES
    )


@pass_context
def markdown_to_html(context: Context, source: str) -> str:
    """Stands in for nbconvert's filter, whose result nbgrader's templates do not clean."""
    attachments = _Attachments(context.get("cell", {}).get("attachments", {}))
    renderer = IPythonRenderer(escape=False, attachments=attachments)
    return clean_html(MarkdownWithMath(renderer=renderer).render(source))


class _Attachments(dict[str, dict[str, str]]):
    """A cell's pictures, under their names as they stand in an address, too. One that is not there is empty: a text
    that was copied without its picture would else be an error, and nobody could open the notebook."""

    def __contains__(self, name: object) -> bool:
        return True

    def __getitem__(self, name: str) -> dict[str, str]:
        return self.get(name) or self.get(unquote(name)) or LEFT_OUT


def _allowed(tag: str, name: str, value: str) -> bool:
    """May the tag have the attribute? Ids are for headings only: Formgrader finds its own fields by theirs."""
    if name == "id":
        return tag in HEADINGS
    if name not in ("href", "src"):
        return name in ATTRIBUTES
    try:
        place = urlsplit(html.unescape(value))
    except ValueError:
        return False
    if (tag, name) == ("a", "href"):
        return place.scheme in ("", "http", "https", "mailto")
    embedded = place.scheme == "data" and place.path.startswith("image/")
    return (tag, name) == ("img", "src") and (embedded or not (place.scheme or place.netloc))
