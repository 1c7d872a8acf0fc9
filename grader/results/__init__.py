"""Results: records of one submission, their JSON form, their text for people, and the store of a class.

In: the findings of `judging`. Out: typed records (`records`), documents (`document`), and text through the one codec
(`codec`). Other rooms may import all of it; this room imports only `common` and `config`.
"""
