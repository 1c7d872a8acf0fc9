"""Gradebook: read and write nbgrader's gradebook, and the one place where grades become a score.

In: grade updates. Out: student grades as plain values. Others may import all of it; `read` and `write` take seconds to
import, as nbgrader does, so that no worker may import them.
"""
