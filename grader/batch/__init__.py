"""Batch: grade a class, on one machine or on a cluster, and record what comes of it.

In: `submitted/`. Out: `autograded/`, the gradebook, the result store and a log. Others may import `run`, `dry_run`,
`watch_folder`, `jobs`, `record_result` and what they report; workers import `jobs` alone.
"""
