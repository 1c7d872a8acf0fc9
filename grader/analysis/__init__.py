"""Analysis: a class as numbers.

In: records of the result store, grades of the gradebook, autograded notebooks for examples. Out: plain tables and
statistics. Pages and commands may import all of it. Nothing here draws or prints.
"""
