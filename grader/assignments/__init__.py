"""Assignments: what the instructor wrote.

In: the folders of an assignment in `source/` and `release/`. Out: exercises, solutions, misconceptions (`assignment`),
the same as bytes for a worker (`bundle`), the run of one test cell (`grade_cell`). Others may import all of it.
"""
