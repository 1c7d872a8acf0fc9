"""Notebooks: the only room that reads the JSON of a notebook.

In: untrusted bytes and files. Out: typed cells (`model`), the raw form (`parse`), the text between delimiters
(`regions`), pictures of text cells (`attachments`). Other rooms may import all of it.
"""
