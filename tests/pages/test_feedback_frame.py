"""What all pages have in common: no network, no foreign script, colours that can be read."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from importlib.resources import files
from pathlib import Path

import pytest

from grader.pages import FOLDER, page, prose

STYLE = (FOLDER / "style.css").read_text()
TEXT_ON = {
    "ink": ("paper", "panel", "good-back", "bad-back", "open-back"),
    "soft": ("paper", "panel"),
    "link": ("paper", "panel", "bad-back"),
    "good": ("paper", "panel", "good-back", "bad-back"),
    "bad": ("paper", "bad-back"),
    "open": ("paper", "panel", "open-back", "bad-back"),
}


def colours(scheme: str) -> dict[str, str]:
    """Name -> value as the style has it in that scheme."""
    light, dark = (re.findall(r"--([\w-]+): (#\w+)", part) for part in STYLE.split("prefers-color-scheme", 1))
    return dict(light) if scheme == "light" else dict(light) | dict(dark[: len(light)])


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it. colour: #rrggbb."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast(scheme: str) -> None:
    """Has each colour of text a contrast of 4.5 on each background that it stands on?"""
    known = colours(scheme)
    too_faint = {}
    for text, grounds in TEXT_ON.items():
        for ground in grounds:
            lighter, darker = sorted((luminance(known[text]), luminance(known[ground])), reverse=True)
            contrast = (lighter + 0.05) / (darker + 0.05)
            if contrast < 4.5:
                too_faint[text, ground] = round(contrast, 2)
    assert too_faint == {}


def test_page_lets_no_script_run_but_its_own() -> None:
    """Does the policy refuse every script, or all but the one of ours?"""
    assert "script-src" not in html.unescape(page("base.html"))
    script = "document.title = 'a < b'"
    text = page("base.html", script=script)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in html.unescape(text)
    assert f"<script>{script}</script>" in text


def test_page_asks_nobody_for_anything() -> None:
    """Is there no address in the frame and its style but those of data, and no import?"""
    text = html.unescape(page("base.html"))
    assert "default-src 'none'" in text
    assert not re.findall(r"https?:|url\(|@import", text)


def test_page_can_be_walked_by_ear_and_keyboard() -> None:
    """Are there language, title, landmarks, and a link past what stands before the content?"""
    text = page("base.html")
    for part in ('<html lang="en">', "<title>", "<header>", '<main id="content"', "<footer>", 'href="#content"'):
        assert part in text


def test_prose_is_escaped() -> None:
    """Does code between backticks bring in no tag?"""
    assert prose("`a<b>` & <i>") == "<code>a&lt;b&gt;</code> &amp; &lt;i&gt;"
    assert prose("`<script>`alert(1)") == "<code>&lt;script&gt;</code>alert(1)"


def test_style_and_templates_are_part_of_the_package() -> None:
    """Does an installed grader have what its pages are made of?"""
    import tomllib

    course = Path(__file__).parents[2]
    patterns = tomllib.loads((course / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]
    there = {path for pattern in patterns["grader.pages"] for path in FOLDER.glob(pattern)}
    wanted = {path for path in FOLDER.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
    assert there >= wanted
    assert files("grader.pages").joinpath("templates", "feedback.html").is_file()
