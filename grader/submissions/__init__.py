"""Submissions: what a stranger handed in.

In: `submitted/` and the files beside a notebook. Out: what is to be graded (`folder`, `files`), and the steps of a
notebook that count (`submission`). Nothing here runs a student's code. Others may import all of it.
"""
