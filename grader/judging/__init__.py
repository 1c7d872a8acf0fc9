"""Judging: one submission, from bytes to result.

In: a notebook's bytes, an assignment, a sandbox, the policy. Out: a result (`grade`), the notebook with outputs and
scores (`graded_notebook`). Others may import these two, `warm_grader` and the words of `diagnosis`.
"""
