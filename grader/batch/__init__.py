"""Batch: grades a class, on one machine or on a cluster, and records the results.

In: `submitted/`. Out: `autograded/`, the gradebook, the result store and a log. Other rooms may import `run`,
`dry_run`, `watch_folder`, `jobs`, `record_result` and their reports; workers import only `jobs`.
"""
