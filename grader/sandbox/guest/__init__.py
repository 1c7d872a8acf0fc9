"""Guest: our code inside the isolated process, beside the student's code.

In: requests over the wire. Out: answers, which are untrusted. `host` starts it as a program of its own; no other room
imports it.
"""
