"""Convert graders' comments to HTML: Markdown, with formulas as MathML, which browsers show without a script.

Raw HTML stays text. The result passes an allow-list, because the converter of formulas copies texts unchanged.
"""

from __future__ import annotations

import html
import re
from functools import cache

import mistune
import nh3
from latex2mathml.converter import convert
from markupsafe import Markup
from mistune import BlockState, InlineParser, InlineState

from grader.common.text import printable
from grader.config.limits import COMMENT_CHARACTERS, FORMULA_CHARACTERS, FORMULAS

_PROSE = "blockquote br code del em h1 h2 h3 h4 h5 h6 hr li ol p pre strong table tbody td th thead tr ul"
_MATHML = (
    "math menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace "
    "msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none"
)
TAGS = frozenset(f"{_PROSE} {_MATHML} a".split())
ATTRIBUTES = {
    "a": {"href"},
    "math": {"display"},
    "mfrac": {"linethickness"},
    "mo": {"fence", "form", "movablelimits", "stretchy"},
    "mtable": {"columnalign"},
    "mi": {"mathvariant"},
}
# A dollar sign next to a space, or before a digit, is a currency.
INLINE = r"\$(?![\s$])(?P<inline_formula>(?:[^$`\n\\]|\\.){1,1000}?)(?<!\s)\$(?!\d)"
DISPLAY = r"\$\$(?P<display_formula>(?:[^$\\]|\\[\s\S]){1,1000}?)\$\$"


def rich_text(text: str) -> Markup:
    """Return the text as HTML. A text that is too long is shortened, with a note."""
    shown = "\n".join(printable(line.expandtabs(4), len(line) * 4 + 4) for line in str(text).splitlines())
    left_out = len(shown) - COMMENT_CHARACTERS
    made = str(_markdown()(shown[:COMMENT_CHARACTERS]))
    # The schemes keep out javascript: links.
    clean = nh3.clean(made, tags=set(TAGS), attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"})
    note = f"<p>[{left_out:,} more characters are not shown]</p>" if left_out > 0 else ""
    return Markup(clean + note)


@cache
def _markdown() -> mistune.Markdown:
    # escape: raw HTML becomes text. hard_wrap: a grader's line breaks stay.
    return mistune.create_markdown(escape=True, hard_wrap=True, plugins=["table", "strikethrough", _formulas])


def _formulas(md: mistune.Markdown) -> None:
    md.inline.register("formula_display", DISPLAY, _parse, before="codespan")
    md.inline.register("formula_inline", INLINE, _parse, before="codespan")
    renderer = md.renderer
    if renderer is not None and renderer.NAME == "html":
        renderer.register("formula", _formula)


def _parse(inline: InlineParser, found: re.Match[str], state: InlineState | BlockState) -> int:
    name = "display_formula" if found.groupdict().get("display_formula") else "inline_formula"
    # Formulas are counted because each takes milliseconds to convert.
    count = state.env["formulas"] = state.env.get("formulas", 0) + 1
    attributes = {"display": "block" if name == "display_formula" else "inline", "plain": count > FORMULAS}
    state.append_token({"type": "formula", "raw": found.group(name), "attrs": attributes})
    return found.end()


def _formula(renderer: mistune.HTMLRenderer, text: str, display: str, plain: bool) -> str:
    """Return the formula as MathML, or as source code if it cannot be converted."""
    as_written = f"<code>{html.escape(text)}</code>"
    if plain or len(text) > FORMULA_CHARACTERS:
        return as_written
    try:
        return str(convert(html.unescape(text), display=display))
    except Exception:  # the converter raises errors of many kinds for invalid LaTeX
        return as_written
