"""Comparisons that SQLite allows and that are mistakes: of a number with a text, of a name with a list, …

A text in a column equals a number that is written alike, but is before or after it letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from newscards.query.sql.tables import Column, is_computed, tables
from newscards.query.sql.tokens import SqlError, Token, error_at, tokens
from newscards.text import shorten

_NUMERIC = frozenset({"INTEGER", "REAL"})
_NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*", re.ASCII | re.IGNORECASE)
"""A text that SQLite takes for a number where it is compared with one (https://sqlite.org/datatype3.html)."""
_BOUND_OF_DATES = re.compile(r"\s*|\d{1,4}|\d{4}[-~ ].*", re.ASCII | re.DOTALL)
"""A text that is meant to be before or after dates: the beginning of one, a year beyond them, blanks."""
_YEAR = re.compile(r"[12]\d{0,3}", re.ASCII)
"""A number that is compared with dates as such a text."""
_BEFORE = "where|and|or|not|on|having|select|distinct|when|then|else"
_BEHIND = "and|or|then|else|end|when|as|from|where|group|having|order|limit|union|except|intersect"
_KEYWORDS = frozenset(f"{_BEFORE}|{_BEHIND}|between|in|is".split("|"))
_NO_ALIAS_BEHIND = _KEYWORDS - {"end"} | {
    "all", "by", "case", "collate", "cross", "escape", "exists", "full", "glob", "inner", "join", "left",
    "like", "match", "natural", "offset", "outer", "recursive", "regexp", "right", "using",
}  # fmt: skip
"""Keywords behind which a name is that of a column or a table, and not one that the SQL makes."""
_CALCULATED = "(?:[-+][ ])?0[ ](?:[-+*/%][ ](?:[-+][ ])?0[ ])*"
_CONSTANT = f"(?:t[ ]|x[ ]|b[ ]|{_CALCULATED})"
_SIGN = "(?:=|==|<>|!=|<|<=|>|>=|is[ ]not|is)"
_NAME = "(?:n[ ][.][ ]){0,9}n[ ]"
_SIDE = f"(?:{_NAME}|{_CONSTANT})"
_COMPARED = re.compile(
    rf"(?:[(,]|{_BEFORE})[ ]"
    rf"(?=(?P<left>{_SIDE})(?:"
    rf"(?P<sign>{_SIGN})[ ](?P<right>{_SIDE})(?:[),;]|{_BEHIND})[ ]"
    rf"|(?:not[ ])?(?:in[ ][(][ ](?P<listed>{_CONSTANT}(?:,[ ]{_CONSTANT})*)"
    rf"|between[ ](?P<ends>{_CONSTANT}and[ ]{_CONSTANT}))))"
)
"""A comparison in SQL as keywords and signs: ``n`` is any other name, ``t`` a text, ``x`` a blob, ``0`` a
number, and ``b`` true or false.

What stands before and behind shows that a side is a name or a constant alone, and not the end of
``1 + quality``.
"""
_NEGATED = re.compile(rf"(?:[(,]|{_BEFORE})[ ]not[ ](?P<name>{_NAME})(?:[),;]|{_BEHIND})[ ]")
"""``NOT`` before a name alone, in the same words."""
_COMPARED_DATE = re.compile(
    rf"[ ](?:{_SIGN}(?:[ ][(])*|f[ ][(]|between(?:[ ](?:[^ ]+[ ]){{1,9}}?and)?"
    r"|in[ ][(](?:(?:[ ][^ ()]+)*[ ],)?)[ ](?P<right>d)(?![ ](?:[-+*/%]|[|][|])[ ])"
    rf"|(?<![-+*/%|])[ ](?P<left>d)(?=[ ]{_SIGN}[ ])"
)
"""A date without quotes that is compared or given to a function of dates, not a part of a calculation.

The words are the same, with ``d`` for such a date and ``f`` for such a function.
"""
_DATE_FUNCTIONS = frozenset({"date", "datetime", "julianday", "unixepoch"})
_DATE = re.compile(
    r"([12]\d{3})([-/])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])([T ]\d{1,2}:[\d:.]*\d(?:Z|\b))?(?![\w.])",
    re.ASCII,
)
_ORDER = frozenset({"<", "<=", ">", ">=", "between"})
_EQUALITY = frozenset({"=", "==", "<>", "!=", "is"})
_HAS_VALUE = frozenset({"<>", "!=", ">", ">=", "in"})
"""The signs before ``''`` by which a card is meant that has any value."""
_REVERSED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""The signs that are others if the constant is before the name."""


class Operand(NamedTuple):
    """A name or a constant in SQL, as it is written, without blanks.

    ``kind`` is that of the token, ``boolean``, or ``calculation``, which is several numbers.
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

    name: Operand
    sign: str
    constant: Operand
    columns: Sequence[Column]

    @property
    def is_ordered(self) -> bool:
        """Whether it asks what is before or after the constant."""
        return self.sign in _ORDER

    @property
    def is_number_with_text(self) -> bool:
        """Whether a number, or true or false, is compared with a text that SQLite takes for no number."""
        is_text = self.constant.kind == "text" and not _NUMBER.fullmatch(self.constant.value)
        return is_text and all(column.type in _NUMERIC for column in self.columns)

    @property
    def asks_for_any(self) -> bool:
        """Whether a card is meant that has any value: ``<> ''``."""
        return self.sign in _HAS_VALUE and not self.constant.value

    @property
    def asks_for_false(self) -> bool:
        """Whether it is true for false alone: ``= false``, ``<> 1``."""
        wanted = ("1", "true") if self.sign in ("<>", "!=") else ("0", "false")
        return self.sign in _EQUALITY and self.constant.text.casefold() in wanted


def check_dates(sql: str) -> None:
    """Raise ``SqlError`` for a date without quotes that is compared, or given to a function of dates.

    SQLite takes 2026-11-20 for the number 1995, which is before nearly each text: an edit of the cards with
    a later date would be one of all cards.
    """
    words, dates, end = list[str](), dict[int, re.Match[str]](), 0
    for token in tokens(sql):
        if token.start < end:
            continue  # it is a part of the date
        if token.kind == "number" and (match := _DATE.match(sql, token.start)):
            dates[len(words)], end = match, match.end()
        word = "f" if token.text.casefold() in _DATE_FUNCTIONS else _word(token)
        words.append("d" if token.start < end else word)
    text = f"( {' '.join(words)} ) "
    compared = _COMPARED_DATE.search(text)
    at_compared = text.count(" ", 0, compared.start(compared.lastgroup or 0)) - 1 if compared else None
    for at, match in dates.items():
        year, sign, month, day, time = match.groups(default="")
        if time or at == at_compared:
            what = "is a date without quotes" if time else f"is a {_CALCULATIONS[sign]}, and no date"
            hint = f"write '{year}-{month:0>2}-{day:0>2}{time.replace(' ', 'T')}'"
            raise error_at(sql, f"{match[0]} {what}", match.start(), match.end(), hint)


_CALCULATIONS = {"-": "subtraction", "/": "division"}


def comparisons(
    sql: str, columns: Mapping[str, Sequence[Column]], joined: Mapping[str, str]
) -> list[Comparison]:
    """Return the comparisons of columns with constants.

    ``columns`` are those that the SQL reads, by table, ``joined`` those that have a dotted name in it. A name
    is left alone if the SQL makes one like it.
    """
    found = [*tokens(sql)]
    if any(token.text.casefold() == "with" for token in found):
        return []  # its tables have columns of their own
    qualifiers, made = _qualifiers(found, columns), {*_made_names(found)}
    compared: list[Comparison] = []
    for side, sign, constant in _compared(found):
        *qualifier, name = _resolved([token.name.casefold() for token in side[::2]], joined)
        meant = qualifiers.get(".".join(qualifier), set())
        read = [table for each, table in tables().items() if each in meant]
        named = [column for table in read if (column := table.column(name))]
        if named and name not in made:
            compared.append(Comparison(_operand(side), sign, constant, named))
    return compared


def _resolved(name: list[str], joined: Mapping[str, str]) -> list[str]:
    """Return the parts of a name, the last ones as one where they are the dotted name of a column."""
    for at in range(len(name) - 1):
        if column := joined.get(".".join(name[at:])):
            return [*name[:at], column.casefold()]
    return name


def _qualifiers(found: Sequence[Token], read: Collection[str]) -> dict[str, set[str]]:
    """Return the names that may stand before a column, each with its tables; ``""`` has all of them.

    A table has its own name, and the one that follows it, perhaps behind AS.
    """
    meant = {"": {*read}, **{name: {name} for name in read}}
    for at, token in enumerate(found):
        if (table := token.name.casefold()) in read:
            for alias in [each for each in found[at + 1 : at + 3] if each.text.casefold() != "as"][:1]:
                meant.setdefault(alias.name.casefold(), set()).add(table)
    return meant


def values_sought(
    compared: Iterable[Comparison], columns: Sequence[Column]
) -> list[tuple[Column, str | bool]]:
    """Return the texts that are compared with fields of cards, and ``False`` for each that asks for false.

    ``columns`` are those of ``cards`` that are read.
    """
    found: dict[tuple[str, str | bool], Column] = {}
    for each in compared:
        column, constant = each.columns[0], each.constant
        if each.is_ordered or len(each.columns) > 1 or column not in columns or is_computed(column):
            continue
        if column.is_boolean and each.asks_for_false:
            found[column.name, False] = column
        elif constant.text.startswith("'") and column.type not in _NUMERIC and column.fields:
            found[column.name, constant.value] = column
    return [(column, value) for (_, value), column in found.items()]


def impossible(sql: str, compared: Iterable[Comparison]) -> SqlError | None:
    """Return the error about the first comparison that is true for all cards, or for none; else ``None``.

    This is so for a number and a text, unless SQLite takes the text for a number; for a text and a
    calculation, which is a date or a name without its quotes; for the order of a date and a number that is
    no year; and for NULL, to which nothing is equal.
    """
    if error := _comparison_with_null(sql):
        return error
    for each in compared:
        is_boolean = any(column.is_boolean for column in each.columns)  # then a card may have a text
        if each.is_number_with_text and not is_boolean and not each.asks_for_any:
            return _error_about_text(sql, each)
        if each.constant.kind == "calculation" and all(column.type == "TEXT" for column in each.columns):
            return _error_about_calculation(sql, each)
        if (
            each.constant.kind == "number"
            and not _YEAR.fullmatch(each.constant.value)
            and _orders_dates(each)
        ):
            return _error_about_date(sql, each)
    return None


def mixed(sql: str, compared: Iterable[Comparison]) -> SqlError | None:
    """Return the error about the first comparison of a number or a boolean with a text; else ``None``.

    Whether it is true may depend on the card, because a card may have a text where true or false belongs.
    """
    for each in compared:
        if each.is_number_with_text:
            return _error_about_text(sql, each)
        is_text = all(column.type == "TEXT" for column in each.columns)
        if each.constant.kind == "number" and each.is_ordered and is_text:
            return _error_about_number(sql, each)
    return None


def doubtful(sql: str, compared: Iterable[Comparison]) -> SqlError | None:
    """Return the error about the first other comparison that is hardly what is meant; else ``None``.

    It is the order of a date and a text that is no beginning of one, or topics that equal one of them.
    """
    for each in compared:
        constant = each.constant
        if constant.kind != "text":
            continue
        if _orders_dates(each) and not _BOUND_OF_DATES.fullmatch(constant.value):
            return _error_about_date(sql, each)
        is_name = constant.value and not each.is_ordered and "," not in constant.value
        if is_name and all(column.is_list for column in each.columns):
            message = f"`{shorten(each.name.text)}` is all topics of a card, separated by commas"
            hint = f"write has_topic({shorten(constant.text)}), or LIKE for cards that have no other topic"
            return _error(sql, each, message, hint)
    return None


def _orders_dates(compared: Comparison) -> bool:
    return compared.is_ordered and all(column.is_date for column in compared.columns)


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
"""The tests to write instead of each sign before NULL."""


def _made_names(found: Sequence[Token]) -> Iterator[str]:
    """Yield the lower-case names that SQL makes: those behind AS, a value or a table."""
    for before, token in pairwise(found):
        word = before.text.casefold()
        is_value = before.kind != "sign" or before.text == ")"
        is_alias = word == "as" or (is_value and word not in _NO_ALIAS_BEHIND)
        if is_alias and token.kind in ("name", "text") and token.text.casefold() not in _KEYWORDS:
            yield (token.name or token.text.strip("'")).casefold()


def _compared(found: Sequence[Token]) -> Iterator[tuple[Sequence[Token], str, Operand]]:
    """Yield each name, the sign or keyword behind it, and each constant that it is compared with."""
    text = f"( {' '.join(map(_word, found))} ) "

    def part(match: re.Match[str], group: str) -> Sequence[Token]:
        first, end = (text.count(" ", 0, at) - 1 for at in match.span(group))
        return found[first:end]

    for match in _COMPARED.finditer(text):
        if match["sign"]:
            sides = [part(match, "left"), part(match, "right")]
            sign = match["sign"]
            if not _is_name(sides[0][-1]):
                sign = _REVERSED.get(sign, sign)
        else:
            group = "listed" if match["listed"] else "ends"
            sides = [part(match, "left"), *_split(part(match, group))]
            sign = "in" if match["listed"] else "between"
        names = [side for side in sides if _is_name(side[-1])]
        if len(names) == 1:
            constants = (side for side in sides if not _is_name(side[-1]))
            yield from ((names[0], sign, _operand(side)) for side in constants)
    for match in _NEGATED.finditer(text):
        name = part(match, "name")
        yield name, "=", Operand("boolean", "false", name[0].start, name[-1].end)


_BOOLEAN = ("true", "false")
_KINDS = {"name": "n", "text": "t", "blob": "x", "number": "0"}


def _word(token: Token) -> str:
    """Return a token as a word of ``_COMPARED``."""
    word = token.text.casefold()
    if word in _KEYWORDS:
        return word
    return "b" if word in _BOOLEAN else _KINDS.get(token.kind, word)


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


def _operand(side: Sequence[Token]) -> Operand:
    last = side[-1]
    kind = "boolean" if last.text.casefold() in _BOOLEAN else last.kind
    if sum(token.kind == "number" for token in side) > 1:
        kind = "calculation"
    return Operand(kind, "".join(token.text for token in side), side[0].start, last.end)


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
    return _error(sql, compared, message, f"write {shown} IS NOT NULL" if compared.asks_for_any else hint)


def _error_about_date(sql: str, compared: Comparison) -> SqlError:
    message = f"`{shorten(compared.name.text)}` is a date, and {shorten(compared.constant.text)} is none"
    return _error(sql, compared, message, _WRITE_A_DAY)


def _error_about_calculation(sql: str, compared: Comparison) -> SqlError:
    column, written = compared.columns[0], compared.constant.text
    signs = {*re.findall(r"[-+*/%]", written[1:])}
    what = f"a {_CALCULATIONS.get(''.join(signs), 'calculation')}"
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
