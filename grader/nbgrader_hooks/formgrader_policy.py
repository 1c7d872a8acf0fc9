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
from traitlets.config import Config

from grader.nbgrader_hooks.formgrader_page import FormgraderPage

PLACEHOLDER = secrets.token_urlsafe(24)
"""Stands for the nonce until a response is sent. It is secret, as long as the nonce, and never leaves the process."""
MATHJAX = "static/jupyter_server_mathjax/"
"""Path below the server's base URL where jupyter-server-mathjax serves MathJax, so that no other server is asked."""
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
{%- macro mathjax(url="<source>MathJax.js?config=TeX-AMS-MML_HTMLorMML-full,Safe") -%}
<script>
window.MathJax = {
  Safe: {allow: {URLs: "none", classes: "none", cssIDs: "none", styles: "none"}},
  TeX: {equationNumbers: {autoNumber: "AMS", useLabelIds: true}},
  tex2jax: {
    inlineMath: [["$", "$"], ["\\\\(", "\\\\)"]],
    displayMath: [["$$", "$$"], ["\\\\[", "\\\\]"]],
    processEscapes: true,
    processEnvironments: true
  },
  messageStyle: "none",
  "HTML-CSS": {linebreaks: {automatic: true}, availableFonts: [], webFont: "STIX-Web", imageFont: null}
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
before it accepts scores. If MathJax cannot be loaded, the last script tells it that there is nothing to wait for.
"""


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "grader.nbgrader_hooks.formgrader_policy"}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Called by the server. Formgrader may be loaded later, so its templates are marked after all extensions."""
    base = server.web_app.settings["base_url"].rstrip("/")
    server.web_app.transforms.insert(0, partial(Policy, base))  # before compression
    server.io_loop.add_callback(mark_templates, server.web_app.settings)


def mark_templates(settings: dict[str, Any]) -> None:
    """Mark the scripts in Formgrader's templates. settings: the server's. Without Formgrader, nothing happens."""
    formgrader = settings.get("nbgrader_formgrader")
    if formgrader is None:
        return
    from grader.nbgrader_hooks.formgrader_guard import guard  # loads all of Formgrader

    guard()
    environment: Environment = settings["nbgrader_jinja2_env"]
    environment.loader = MarkedLoader(environment.loader or BaseLoader())
    mathjax = f"{settings['base_url'].rstrip('/')}/{MATHJAX}"
    settings["nbgrader_exporter"] = MarkedPage(mathjax, config=formgrader.config)


class MarkedLoader(BaseLoader):
    """Loads templates from another loader, and gives each script in their source the placeholder."""

    def __init__(self, loader: BaseLoader) -> None:
        self._loader = loader

    def get_source(self, environment: Environment, template: str) -> tuple[str, Any, Any]:
        source, path, is_fresh = self._loader.get_source(environment, template)
        return SCRIPT.sub(f'<script nonce="{PLACEHOLDER}"', source), path, is_fresh


class MarkedPage(FormgraderPage):
    """FormgraderPage with marked scripts, and with MathJax from this server."""

    def __init__(self, mathjax: str, config: Config | None = None, **others: Any) -> None:
        """mathjax: the path of MathJax's folder on this server."""
        self._mathjax = mathjax
        super().__init__(config=config, **others)

    def _create_environment(self) -> Environment:
        self.extra_loaders = [DictLoader({"mathjax.html.j2": MATHJAX_MACRO.replace("<source>", self._mathjax)})]
        environment: Environment = super()._create_environment()  # type: ignore[no-untyped-call]
        environment.loader = MarkedLoader(environment.loader or BaseLoader())
        return environment


class Policy(OutputTransform):
    """Sets the headers of Formgrader's responses, and replaces the placeholder by the nonce."""

    def __init__(self, base: str, request: HTTPServerRequest) -> None:
        """base: path of this server, without a slash at the end."""
        start = f"{base}/formgrader"
        path = urlsplit(request.uri or "").path
        inside = path.removeprefix(f"{start}/")
        self._is_page = (path == start or inside != path) and not inside.startswith("static/")
        self._is_file = bool(FILES.match(inside))
        # A forged Host header must not add rules to the policy.
        is_plain = HOST.fullmatch(request.host)
        # Not the other pages: a picture's address may be one on which the server acts.
        self._pictures = f"{request.host}{start}/submissions/" if is_plain else ""
        # 'self' would allow scripts among the files that students hand in.
        self._mathjax = f"{request.host}{base}/{MATHJAX}" if is_plain else ""
        self._number = secrets.token_urlsafe(24)
        if self._is_page:  # a cached page holds the nonce of an earlier response
            for name in ("If-None-Match", "If-Modified-Since"):
                request.headers.pop(name, None)

    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        if self._is_page:
            headers["Content-Security-Policy"] = policy(self._number, self._pictures, self._mathjax, self._is_file)
            headers["X-Content-Type-Options"] = "nosniff"
            # A stored page would hold an old nonce, and its scripts would not run.
            headers["Cache-Control"] = "no-store"
            headers.pop("Etag", None)
        return status_code, headers, self.transform_chunk(chunk, finishing)

    def transform_chunk(self, chunk: bytes, finishing: bool) -> bytes:
        # Both have the same length, so the response's Content-Length stays right.
        return chunk.replace(PLACEHOLDER.encode(), self._number.encode()) if self._is_page else chunk


def policy(number: str, pictures: str, mathjax: str, is_file: bool = False) -> str:
    """Return the header's value.

    number: the nonce of the response's scripts. pictures: allowed source of pictures. mathjax: allowed source of the
    scripts and fonts that MathJax loads; empty for none. is_file: True for a file next to a submission, which gets no
    rights of the server's pages.
    """
    handlers = " ".join(f"'sha256-{_digest(handler)}'" for handler in HANDLERS)
    rules = {
        "default-src": "'none'",
        # 'unsafe-hashes' allows exactly the listed handlers, which nbgrader writes as attributes.
        "script-src": f"'nonce-{number}' 'unsafe-hashes' {handlers} {mathjax}",
        # nbgrader's templates and MathJax set styles inline.
        "style-src": "'self' 'unsafe-inline'",
        "font-src": "'self'",
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
