"""matplotlib's figures with a text for readers who cannot see them. Notebooks show figures without one."""

from __future__ import annotations

import html
from functools import cache
from typing import TYPE_CHECKING

from checks.messages import current, sentence, shown
from checks.reports import in_notebook

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BOXES = "lastresort"
"""Fonts that have a box for every character."""


def show_figure(words: str) -> None:
    """Show matplotlib's current figure and close it. words: its content, in a sentence or two."""
    # Imported here: matplotlib takes a second, and most tests draw nothing.
    import matplotlib.pyplot as plt

    figure = plt.gcf()
    _translate_titles(figure)
    if in_notebook():
        from IPython.core import pylabtools
        from IPython.display import display

        picture = pylabtools.print_figure(figure, "png", base64=True)
        alternative = html.escape(words, quote=True)
        img = f"<img src='data:image/png;base64,{picture}' alt='{alternative}' style='max-width:100%'>"
        bundle = {"text/plain": words, "image/png": picture, "text/html": img}
        display(bundle, metadata={"image/png": {"alt": words}}, raw=True)
    else:
        plt.show()
    # An open figure would be shown again at the end of the cell.
    plt.close(figure)


def _translate_titles(figure: Figure) -> None:
    """Translate the figure's texts that the catalogue knows, if a font has all their characters: no boxes."""
    from matplotlib import ft2font
    from matplotlib.text import Text

    # Without this library, matplotlib neither joins Arabic letters nor turns their order.
    if current().is_source or (current().is_rtl and not hasattr(ft2font, "__libraqm_version__")):
        return
    for text in figure.findobj(Text):
        title = sentence(text.get_text())
        if title and current().knows(title) and (font := _font_with(frozenset(shown(title)))):
            text.set_text(shown(title))
            # One after the other: letters of code and digits keep their font.
            text.set_fontfamily([*text.get_fontfamily(), font])


@cache
def _font_with(characters: frozenset[str]) -> str:
    """Return the name of a font of this machine that has all the characters, or nothing."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    for font in fontManager.ttflist:
        if _has(font.fname, characters) and BOXES not in font.name.replace(" ", "").lower():
            return font.name
    # matplotlib keeps its list of fonts, so it misses those that were installed later.
    known = {font.fname for font in fontManager.ttflist}
    for path in set(findSystemFonts()) - known:
        if _has(path, characters):
            fontManager.addfont(path)
            return fontManager.ttflist[-1].name
    return ""


def _has(path: str, characters: frozenset[str]) -> bool:
    from matplotlib.ft2font import FT2Font

    try:
        known = FT2Font(path).get_charmap()
    except (OSError, RuntimeError):  # a font that was removed, or is damaged
        return False
    return all(ord(character) in known for character in characters)
