"""Results: records of one submission, their JSON form, their text for people, and the store of a class.

In: what judging found. Out: typed records (`records`), documents (`document`), and text through the one codec
(`codec`). Others may import all of it; this room imports nothing but `common`.
"""
