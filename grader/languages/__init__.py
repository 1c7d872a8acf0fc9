"""Languages: the catalogues of translations, what is in them, and the languages that are there.

In: catalogue files, source code, notebooks. Out: entries to translate, a `Language`, notebooks in another language. All
rooms above may import its modules. Each folder in this one is a language.
"""
