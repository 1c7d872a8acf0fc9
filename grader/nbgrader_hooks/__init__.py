"""Hooks: the preprocessors, exporters and collectors that nbgrader finds by the dotted names in `nbgrader_config.py`.

In: nbgrader's notebooks, resources and settings. Out: the same, judged, cleaned, or shown as our pages. Configurations
name these modules; no other room imports them.
"""

import grader.common.lean_jsonschema  # noqa: F401 - before nbgrader
