"""`python -m grader`: the command line, for use without the script `grader`."""

from grader.cli.main import main

main()
