"""Submissions: untrusted notebooks and files that students handed in.

In: `submitted/` and the files beside a notebook. Out: the jobs of a class (`folder`, `files`, `job`), and the steps of
a notebook that count (`submission`). Nothing here runs a student's code. Other rooms may import all of it.
"""
