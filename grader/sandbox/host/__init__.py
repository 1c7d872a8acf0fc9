"""Host: our side of the wall. It starts the warm parent, opens sessions, and checks each reply before anybody uses it.

In: cells, files and calls of trusted code; bytes that a session writes. Out: outputs, values, stand-ins, the reason for
a session's end. Only the package `sandbox` imports it.
"""
