"""Common: small things that every room needs and that know nothing of grading.

In: texts, paths, errors of the machine. Out: named errors, printable text, temporary folders, a time limit for our own
code, the grader's version. Others may import all of it; this room imports no other.
"""
