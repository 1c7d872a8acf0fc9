"""Config: every setting of a course and every limit of the engine.

In: `nbgrader_config.py`. Out: the grader's own options with checked values (`traits`), the policy that travels with an
assignment (`policy`), and limits with their units (`limits`). Other rooms may import all of it.
"""
