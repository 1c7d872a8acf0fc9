"""Command line: words and options, and the tables that a terminal shows.

In: what a person types. Out: text, JSON, an exit status. Only `python -m grader` imports it.
"""
