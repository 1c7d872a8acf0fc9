"""Notebooks: the one place that reads the JSON of a notebook, whoever wrote it.

In: bytes and files that nobody vouches for. Out: typed cells (`model`), the raw form (`parse`), the text between
delimiters (`regions`), pictures of text cells (`attachments`). Others may import all of it.
"""
