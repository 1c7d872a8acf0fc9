"""Isolation: the layers of the wall, and a report on those that this machine lacks.

In: limits and the paths that a session may read. Out: a plan, and an isolated process. Only the package `sandbox`
imports it.
"""
