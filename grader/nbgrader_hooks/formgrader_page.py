"""Formgrader's page of one submission, made with our filters in a separate process.

The filters are set here and not in the course's configuration, because Formgrader opens the pages of a course under the
configuration of the folder in which its server was started.
"""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import HTMLExporter
from traitlets.config import Config

from grader.common.expendable import Failed, Lost, in_child
from grader.config.limits import PAGE_MEMORY_BYTES, PAGE_SECONDS
from grader.nbgrader_hooks import safe_html
from grader.pages.not_made import not_made_page

FILTERS = {
    "clean_html": safe_html.clean_html,
    "highlight_code": safe_html.highlight_code,
    "markdown2html": safe_html.markdown_to_html,
    "strip_files_prefix": safe_html.unchanged,
}


class FormgraderPage(HTMLExporter):
    """nbconvert's exporter for untrusted notebooks. It takes the configuration of HTMLExporter."""

    def __init__(self, config: Config | None = None, **others: Any) -> None:
        super().__init__(config=config, **others)  # type: ignore[no-untyped-call]  # nbconvert's
        # nbconvert's default shows a student's HTML output as it is.
        self.sanitize_html = True
        self.filters = {**self.filters, **FILTERS}

    def from_filename(  # type: ignore[override]  # returns text, as all exporters with templates do
        self, filename: str, resources: dict[str, Any] | None = None, **others: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page, or one with the reason if it takes too long, needs too much memory or cannot be made."""
        resources = resources or {}

        def page() -> str:
            return str(super(FormgraderPage, self).from_filename(filename, resources=dict(resources), **others)[0])

        try:
            # A hostile notebook can keep the converter busy for hours, and the server has one thread.
            return in_child(page, PAGE_SECONDS, PAGE_MEMORY_BYTES), resources
        except (Lost, Failed) as error:
            self.log.warning("%s: its page was not made: %s", filename, error)
            return not_made_page(str(resources.get("student", "")), str(error), _neighbours(resources)), resources


def _neighbours(resources: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the links to the submissions before and after this one, with their texts."""
    start = f"{resources.get('base_url', '')}/formgrader/submissions/{resources.get('submission_id', '')}"
    return [("previous submission", f"{start}/prev"), ("next submission", f"{start}/next")]
