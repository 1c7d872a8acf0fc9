"""A Jupyter server extension: a Content-Security-Policy for the pages of Formgrader.

The policy makes a gap in the cleaning of a student's notebook harmless: the browser runs only the scripts of nbgrader's
own templates. They carry a nonce, a random number per response, which is inserted where a *template* contains
`<script`. Text that is filled into a template later has no nonce.
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
"""Stands for the nonce until a response is sent. It is secret, as long as the nonce, and never leaves the process."""
MATHJAX = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/2.7.7/"
HANDLERS = (
    "toggle_name(true);",
    "toggle_name(false);",
    "toggleAllNames()",
    "createAssignmentModal();",
    "createStudentModal();",
)
"""The attributes with script in nbgrader's templates. No others run."""
SCRIPT = re.compile(r"<script\b", re.IGNORECASE)
FILES = re.compile(r"submissions/[^/]+/.+")
"""Files next to a submission, including a student's own, and the links to the next submission."""
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
"""Replaces nbconvert's macro.

nbconvert passes its settings in a text that MathJax evaluates, which the policy forbids. Formgrader waits for MathJax
before it accepts scores. Without a network, the last script tells it that there is nothing to wait for.
"""


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "grader.nbgrader_hooks.formgrader_policy"}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Called by the server. Formgrader may be loaded later, so its templates are marked after all extensions."""
    start = f"{server.web_app.settings['base_url'].rstrip('/')}/formgrader"
    server.web_app.transforms.insert(0, partial(Policy, start))  # before compression
    server.io_loop.add_callback(mark_templates, server.web_app.settings)


def mark_templates(settings: dict[str, Any]) -> None:
    """Mark the scripts in Formgrader's templates. settings: the server's. Without Formgrader, nothing happens."""
    formgrader = settings.get("nbgrader_formgrader")
    if formgrader is None:
        return
    environment: Environment = settings["nbgrader_jinja2_env"]
    environment.loader = MarkedLoader(environment.loader or BaseLoader())
    settings["nbgrader_exporter"] = MarkedPage(config=formgrader.config)


class MarkedLoader(BaseLoader):
    """Loads templates from another loader, and gives each script in their source the placeholder."""

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
    """Sets the headers of Formgrader's responses, and replaces the placeholder by the nonce."""

    def __init__(self, start: str, request: HTTPServerRequest) -> None:
        """start: path of Formgrader's pages on this server."""
        path = urlsplit(request.uri or "").path
        inside = path.removeprefix(f"{start}/")
        self._is_page = (path == start or inside != path) and not inside.startswith("static/")
        self._is_file = bool(FILES.match(inside))
        # A forged Host header must not add rules to the policy.
        self._pictures = f"{request.host}{start}/" if HOST.fullmatch(request.host) else "'self'"
        self._number = secrets.token_urlsafe(24)
        if self._is_page:  # a cached page holds the nonce of an earlier response
            for name in ("If-None-Match", "If-Modified-Since"):
                request.headers.pop(name, None)

    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        if self._is_page:
            headers["Content-Security-Policy"] = policy(self._number, self._pictures, self._is_file)
            headers["X-Content-Type-Options"] = "nosniff"
            # A stored page would hold an old nonce, and its scripts would not run.
            headers["Cache-Control"] = "no-store"
            headers.pop("Etag", None)
        return status_code, headers, self.transform_chunk(chunk, finishing)

    def transform_chunk(self, chunk: bytes, finishing: bool) -> bytes:
        # Both have the same length, so the response's Content-Length stays right.
        return chunk.replace(PLACEHOLDER.encode(), self._number.encode()) if self._is_page else chunk


def policy(number: str, pictures: str, is_file: bool = False) -> str:
    """Return the header's value.

    number: the nonce of the response's scripts. pictures: allowed source of pictures. is_file: True for a file next to
    a submission, which gets no rights of the server's pages.
    """
    handlers = " ".join(f"'sha256-{_digest(handler)}'" for handler in HANDLERS)
    rules = {
        "default-src": "'none'",
        # 'unsafe-hashes' allows exactly the listed handlers, which nbgrader writes as attributes.
        "script-src": f"'nonce-{number}' 'unsafe-hashes' {handlers} {MATHJAX}",
        # nbgrader's templates and MathJax set styles inline.
        "style-src": f"'self' 'unsafe-inline' {MATHJAX}",
        "font-src": f"'self' {MATHJAX}",
        "img-src": f"data: {pictures}",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'self'",
    }
    if is_file:
        # A student's HTML or SVG file would otherwise run with the instructor's session.
        rules |= {"script-src": "'none'", "connect-src": "'none'", "form-action": "'none'", "sandbox": ""}
    return "; ".join(f"{name} {value}".strip() for name, value in rules.items())


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
