"""Explain: what a failed exercise looks like, in words and in code to paste.

In: the findings of an exercise and the student's functions. Out: a named misconception, a gradient check, the smallest
input that fails. Only `judging` imports it, through `explanation`.
"""
