"""Guest: what runs inside the locked-in process, beside the student's code.

In: requests over the wire. Out: answers, which nobody believes unchecked. `host` starts it as a program of its own; no
other room imports it.
"""
