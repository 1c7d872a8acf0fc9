"""Assignments: the instructor's part.

In: the folders of an assignment in `source/` and `release/`. Out: exercises, solutions, misconceptions (`assignment`),
the same as bytes for a worker (`bundle`), the run of one test cell (`grade_cell`). Other rooms may import all of it.
"""
