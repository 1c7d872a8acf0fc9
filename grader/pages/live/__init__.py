"""Live: the page of a class during its grading.

In: rows and problems of a run, the class report. Out: the page's content (`run_state`) and its server (`server`). `cli`
may import both.
"""
