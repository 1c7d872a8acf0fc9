"""Host: our side of the wall. Starts the warm parent, opens sessions, checks each reply before anybody sees it.

In: cells, files and calls of trusted code; bytes that a session writes. Out: outputs, values, stand-ins, how a session
ended. Only the package `sandbox` imports it.
"""
