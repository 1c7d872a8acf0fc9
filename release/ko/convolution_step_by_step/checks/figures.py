"""matplotlib's figures with a text for readers who cannot see them. Notebooks show figures without one."""

from __future__ import annotations

import html

from checks.messages import current, sentence, shown
from checks.reports import in_notebook


def show_figure(words: str) -> None:
    """Show matplotlib's current figure and close it. words: its content, in a sentence or two."""
    # Imported here: matplotlib takes a second, and most tests draw nothing.
    import matplotlib.pyplot as plt

    if current().knows(sentence(words)):
        words = shown(sentence(words))
    figure = plt.gcf()
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
