"""Common: small tools that every room uses and that know nothing about grading.

In: texts, paths, errors of the machine. Out: named errors, printable text, temporary folders, a time limit for our own
code, the grader's version. Other rooms may import all of it; this room imports no other room.
"""
