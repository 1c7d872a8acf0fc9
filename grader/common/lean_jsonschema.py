"""Import jsonschema without its grammars of Internet addresses. To be imported before nbgrader or nbformat.

jsonschema would compile 39 grammars, for a second and a half; no notebook's schema asks for them. A module that is None
cannot be imported, and jsonschema then does without.
"""

import sys

if "jsonschema" not in sys.modules:
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # an import of it fails then
    import jsonschema  # noqa: F401

    del sys.modules["rfc3987_syntax"]
