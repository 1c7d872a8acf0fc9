"""Config: every setting of a course and every limit of the engine.

In: `nbgrader_config.py`. Out: the options that are ours with checked values (`traits`), the policy that travels with an
assignment (`policy`), limits with their units (`limits`). Others may import all of it.
"""
