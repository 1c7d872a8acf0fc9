"""Isolation: the layers of the wall, and what this machine lacks of them.

In: limits and the paths that a session may read. Out: a plan, and a process that has locked itself in. Only the package
`sandbox` imports it.
"""
