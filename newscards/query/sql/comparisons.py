"""Comparisons that SQLite allows and that are mistakes: of a number with a text, of a name with a list, …

A text in a column equals a number that is written alike, but is before or after it letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from newscards.query.sql.tables import Column, Table, tables
from newscards.query.sql.tokens import SqlError, Token, error_at, tokens
from newscards.text import shorten

_NUMERIC = frozenset({"INTEGER", "REAL"})
_NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*", re.ASCII | re.IGNORECASE)
"""A text that SQLite takes for a number where it is compared with one (https://sqlite.org/datatype3.html)."""
_BEGINNING_OF_DATE = re.compile(r"(?:[12]\d{0,3})?|\d{4}-.*", re.ASCII | re.DOTALL)
"""A text before and after which there are dates, as they are written in SQL."""
_BEFORE = "where|and|or|not|on|having|select|distinct|when|then|else"
_BEHIND = "and|or|then|else|end|when|as|from|where|group|having|order|limit|union|except|intersect"
_KEYWORDS = frozenset(f"{_BEFORE}|{_BEHIND}|between|in|is".split("|"))
_NO_ALIAS_BEHIND = _KEYWORDS | {
    "all", "by", "case", "collate", "cross", "escape", "exists", "full", "glob", "inner", "join", "left",
    "like", "match", "natural", "offset", "outer", "recursive", "regexp", "right", "using",
}  # fmt: skip
"""Keywords behind which a name is that of a column or a table, and not one that the SQL makes."""
_CALCULATED = "(?:[-+][ ])?0[ ](?:[-+*/%][ ](?:[-+][ ])?0[ ])*"
_CONSTANT = f"(?:t[ ]|b[ ]|{_CALCULATED})"
_SIDE = f"(?:(?:n[ ][.][ ])?n[ ]|{_CONSTANT})"
_COMPARED = re.compile(
    rf"(?:[(,]|{_BEFORE})[ ]"
    rf"(?=(?P<left>{_SIDE})(?:"
    rf"(?P<sign>=|==|<>|!=|<|<=|>|>=|is[ ]not|is)[ ](?P<right>{_SIDE})(?:[),;]|{_BEHIND})[ ]"
    rf"|(?:not[ ])?(?:in[ ][(][ ](?P<listed>{_CONSTANT}(?:,[ ]{_CONSTANT})*)"
    rf"|between[ ](?P<ends>{_CONSTANT}and[ ]{_CONSTANT}))))"
)
"""A comparison in SQL as keywords and signs: ``n`` is any other name, ``t`` a text, ``0`` a number, and ``b``
true or false.

What stands before and behind shows that a side is a name or a constant alone, and not the end of
``1 + quality``.
"""
_NEGATED = re.compile(rf"(?:[(,]|{_BEFORE})[ ]not[ ](?P<name>(?:n[ ][.][ ])?n[ ])(?:[),;]|{_BEHIND})[ ]")
"""``NOT`` before a name alone, in the same words."""
_ORDER = frozenset({"<", "<=", ">", ">=", "between"})


class Constant(NamedTuple):
    """A constant in SQL, as it is written.

    ``kind`` is ``text``, ``number``, ``boolean``, or ``calculation``, which is several numbers.
    """

    kind: str
    text: str
    start: int
    end: int

    @property
    def value(self) -> str:
        """The text without its quotes, or the number."""
        return self.text[1:-1].replace("''", "'") if self.kind == "text" else self.text


class Comparison(NamedTuple):
    """A name that is compared with a constant, the sign or keyword between, and the columns of this name."""

    name: Token
    sign: str
    constant: Constant
    columns: Sequence[Column]

    @property
    def is_ordered(self) -> bool:
        """Whether it asks what is before or after the constant."""
        return self.sign in _ORDER

    @property
    def asks_for_false(self) -> bool:
        """Whether it is true for false alone: ``= false``, ``<> 1``."""
        wanted = ("1", "true") if self.sign in ("<>", "!=") else ("0", "false")
        return self.sign in _EQUALITY and self.constant.text.casefold() in wanted


_EQUALITY = frozenset({"=", "==", "<>", "!=", "is"})


def comparisons(sql: str, columns: Mapping[str, Sequence[Column]]) -> list[Comparison]:
    """Return the comparisons of columns with constants.

    ``columns`` are those that the SQL reads, by table. A name is left alone if the SQL makes one like it.
    """
    found = [*tokens(sql)]
    if any(token.text.casefold() == "with" for token in found):
        return []  # its tables have columns of their own
    read = [tables()[name] for name in columns]
    made = {*_made_names(found)}
    return [
        Comparison(name, sign, constant, named)
        for name, sign, constant in _compared(found)
        if name.name.casefold() not in made and (named := _named(name.name, read))
    ]


def values_sought(
    compared: Iterable[Comparison], columns: Sequence[Column]
) -> list[tuple[Column, str | bool]]:
    """Return the texts that are compared with fields of cards, and ``False`` for each that asks for false.

    ``columns`` are those of ``cards`` that are read.
    """
    found: dict[tuple[str, str | bool], Column] = {}
    for each in compared:
        column, constant = each.columns[0], each.constant
        if each.is_ordered or len(each.columns) > 1 or not column.fields or column not in columns:
            continue
        if column.is_boolean and each.asks_for_false:
            found[column.name, False] = column
        elif constant.text.startswith("'") and column.type not in _NUMERIC and not column.is_list:
            found[column.name, constant.value] = column
    return [(column, value) for (_, value), column in found.items()]


def impossible(sql: str, compared: Iterable[Comparison]) -> SqlError | None:
    """Return the error about the first comparison that is true for all cards, or for none; else ``None``.

    This is so for a number and a text, unless SQLite takes the text for a number; for a text and a
    calculation, which is a date or a name without its quotes; for the order of a date and a text that is
    not the beginning of one; and for NULL, to which nothing is equal. A card may have a text where true or
    false belongs; the rules report that, and ``typeof(published) = 'text'`` finds it.
    """
    if error := _comparison_with_null(sql):
        return error
    for each in compared:
        types, constant = {column.type for column in each.columns}, each.constant
        if constant.kind == "text" and types <= _NUMERIC and not _NUMBER.fullmatch(constant.value):
            return _error_about_text(sql, each)
        if constant.kind == "calculation" and types == {"TEXT"}:
            return _error_about_calculation(sql, each)
        if (
            constant.kind in ("text", "number")
            and each.is_ordered
            and all(column.is_date for column in each.columns)
            and not _BEGINNING_OF_DATE.fullmatch(constant.value)
        ):
            message = f"`{shorten(each.name.text)}` is a date, and {shorten(constant.text)} is none"
            return _error(sql, each, message, _WRITE_A_DAY)
    return None


def doubtful(sql: str, compared: Iterable[Comparison]) -> SqlError | None:
    """Return the error about the first comparison that is hardly what is meant, but may be; else ``None``.

    It is the order of a text and a number, or topics that equal one of them.
    """
    for each in compared:
        types, constant = {column.type for column in each.columns}, each.constant
        if constant.kind == "number" and each.is_ordered and types == {"TEXT"}:
            return _error_about_number(sql, each)
        is_name = constant.kind == "text" and not each.is_ordered and "," not in constant.value
        if is_name and all(column.is_list for column in each.columns):
            message = f"`{shorten(each.name.text)}` is all topics of a card, separated by commas"
            hint = f"write has_topic({shorten(constant.text)}), or LIKE for cards that have no other topic"
            return _error(sql, each, message, hint)
    return None


def _comparison_with_null(sql: str) -> SqlError | None:
    """Return the error about the first ``= NULL`` or its like, which is true for no card; else ``None``."""
    for sign, token in pairwise(tokens(sql)):
        if token.text.casefold() == "null" and sign.text in _TESTS_FOR_NULL:
            hint = f"write {_TESTS_FOR_NULL[sign.text]}"
            return error_at(sql, f"`{sign.text} NULL` is never true", sign.start, token.end, hint)
    return None


_TESTS_FOR_NULL = {
    "=": "IS NULL",
    "==": "IS NULL",
    "<>": "IS NOT NULL",
    "!=": "IS NOT NULL",
    **dict.fromkeys(("<", "<=", ">", ">="), "IS NULL, or IS NOT NULL"),
}
"""What is perhaps meant by a sign before NULL."""


def _made_names(found: Sequence[Token]) -> Iterator[str]:
    """Yield the lower-case names that SQL makes: those behind AS, a value or a table."""
    for before, token in pairwise(found):
        word = before.text.casefold()
        is_value = before.kind in ("name", "text", "number") or before.text == ")"
        is_alias = word == "as" or (is_value and word not in _NO_ALIAS_BEHIND)
        if is_alias and token.name and token.text.casefold() not in _KEYWORDS:
            yield token.name.casefold()


def _compared(found: Sequence[Token]) -> Iterator[tuple[Token, str, Constant]]:
    """Yield each name, the sign or keyword behind it, and each constant that it is compared with."""
    kinds = {"name": "n", "text": "t", "number": "0"}
    words = ["("]
    for token in found:
        word = token.text.casefold()
        known = "b" if word in _BOOLEAN else kinds.get(token.kind, word)
        words.append(word if word in _KEYWORDS else known)
    text = f"{' '.join(words)} ) "

    def part(match: re.Match[str], group: str) -> Sequence[Token]:
        first, end = (text.count(" ", 0, at) - 1 for at in match.span(group))
        return found[first:end]

    for match in _COMPARED.finditer(text):
        if match["sign"]:
            sides = [part(match, "left"), part(match, "right")]
            sign = match["sign"]
        else:
            group = "listed" if match["listed"] else "ends"
            sides = [part(match, "left"), *_split(part(match, group))]
            sign = "in" if match["listed"] else "between"
        names = [side[-1] for side in sides if _is_name(side[-1])]
        if len(names) == 1:
            constants = (side for side in sides if not _is_name(side[-1]))
            yield from ((names[0], sign, _constant(side)) for side in constants)
    for match in _NEGATED.finditer(text):
        name = part(match, "name")[-1]
        yield name, "=", Constant("boolean", "false", name.start, name.end)


_BOOLEAN = ("true", "false")


def _is_name(token: Token) -> bool:
    return bool(token.name) and token.text.casefold() not in _BOOLEAN


def _split(listed: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield the constants of a list, or of the two ends of BETWEEN."""
    start = 0
    for at, token in enumerate(listed):
        if token.text.casefold() in (",", "and"):
            yield listed[start:at]
            start = at + 1
    yield listed[start:]


def _constant(side: Sequence[Token]) -> Constant:
    last = side[-1]
    kind = "boolean" if last.text.casefold() in _BOOLEAN else last.kind
    if sum(token.kind == "number" for token in side) > 1:
        kind = "calculation"
    return Constant(kind, "".join(token.text for token in side), side[0].start, last.end)


def _named(name: str, read: Sequence[Table]) -> list[Column]:
    """Return the columns with a name, of the tables that the SQL reads."""
    return [column for table in read if (column := table.column(name))]


_WRITE_A_DAY = "write a day, as in '2024-01-01'"


def _error(sql: str, compared: Comparison, message: str, hint: str) -> SqlError:
    """Return an error whose carets are below the name and the constant."""
    name, constant = compared.name, compared.constant
    return error_at(sql, message, min(name.start, constant.start), max(name.end, constant.end), hint)


def _kind_of(column: Column) -> str:
    return "a date" if column.is_date else "a text"


def _error_about_text(sql: str, compared: Comparison) -> SqlError:
    column, shown = compared.columns[0], shorten(compared.name.text)
    kind = "true or false" if column.is_boolean else "a number"
    message = f"`{shown}` is {kind}, and {shorten(compared.constant.text)} is a text"
    hint = f"write `{shown}`, or `NOT {shown}`" if column.is_boolean else f"as in: {shown} > 80"
    return _error(sql, compared, message, hint)


def _error_about_calculation(sql: str, compared: Comparison) -> SqlError:
    column, written = compared.columns[0], compared.constant.text
    signs = {*re.findall(r"[-+*/%]", written[1:])}
    what = {"-": "a subtraction", "/": "a division"}.get("".join(signs), "a calculation")
    message = f"`{shorten(compared.name.text)}` is {_kind_of(column)}, and {shorten(written)} is {what}"
    meant = shorten(written)
    if column.is_date and (month := re.fullmatch(r"(\d{4})[-/](\d{1,2})", written)):
        meant = f"{month[1]}-{month[2]:0>2}"
    return _error(sql, compared, message, f"write '{meant}'")


def _error_about_number(sql: str, compared: Comparison) -> SqlError:
    column, shown = compared.columns[0], shorten(compared.name.text)
    written = shorten(compared.constant.text)
    message = f"`{shown}` is {_kind_of(column)}, and {written} is a number"
    hint = f"write '{written}' to compare letter by letter, or CAST({shown} AS REAL)"
    return _error(sql, compared, message, _WRITE_A_DAY if column.is_date else hint)
