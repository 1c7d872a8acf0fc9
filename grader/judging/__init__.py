"""Judging: turns the bytes of one submission into its result.

In: a notebook's bytes, an assignment, a sandbox and the grading policy. Out: a result (`grade`) and the notebook with
outputs and scores (`graded_notebook`). Other rooms may import these two, `warm_grader` and the sentences of
`diagnosis`.
"""
