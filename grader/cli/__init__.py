"""Command line: commands and options, and the tables for the terminal.

In: command-line arguments. Out: text, JSON, an exit status. Only `python -m grader` imports it.
"""
