"""Executors: the places where jobs run. `base` has the protocol, `registry` the choice; each kind has its own file.

In: an assignment's bundle and jobs. Out: each job with its answer, or with the exception that stopped it. Other rooms
may import `registry` and the protocol in `base`.
"""
