"""Exports: a class's final scores in the formats of learning systems.

In: the gradebook's grades and the recorded results. Out: text. Other rooms may import `registry`, `base.GradedClass`
and `gradescope.results_json`.
"""
