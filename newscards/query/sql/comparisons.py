"""Comparisons of a number, or of true and false, with a text: SQLite allows them, and they say nothing.

A text in a column equals a number that is written alike, but is before or after it letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from newscards.query.sql.tables import Column, Table, tables
from newscards.query.sql.tokens import SqlError, Token, error_at, tokens
from newscards.text import shorten

_NUMERIC = frozenset({"INTEGER", "REAL"})
_NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*", re.ASCII | re.IGNORECASE)
"""A text that SQLite takes for a number where it is compared with one (https://sqlite.org/datatype3.html)."""
_BEFORE = "where|and|or|not|on|having|select|distinct|when|then|else"
_BEHIND = "and|or|then|else|end|when|as|from|where|group|having|order|limit|union|except|intersect"
_KEYWORDS = frozenset(f"{_BEFORE}|{_BEHIND}|between|in|is".split("|"))
_SIDE = r"(?:n[ ][.][ ])?n[ ]|t[ ]|(?:[-+][ ])?0[ ]"
_CONSTANT = "(?:t|0)[ ]"
_COMPARED = re.compile(
    rf"(?:[(,]|{_BEFORE})[ ]"
    rf"(?=(?P<left>{_SIDE})(?:"
    rf"(?:=|==|<>|!=|(?P<order><|<=|>|>=)|is)[ ](?:not[ ])?(?P<right>{_SIDE})(?:[),;]|{_BEHIND})[ ]"
    rf"|(?:not[ ])?(?:in[ ][(][ ](?P<listed>{_CONSTANT}(?:,[ ]{_CONSTANT})*)"
    rf"|between[ ](?P<ends>{_CONSTANT}and[ ]{_CONSTANT}))))"
)
"""A comparison in SQL as keywords and signs; ``n`` is any other name, ``t`` a text and ``0`` a number.

What stands before and behind shows that a side is a name or a text alone, and not the end of ``1 + quality``.
"""


def text_comparison(sql: str, columns: Mapping[str, Sequence[Column]]) -> SqlError | None:
    """Return the error about the first comparison of a number with a text; ``None`` without one.

    A text that SQLite takes for a number is left alone, and so is a text that is equal to a number.

    ``columns`` are those that the SQL reads, by table. A name is left alone if the SQL makes one like it, or
    if a table has a column of this name that holds texts, too. A card may have a text where true or false
    belongs; the rules report that, and ``typeof(published) = 'text'`` finds it.
    """
    found = [*tokens(sql)]
    words = [token.text.casefold() for token in found]
    if "with" in words:
        return None  # its tables have columns of their own
    read = [tables()[name] for name in columns]
    made = {name.name.casefold() for word, name in pairwise(found) if word.text.casefold() == "as"}
    for name, constant, is_ordered in _compared(found):
        named = [] if name.name.casefold() in made else _named(name.name, read)
        types = {each.type for each in named}
        if (
            constant.kind == "text"
            and types
            and types <= _NUMERIC
            and not _NUMBER.fullmatch(constant.text[1:-1])
        ):
            return _error_about_text(sql, named[0], name, constant)
        if constant.kind == "number" and is_ordered and types == {"TEXT"}:
            return _error_about_number(sql, named[0], name, constant)
    return None


def _compared(found: Sequence[Token]) -> Iterator[tuple[Token, Token, bool]]:
    """Yield each name with each text and number that it is compared with, and whether that asks for order."""
    kinds = {"name": "n", "text": "t", "number": "0"}
    words = (
        word if (word := token.text.casefold()) in _KEYWORDS else kinds.get(token.kind, word)
        for token in found
    )
    text = f"( {' '.join(words)} ) "
    for match in _COMPARED.finditer(text):
        sides: list[Token] = []
        for group in ("left", "right", "listed", "ends"):
            if match[group]:
                first, end = (text.count(" ", 0, at) - 1 for at in match.span(group))
                sides += found[end - 1 : end] if group in ("left", "right") else found[first:end]
        names = [token for token in sides if token.name and token.text.casefold() not in _KEYWORDS]
        constants = [token for token in sides if token.kind in ("text", "number")]
        is_ordered = bool(match["order"] or match["ends"])
        yield from ((names[0], each, is_ordered) for each in constants if len(names) == 1)


def _named(name: str, read: Sequence[Table]) -> list[Column]:
    """Return the columns with a name, of the tables that the SQL reads."""
    return [column for table in read if (column := table.column(name))]


def _error_about_text(sql: str, column: Column, name: Token, text: Token) -> SqlError:
    shown, kind = shorten(name.text), "true or false" if column.is_boolean else "a number"
    message = f"`{shown}` is {kind}, and {shorten(text.text)} is a text"
    hint = f"write `{shown}`, or `NOT {shown}`" if column.is_boolean else f"as in: {shown} > 80"
    return error_at(sql, message, min(name.start, text.start), max(name.end, text.end), hint)


def _error_about_number(sql: str, column: Column, name: Token, number: Token) -> SqlError:
    shown, written = shorten(name.text), shorten(number.text)
    message = f"`{shown}` is {'a date' if column.is_date else 'a text'}, and {written} is a number"
    hint = f"write '{written}' to compare letter by letter, or CAST({shown} AS REAL)"
    if column.is_date:
        hint = "write a day, as in '2024-01-01'"
    return error_at(sql, message, min(name.start, number.start), max(name.end, number.end), hint)
