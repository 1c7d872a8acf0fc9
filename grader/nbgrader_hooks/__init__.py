"""Hooks: the steps, exporters and collectors that nbgrader finds by the dotted names in `nbgrader_config.py`.

In: nbgrader's notebooks, resources and settings. Out: the same, judged, cleaned or shown as our pages. Configurations
name these modules; no other room imports them.
"""

import sys

if "jsonschema" not in sys.modules:
    # jsonschema would compile 39 grammars of Internet addresses, for a second and a half; no notebook's schema asks
    # for them. A module that is None cannot be imported, and jsonschema then does without.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    import jsonschema  # noqa: F401

    del sys.modules["rfc3987_syntax"]
