"""Import jsonschema without its grammars of Internet addresses. Import this module before nbgrader and nbformat.

jsonschema would compile 39 grammars, which takes 1.5 seconds. The schemas of notebooks need none of them. Python
refuses to import a module that is None in `sys.modules`, and jsonschema then works without the grammars.
"""

import sys

if "jsonschema" not in sys.modules:
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # makes the import of it fail
    import jsonschema  # noqa: F401

    # other packages of the process may still want the grammars
    del sys.modules["rfc3987_syntax"]
