"""The engine of the course: everything between a master notebook and a graded class. It knows no exercise by name."""
