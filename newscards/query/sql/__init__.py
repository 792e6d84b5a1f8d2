"""SQL over cards: SELECT and WHERE, in a SQLite database that a query can only read.

    tables        TABLES: the tables and their columns
    data          the cards, stories and findings behind the tables
    query         Query and Where: compiled first, then run
    batch         several queries over one database
    validity      how long an answer of a query holds
    export        the tables as an SQLite file
    sandbox       SQLite where a query can only read, within limits of time and memory
    tokens        the tokens of SQL, and checks of the text
    comparisons   comparisons that SQLite allows and that are mistakes
    messages      SQLite's errors as messages for the user

It imports what ``query`` may.
"""
