"""Explain: describe a failed exercise in words and as code to paste.

In: the findings of an exercise and the student's functions. Out: a named misconception, a gradient check, the minimal
counterexample. Only `judging` imports this room, through `explanation`.
"""
