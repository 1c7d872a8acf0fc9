"""Exports: a class's final scores in the forms of learning systems.

In: the gradebook's grades and the recorded results. Out: text. Others may import `registry`, `base.GradedClass` and
`gradescope.results_json`.
"""
