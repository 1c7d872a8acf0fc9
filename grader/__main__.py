"""`python -m grader`: the command line, where the script `grader` is not on the path."""

from grader.cli.main import main

main()
