"""The engine of the course: from a master notebook to a graded class. It contains no exercise and no assignment."""
