"""A Jupyter server extension: a Content-Security-Policy for the pages of Formgrader.

A hole in a page of a student's notebook is harmless under it: the browser runs no script but those of nbgrader's own
templates. These get a number that is drawn anew for each response, and written where a *template* says `<script`;
what is filled into a template later has none.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from jinja2 import BaseLoader, DictLoader, Environment
from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.web import OutputTransform

from grader.nbgrader_hooks.formgrader_page import FormgraderPage

PLACEHOLDER = secrets.token_urlsafe(24)
"""stands for the number until a response is sent; as long as the number, and secret: it never leaves the process"""
MATHJAX = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/2.7.7/"
HANDLERS = (
    "toggle_name(true);",
    "toggle_name(false);",
    "toggleAllNames()",
    "createAssignmentModal();",
    "createStudentModal();",
)
"""the attributes of nbgrader's templates that hold script: no others run"""
SCRIPT = re.compile(r"<script\b", re.IGNORECASE)
FILES = re.compile(r"submissions/[^/]+/.+")
"""what lies beside a submission, a student's own files, too; and the links to the next submission"""
HOST = re.compile(r"[\w.-]+(?::\d+)?|\[[\da-f:.]+\](?::\d+)?", re.IGNORECASE)

MATHJAX_MACRO = """
{%- macro mathjax(url="<source>latest.js?config=TeX-AMS_CHTML-full,Safe") -%}
<script>
window.MathJax = {
  TeX: {equationNumbers: {autoNumber: "AMS", useLabelIds: true}},
  tex2jax: {
    inlineMath: [["$", "$"], ["\\\\(", "\\\\)"]],
    displayMath: [["$$", "$$"], ["\\\\[", "\\\\]"]],
    processEscapes: true,
    processEnvironments: true
  },
  messageStyle: "none",
  CommonHTML: {linebreaks: {automatic: true}}
};
</script>
<script src="{{ url }}"></script>
<script>
if (!window.MathJax.Hub)
  window.MathJax = {Hub: {Startup: {signal: {Interest: listener => setTimeout(listener, 0, "End")}}}};
</script>
{%- endmacro %}
"""
"""nbconvert's own hands its settings over in a text that MathJax evaluates, which the policy forbids. Formgrader waits
for MathJax before it takes scores: without a network, it is told that there is nothing to wait for"""


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "grader.nbgrader_hooks.formgrader_policy"}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Called by the server. Formgrader may be loaded later, so its templates are marked when all are."""
    start = f"{server.web_app.settings['base_url'].rstrip('/')}/formgrader"
    server.web_app.transforms.insert(0, partial(Policy, start))  # before what compresses
    server.io_loop.add_callback(mark_templates, server.web_app.settings)


def mark_templates(settings: dict[str, Any]) -> None:
    """Have Formgrader's templates say which scripts are theirs. settings: the server's; without Formgrader, nothing."""
    formgrader = settings.get("nbgrader_formgrader")
    if formgrader is None:
        return
    environment: Environment = settings["nbgrader_jinja2_env"]
    environment.loader = MarkedLoader(environment.loader or BaseLoader())
    settings["nbgrader_exporter"] = MarkedPage(config=formgrader.config)


class MarkedLoader(BaseLoader):
    """Loads templates from another loader, and gives each script in their text the placeholder."""

    def __init__(self, loader: BaseLoader) -> None:
        self._loader = loader

    def get_source(self, environment: Environment, template: str) -> tuple[str, Any, Any]:
        source, path, is_fresh = self._loader.get_source(environment, template)
        return SCRIPT.sub(f'<script nonce="{PLACEHOLDER}"', source), path, is_fresh


class MarkedPage(FormgraderPage):
    """FormgraderPage with marked scripts."""

    def _create_environment(self) -> Environment:
        self.extra_loaders = [DictLoader({"mathjax.html.j2": MATHJAX_MACRO.replace("<source>", MATHJAX)})]
        environment: Environment = super()._create_environment()  # type: ignore[no-untyped-call]
        environment.loader = MarkedLoader(environment.loader or BaseLoader())
        return environment


class Policy(OutputTransform):
    """Sets the header of what Formgrader sends, and puts the number in place of the placeholder."""

    def __init__(self, start: str, request: HTTPServerRequest) -> None:
        """start: the path of Formgrader's pages on this server."""
        path = urlsplit(request.uri or "").path
        inside = path.removeprefix(f"{start}/")
        self._is_page = (path == start or inside != path) and not inside.startswith("static/")
        self._is_file = bool(FILES.match(inside))
        self._pictures = f"{request.host}{start}/" if HOST.fullmatch(request.host) else "'self'"
        self._number = secrets.token_urlsafe(24)
        if self._is_page:  # an old page has another number than this response's header
            for name in ("If-None-Match", "If-Modified-Since"):
                request.headers.pop(name, None)

    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        if self._is_page:
            headers["Content-Security-Policy"] = policy(self._number, self._pictures, self._is_file)
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Cache-Control"] = "no-store"
            headers.pop("Etag", None)
        return status_code, headers, self.transform_chunk(chunk, finishing)

    def transform_chunk(self, chunk: bytes, finishing: bool) -> bytes:
        return chunk.replace(PLACEHOLDER.encode(), self._number.encode()) if self._is_page else chunk


def policy(number: str, pictures: str, is_file: bool = False) -> str:
    """The header's value. number: of the response's scripts; pictures: where they may come from, as a source.

    is_file: a file beside a submission, which gets no rights of the server's pages at all.
    """
    handlers = " ".join(f"'sha256-{_digest(handler)}'" for handler in HANDLERS)
    rules = {
        "default-src": "'none'",
        "script-src": f"'nonce-{number}' 'unsafe-hashes' {handlers} {MATHJAX}",
        "style-src": f"'self' 'unsafe-inline' {MATHJAX}",
        "font-src": f"'self' {MATHJAX}",
        "img-src": f"data: {pictures}",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'self'",
    }
    if is_file:
        rules |= {"script-src": "'none'", "connect-src": "'none'", "form-action": "'none'", "sandbox": ""}
    return "; ".join(f"{name} {value}".strip() for name, value in rules.items())


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
