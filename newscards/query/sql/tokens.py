"""The tokens of SQL, checks of a query before SQLite sees it, and errors that mark a place in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from newscards.errors import NewscardsError
from newscards.text import marked_line, shorten

_TOKEN = re.compile(
    r"""(?P<blank>\s+|--[^\n]*|/\*.*?(?:\*/|\Z))
    |(?P<blob>[xX]'[^']*(?:'|\Z))
    |(?P<text>'(?:[^']|'')*(?:'|\Z))
    |(?P<name>"(?:[^"]|"")*(?:"|\Z)|`(?:[^`]|``)*(?:`|\Z)|\[[^\]]*(?:\]|\Z)|[^\W\d][\w$]*)
    |(?P<number>\.?\d[\w.]*)
    |(?P<sign><>|<=|>=|==|!=|\|\||<<|>>|->>?|.)""",
    re.VERBOSE | re.DOTALL,
)
"""The tokens of SQLite (its tokenize.c), as far as they are needed here."""
_COMPOUND = re.compile(r"[^\W\d]\w*(?:[-.]\w+)+")
_HYPHENATED = re.compile(r"[^\W\d]\w*(?:-\w+)+")
_TYPOGRAPHIC = "‘’‚“”„«»´"
_QUERIES = ("select", "with", "values")


class Token(NamedTuple):
    """A token of SQL and its offset; ``kind`` is ``text``, ``blob``, ``name``, ``number`` or ``sign``."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset after the token."""
        return self.start + len(self.text)

    @property
    def name(self) -> str:
        """The name without its quotes; empty if the token is not a name."""
        if self.kind != "name":
            return ""
        quote = self.text[0]
        if quote == "[":
            return self.text[1:].removesuffix("]")
        return self.text.strip(quote).replace(quote * 2, quote) if quote in '"`' else self.text


class SqlError(NewscardsError):
    """The error for SQL that is invalid or names what does not exist; the message marks the place.

    ``start`` is the offset of the place in the SQL, ``None`` if it is not known.
    """

    def __init__(self, message: str, hint: str = "", start: int | None = None) -> None:
        super().__init__(message, hint)
        self.start = start


def tokens(sql: str) -> Iterator[Token]:
    """Yield the tokens of SQL, without blanks and comments."""
    for match in _TOKEN.finditer(sql):
        if match.lastgroup != "blank":
            yield Token(match.lastgroup or "", match[0], match.start())


def error_at(sql: str, message: str, start: int | None, end: int = 0, hint: str = "") -> SqlError:
    """Return an error that shows the line of ``sql`` with carets below ``sql[start:end]``.

    Without ``start`` it shows the first line, without carets. A long line is cut around the place.
    """
    begin = sql.rfind("\n", 0, start or 0) + 1
    line = sql[begin:].partition("\n")[0]
    excerpt = marked_line(line, None if start is None else start - begin, end - (start or 0))
    return SqlError(f"{shorten(message)}\n{excerpt}", hint, start)


def has_subquery(sql: str) -> bool:
    """Return whether SQL, which is an expression, has a query in it."""
    return any(token.text.casefold() in _QUERIES for token in tokens(sql))


def check_expression(sql: str) -> None:
    """Raise ``SqlError`` unless a text can be one expression: no statement, and balanced parentheses."""
    opened: list[Token] = []
    token = None
    first = next(tokens(sql), None)
    if first and first.text.casefold() in _QUERIES:  # in quotes it is the name of a column
        message = "an expression is expected here, not a query"
        raise error_at(sql, message, first.start, first.end, "`newscards query` takes a SELECT")
    for token in tokens(sql):
        if token.text == "(":
            opened.append(token)
        elif token.text == ";":
            raise error_at(sql, "an expression is expected here, not a statement", token.start, token.end)
        elif token.text == ")":
            if not opened:
                raise error_at(sql, "there is no `(` to this `)`", token.start, token.end)
            opened.pop()
    if token is None:
        raise SqlError("the expression is empty", "as in --where \"quality >= 80 and has_topic('AI')\"")
    if opened:
        raise error_at(sql, "this `(` is never closed", opened[-1].start, opened[-1].end)


def check_select(sql: str) -> None:
    """Raise ``SqlError`` unless SQL is a single SELECT."""
    found = [*tokens(sql)]
    if not found:
        raise SqlError("the query is empty", 'as in newscards query "SELECT id, quality FROM cards"')
    first = found[0]
    if first.name.casefold() not in _QUERIES:
        raise error_at(sql, "a query begins with SELECT, or WITH", first.start, first.end)
    for token, following in pairwise(found):
        if token.text == ";":
            raise error_at(sql, "one query at a time", following.start, following.end)


class Scan(NamedTuple):
    """A SELECT that makes a row of its result from each row of one table alone, in the table's order.

    ``sql`` is without LIMIT; ``start`` and ``stop`` are the positions of the rows of its result that LIMIT
    asks for, ``stop`` is ``None`` for all.
    """

    sql: str
    start: int = 0
    stop: int | None = None


_APART = "distinct|except|from|group|having|intersect|join|limit|order|over|select|union|values|window|with"
"""The keywords after which rows depend on one another, or come in another order, and those of a SELECT."""
_KEYWORDS = frozenset(f"{_APART}|as|offset|where".split("|"))
_ANY = rf"(?:(?!(?:{_APART})[ ])[^ ]+[ ])+"
_SCAN = re.compile(
    rf"select[ ]{_ANY}from[ ]n[ ](?:as[ ])?(?:n[ ])?(?:where[ ]{_ANY})?"
    r"(?:limit[ ](\d{1,18})[ ](?:(offset|,)[ ](\d{1,18})[ ])?)?(?:;[ ])*"
)
"""A SELECT of one table as keywords, numbers and signs; ``n`` is any other name, and ``t`` a text.

A number of more digits may be too large: SQLite knows its meaning, or the error.
"""


def scan_of(sql: str) -> Scan | None:
    """Return a valid SELECT without aggregate functions as a ``Scan``; ``None`` where it may be none."""
    found = [*tokens(sql)]
    words = [token.text.casefold() for token in found]  # a name in quotes is no keyword
    kinds = {"name": "n", "text": "t"}
    match = _SCAN.fullmatch("".join(
        f"{word if word in _KEYWORDS else kinds.get(token.kind, word)} "
        for word, token in zip(words, found, strict=True)
    ))  # fmt: skip
    if match is None:
        return None
    first, separator, second = match.groups(default="0")
    if "limit" not in words:
        return Scan(sql)
    start, count = (int(first), int(second)) if separator == "," else (int(second), int(first))
    return Scan(sql[: found[words.index("limit")].start], start, start + count)


def check_tokens(sql: str) -> None:
    """Raise ``SqlError`` for text that SQLite refuses: an unclosed quote, a parameter, a NUL, …"""
    if "\0" in sql:
        raise SqlError("SQL holds no NUL character")
    try:
        sql.encode()
    except UnicodeEncodeError:
        raise SqlError("SQL must be UTF-8") from None
    for token in tokens(sql):
        if not _is_closed(token):
            hint = (
                "a quote within a text is written twice, as in 'It''s here'" if token.kind == "text" else ""
            )
            raise error_at(sql, "this quote is never closed", token.start, token.end, hint)
        if token.text in _TYPOGRAPHIC:
            message = "this is a typographic quote, as text editors make them"
            raise error_at(sql, message, token.start, token.end, "text stands between straight quotes: 'AI'")
        if token.kind == "sign" and token.text in ("?", ":", "@", "$"):
            raise error_at(
                sql,
                "there are no parameters to give a value to",
                token.start,
                token.end,
                "write the value itself",
            )


def _is_closed(token: Token) -> bool:
    body = token.text[1:] if token.kind == "blob" else token.text
    if body[0] == "[":
        return body.endswith("]")
    return body[0] not in "'\"`" or (len(body) > 1 and body.count(body[0]) % 2 == 0)


def own_names_quoted(sql: str) -> str:
    """Return SQL in which each name such as ``card.id`` is one name in quotes, not a column of a table."""
    found = [*tokens(sql)]
    result, last, at = "", 0, 0
    while at < len(found):
        start = at
        if found[at].text.casefold() == "card":
            while at + 2 < len(found) and found[at + 1].text == "." and found[at + 2].name:
                at += 2
        if at > start:
            name = ".".join(["card", *(each.name for each in found[start + 2 : at + 1 : 2])])
            result += sql[last : found[start].start] + '"{}"'.format(name.replace('"', '""'))
            last = found[at].end
        at += 1
    return result + sql[last:]


def joined_names(sql: str, columns: Mapping[str, str]) -> str:
    """Return SQL in which a dotted name such as ``provider.name`` is the column that ``columns`` has for it.

    The keys of ``columns`` are lower-case.
    """
    found = [*tokens(sql)]
    result, last, at = "", 0, 0
    while at < len(found):
        end, column, name, to = at, "", found[at].name.casefold(), at
        while name and to + 2 < len(found) and found[to + 1].text == "." and found[to + 2].name:
            to += 2
            name += f".{found[to].name.casefold()}"
            if name in columns:
                end, column = to, columns[name]
        if column:
            result += sql[last : found[at].start] + '"{}"'.format(column.replace('"', '""'))
            last = found[end].end
        at = end + 1
    return result + sql[last:]


def hyphenated(name: str, sql: str) -> list[str]:
    """Return the hyphenated texts that contain a name: SQL reads ``external-url`` as a subtraction."""
    starts = {token.start for token in tokens(sql) if token.kind == "name"}
    texts = [match[0] for match in _HYPHENATED.finditer(sql) if match.start() in starts]
    return [text for text in texts if name.casefold() in text.casefold().split("-")]


def compound_names(name: str, sql: str) -> Iterator[str]:
    """Yield what is joined by hyphens and dots to a name, and the ends of it behind a dot.

    SQL reads ``cover-image.alt`` as a subtraction of ``alt`` of a table, and ``c.cover.alt`` as ``alt`` of
    one in a database. Longer names come first.
    """
    starts = {token.start for token in tokens(sql) if token.kind == "name"}
    for match in _COMPOUND.finditer(sql):
        text = match[0] if match.start() in starts else ""
        while name.casefold() in re.split("[-.]", text.casefold()):
            yield text.removeprefix("card.")
            text = text.partition(".")[2]


def prepared(sql: str, functions: dict[str, str]) -> str:
    """Return SQL as SQLite needs it: with functions of a row given the row, and quoted names in backticks.

    ``functions`` maps a function's name to the text that replaces its name and ``(``, because a function of
    SQLite cannot see the row: ``has_topic(`` becomes ``_has_topic(path, ``. A name in double quotes that
    SQLite does not know would be taken as text (https://sqlite.org/quirks.html, section 8).
    """
    result, last, pending = "", 0, None
    for token in tokens(sql):
        if token.text == "(" and pending:
            result += sql[last : pending.start] + functions[pending.name.casefold()]
            last = token.end
        elif token.text[0] == '"':
            result += f"{sql[last : token.start]}`{token.name.replace('`', '``')}`"
            last = token.end
        pending = token if token.name.casefold() in functions else None
    return result + sql[last:]
