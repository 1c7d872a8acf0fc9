"""Gradebook: reads and writes nbgrader's gradebook. This is the one place where grades become a score.

In: grade updates. Out: student grades as plain values. Other rooms may import all of it. `read` and `write` import
nbgrader, which takes seconds, so no worker may import them.
"""
