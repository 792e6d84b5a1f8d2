"""Cards as tables: SELECT and WHERE over them, in a SQLite that can only read.

tables        TABLES, the one table of what SQL can ask for
data          what the tables are made of
query         Query and Where: compiled, then run
sandbox       SQLite in which a query can only read, for a limited time
tokens        SQL as text
messages      what is wrong with a query, in words
"""
