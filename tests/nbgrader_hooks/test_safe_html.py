"""Students' HTML and markdown for Formgrader: what prose needs passes; nothing acts, moves, or asks for anything."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from grader.nbgrader_hooks import safe_html

PIXEL = "data:image/png;base64,iVBORw0KGgo="
REFUSED = [
    "/hub/logout",
    "/\\elsewhere.test/x.png",
    "\\\\elsewhere.test\\x.png",
    "//elsewhere.test/x.png",
    "\\/elsewhere.test",
    "https://elsewhere.test/x.png",
    "http:/hub/x.png",
    "https:hub.png",
    "../x.png",
    "figures/../../hub/x.png",
    "./../x.png",
    "%2e%2e/x.png",
    "..%2fx.png",
    "x%2f..%2f..%2fhub.png",
    "\t/hub/x.png",
    " /hub/x.png",
    "/\n/elsewhere.test/x.png",
    "x.png?a=b",
    "x.png#a",
    "next",
    "a/next",
    "javascript:alert(1)",
    "java\tscript:x.png",
    "blob:x.png",
    "file:///x.png",
    "data:image/svg+xml;base64,PHN2Zz4=",
    "data:text/html;base64,eA==",
    "data:image/png,x",
    "data:image/png;base64,<x>",
    "",
    ".",
    "..",
    ".hidden.png",
    "figures//x.png",
    "figures/.x/y.png",
]
KEPT = [
    PIXEL,
    PIXEL.replace("png", "jpeg"),
    "figures/padding.png",
    "./a b.png",
    "a%20b.svg",
    "Übung.png",
    "a/b/c_1.webp",
]


def markdown(text: str, **cell: object) -> str:
    """As the template's filter renders it."""
    environment = Environment()
    environment.filters["markdown2html"] = safe_html.markdown_to_html
    return environment.from_string("{{ text | markdown2html }}").render(text=text, cell=cell)


@pytest.mark.parametrize("address", REFUSED, ids=repr)
def test_no_picture_from_elsewhere(address: str) -> None:
    """Does a picture, in HTML or in markdown, ask for nothing but itself and the assignment's figures?"""
    escaped = address.replace('"', "&quot;")
    for html in (safe_html.clean_html(f'<img src="{escaped}" alt="a">'), markdown(f'<img src="{escaped}" alt="a">')):
        assert "src" not in html
        assert "<img" in html
    assert not re.search("<img[^>]* src=", markdown(f"![a]({address})"))


@pytest.mark.parametrize("address", KEPT)
def test_own_pictures_are_shown(address: str) -> None:
    """Are bitmaps in the text, and figures of the assignment, still shown?"""
    assert f'src="{address}"' in safe_html.clean_html(f'<img src="{address}">')


LOADS = [
    '<img srcset="{} 1x">',
    '<video poster="{0}" src="{0}"></video>',
    '<audio src="{}"></audio>',
    '<source srcset="{}">',
    '<link rel="stylesheet" href="{}">',
    '<style>@import "{}"</style>',
    '<p style="background:url({})">',
    '<base href="{}">',
    '<svg><image href="{0}" xlink:href="{0}"/></svg>',
    '<table background="{}">',
    '<iframe src="{}">',
    '<object data="{}">',
    '<embed src="{}">',
    '<input type="image" src="{}">',
    '<body background="{}">',
    '<meta http-equiv="refresh" content="0;{}">',
    '<math href="{}">',
    '<a ping="{}">',
    '<blockquote cite="{}">',
    '<p style="list-style:url({})">',
    '<form action="{}">',
]


@pytest.mark.parametrize("tag", LOADS)
def test_nothing_else_loads(tag: str) -> None:
    """Does no tag or style that loads something, or leads somewhere by itself, pass?"""
    for address in ("/hub/logout", "https://elsewhere.test/x", "x.png"):
        assert address not in safe_html.clean_html(tag.format(address))


STYLES = [
    "position:fixed",
    "top:0",
    "left:-9px",
    "width:100vw",
    "height:100vh",
    "margin:-99px",
    "margin-left:9px",
    "padding:99px",
    "font-size:99px",
    "z-index:9",
    "transform:scale(9)",
    "float:left",
    "display:none",
    "inset:0",
    "zoom:9",
    "line-height:0",
    "letter-spacing:9px",
    "border:99px solid",
    "background:red",
    "color:var(--x)",
    "color:expression(1)",
    "background-color:url(x)",
    "animation:x",
]


@pytest.mark.parametrize("style", STYLES)
def test_nothing_is_moved_or_sized(style: str) -> None:
    """Is a style that moves, sizes or loads left out, and a colour beside it kept?"""
    html = safe_html.clean_html(f'<p class="panel" id="double" style="{style};color:#d32f2f">a</p>')
    assert html == '<p style="color:#d32f2f">a</p>'


def test_prose_passes() -> None:
    """Do lists, tables, code, links and formulas still look as they should?"""
    html = markdown("# A\n\n* [b](https://b.test/?c=d) and [e](#A)\n\n| f |\n|---|\n| `g` |\n\n$h < i$")
    for part in ("<li>", "<td><code>g</code></td>", 'href="https://b.test/?c=d"', "$h &lt; i$"):
        assert part in html
    assert re.findall('id="([^"]*)"', html) == ["heading-A"]
    assert 'href="#heading-A"' in html


@pytest.mark.parametrize(
    "address", ["/hub/logout", "//elsewhere.test", "/\\elsewhere.test", "javascript:x", "../../hub"]
)
def test_links_lead_to_no_page_of_the_server(address: str) -> None:
    """Does a link to another page of the server lose its address?"""
    assert "href" not in safe_html.clean_html(f'<a href="{address}">a</a>')


@given(st.text(alphabet="<>=\"'/\\ aimgsrconxp&;:#\n\t\x00\ud800", max_size=60))
def test_any_text_is_clean(text: str) -> None:
    """Is there no attribute that acts, whatever the text, and no error?"""
    html = safe_html.clean_html(text)
    assert not re.search(r"<[^>]*\s(on\w+|class|srcset)\s*=", html)
    assert "<script" not in html


QUADRATIC = [
    "\\begin{",
    "\\begin{a}",
    "\\\\(",
    "\\\\[",
    "$$ a ",
    "[",
    "![",
    "[a](",
    "<",
    "*a ",
    "`a``",
    "<!--",
    "# a\n",
    "|",
]


@pytest.mark.parametrize("piece", QUADRATIC)
def test_markdown_is_cut_before_it_is_rendered(piece: str) -> None:
    """Does a text of a megabyte, of which the renderer's time grows with the square, come to an end, and say so?"""
    html = markdown(piece * (1_000_000 // len(piece)))
    assert "more characters are not shown" in html


def test_formulas_without_an_end_are_text() -> None:
    """Is a text with more openings of formulas than can be searched shown as it is, and one with a few rendered?"""
    assert markdown("\\begin{" * 2000).startswith("<pre>")
    assert "<p><strong>b</strong>" in markdown("**b** " + "\\\\(a\\\\) " * 50)


def test_long_code_is_cut_and_escaped() -> None:
    """Is code of a stranger's cut, and escaped where it is not coloured?"""
    environment = Environment()
    environment.filters["code"] = safe_html.highlight_code
    template = environment.from_string("{{ text | code(metadata={}) }}")
    assert "more characters are not shown" in template.render(text="x\n" * 100_000)
    assert "<b>" not in template.render(text="<b>" * 2_000)
    assert "<b>" not in template.render(text="<b>")
