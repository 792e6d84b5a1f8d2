"""SQLite's errors as messages for the user, with the place in the query and a hint."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from newscards.cards.card import Card
from newscards.cards.fields import card_field
from newscards.cards.values import full_name, key_text
from newscards.query.sql.sandbox import Sandbox
from newscards.query.sql.tables import cards_table, field_of_heading, tables
from newscards.query.sql.tokens import SqlError, Token, compound_names, error_at, hyphenated, tokens
from newscards.query.sqlite import sqlite3
from newscards.text import did_you_mean, nearest, nearest_or_all, one_line

_NO_COLUMN = re.compile(r"no such column: (.+?)(?: - should this be .*)?", re.DOTALL)
_AMONG = "{key} IN (SELECT {key} FROM {table} WHERE {name} …)"
_QUOTES = "write text in single quotes"


def unknown_column_in(error: Exception, sql: str) -> str:
    """Return the name of an unknown column from SQLite's error; empty for any other error.

    SQLite puts the table before it, as in ``cards.a``, but does not quote it: the tokens of ``sql`` say
    whether there is a table before ``a``, or a column ``cards.a``.
    """
    match = _NO_COLUMN.fullmatch(str(error))
    names = {token.name for token in tokens(sql)} if match else set()
    return max((name for name in names if match and _ends_with(match[1], name)), key=len, default="")


def dotted_column_in(error: Exception, names: Iterable[str]) -> str:
    """Return the one of some lower-case dotted names that SQLite's error calls unknown; empty if none."""
    match = _NO_COLUMN.fullmatch(str(error))
    return next((name for name in names if match and _ends_with(match[1].casefold(), name)), "")


def quotes_hint(name: str) -> str:
    """Return the hint that a name with a hyphen, to SQL a subtraction, or with a dot needs quotes."""
    sign = "hyphen" if "-" in name else "dot"
    return f'a name with a {sign} is written in double quotes: "{name}"'


def own_field_hint(name: str, cards: Iterable[Card]) -> str:
    """Return a hint at the own fields of cards whose names resemble an unknown one; empty without any.

    They are spelled as SQL needs it: ``card.id``, because ``id`` is computed, and ``"cover.alt"`` in quotes.
    """
    built_in = {field.name for field in card_field().fields}
    spelled: dict[str, str] = {}
    for card in cards:
        for field in _names_in({key: each for key, each in card.fields.items() if key not in built_in}):
            full = full_name(field) if cards_table().column(field) is None else f"card.{field}"
            simple = re.fullmatch(r"(?:card\.)?[^\W\d]\w*", full)
            spelled.setdefault(_SIGNS.sub("_", full), full if simple else f'"{full}"')
    near = nearest(_SIGNS.sub("_", name), spelled, most=1, beginnings=False)
    return f"did you mean `{one_line(spelled[near[0]])}`?" if near else ""


_SIGNS = re.compile("[-.]")


def _names_in(fields: Mapping[Any, Any], above: str = "") -> Iterator[str]:
    """Yield the dotted names of the fields that hold one value, also inside mappings."""
    for key, value in fields.items():
        if isinstance(value, Mapping):
            yield from _names_in(value, f"{above}{key_text(key)}.")
        else:
            yield above + key_text(key)


def _ends_with(column: str, name: str) -> bool:
    """Return whether a column, perhaps with its table, has this name."""
    return bool(name) and (column == name or column.endswith(f".{name}"))


def explained_error(error: Exception, sql: str, sandbox: Sandbox, full: Callable[[str], str]) -> SqlError:
    """Return SQLite's ``error`` about the user's ``sql`` as a message for the user.

    ``full`` turns ``sql``, or a beginning of it, into the SQL that SQLite is given.
    """
    message, all_tokens = str(error), list(tokens(sql))
    if match := _NO_COLUMN.fullmatch(message):
        name = unknown_column_in(error, sql) or match[1].rpartition(".")[2]
        return _no_column(name, match[1].removesuffix(name).removesuffix("."), sql, all_tokens)
    if match := re.fullmatch(r"no such table: (?:main\.)?(.+)", message, re.DOTALL):
        hint = nearest_or_all(match[1], tables())
        return _at_name(f"there is no table `{match[1]}`", match[1], sql, all_tokens, hint)
    if match := re.fullmatch(r"no such function: (.+)", message, re.DOTALL):
        hint = _near_function(match[1], {*sandbox.functions(), "has_topic"})
        return _at_name(f"there is no function `{match[1]}`", match[1], sql, all_tokens, hint)
    if match := re.fullmatch(r"(?:wrong number of arguments to|misuse of aggregate(?: function)?:?) "
                             r"(?:function )?(\w+)\(\)", message):  # fmt: skip
        name = "has_topic" if match[1] == "_has_topic" else match[1]
        text = message.replace("_has_topic", "has_topic")
        hint = "put a condition on all cards in a subquery: quality > (select avg(quality) from cards)"
        return _at_name(text, name, sql, all_tokens, hint if "misuse" in text else "")
    if match := re.fullmatch(r"ambiguous column name: (?:.+\.)?(.+)", message, re.DOTALL):
        name, hint = match[1], f"say which, as in cards.{match[1]}; or join with `USING ({match[1]})`"
        if name not in [each.name for each in all_tokens]:  # the `path` that `has_topic` adds, see `prepared`
            message = "`has_topic` needs one `path`, but several tables have one"
            return _at_name(message, "has_topic", sql, all_tokens, "join them with `USING (path)`")
        table = message.removeprefix("ambiguous column name: ").removesuffix(name).removesuffix(".")
        return _at_name(
            f"there are several columns `{name}` here", name, sql, all_tokens, hint, is_of_table=bool(table)
        )
    if match := re.fullmatch(r'near "(.*)": syntax error', message, re.DOTALL):
        return _at_token(match[1], message, sql, all_tokens, sandbox, full)
    if "incomplete input" in message:
        return error_at(sql, "something is missing at the end", len(sql.rstrip()), len(sql.rstrip()) + 1)
    if match := re.fullmatch(r'unrecognized token: "(.+)"', message, re.DOTALL):
        text = match[1]
        wrong = next(
            (each for each in all_tokens if each.kind != "text" and text.startswith(each.text)), None
        )
        start = wrong and wrong.start
        return error_at(sql, "this is not a sign or number of SQL", start, (start or 0) + len(text))
    if match := re.fullmatch(r"hex literal too big: -?(.+)", message, re.DOTALL):
        token = next((each for each in all_tokens if each.text == match[1]), None)
        text, hint = "this hexadecimal number does not fit into 64 bits", "write it in decimal digits"
        return error_at(sql, text, token and token.start, token.end if token else 0, hint)
    if message == "datatype mismatch":  # of what a query can do, only these check a type
        text = "LIMIT and OFFSET take a whole number of up to 64 bits"
        return _at_name(text, "limit", sql, all_tokens, "leave LIMIT out for all rows")
    if message in _OF_VALUES:
        function, advice = _OF_VALUES[message]
        token = next((each for each in all_tokens if re.match(function, each.name.casefold())), None)
        name = f"`{token.text}`: " if token else ""
        return error_at(
            sql, f"{name}{message} in some row", token and token.start, token.end if token else 0, advice
        )
    if "not authorized" in message or "prohibited" in message:
        hint = f"the tables are {', '.join(tables())}; see `newscards query --schema`"
        return error_at(sql, f"a query can read the tables, and do nothing else ({message})", None, 0, hint)
    hint = "make it shorter, or simpler" if "too large" in message or "too many" in message else ""
    return error_at(sql, message, None, 0, hint)


_OF_VALUES = {
    "malformed JSON": (
        "json",
        "not each value is JSON; leave the others out: CASE WHEN json_valid(FIELD) THEN FIELD END",
    ),
    "integer overflow": ("sum|abs", "use `total`, or CAST(FIELD AS REAL): a whole number has 64 bits"),
}
"""SQLite's errors about a value: a pattern of the functions that raise them, and a hint."""


def _no_column(name: str, table: str, sql: str, all_tokens: list[Token]) -> SqlError:
    read = [tables()[each.name.casefold()] for each in all_tokens if each.name.casefold() in tables()]
    columns = [column.name for each in dict.fromkeys([cards_table(), *read]) for column in each.columns]
    if name in _LISTED:
        return _at_name(f"`{name}` holds several values", name, sql, all_tokens, _LISTED[name])
    meant = field_of_heading(name).replace(".", "_")
    near = did_you_mean(name, columns) or _containing(name, columns)
    hint = f"did you mean `{meant}`?" if meant in columns else near
    if not hint and (dotted := _dotted(f"{table}.{name}" if table else name, columns)):
        hint = f"did you mean `{dotted}`?"
    if not hint and table and table.casefold() not in tables():
        texts = [text for text in compound_names(name, sql) if text.partition(".")[0] not in tables()]
        hint = quotes_hint(texts[0]) if texts else ""
    if not hint:
        hint = f"{_QUOTES}: '{name[:40]}'; the columns are shown by `newscards query --schema`"
    shown = f"{table}.{name}" if table else name
    if found := [each.name for each in tables().values() if each.column(name)]:
        message = f"the tables of this query have no column `{shown}`"
        table, key = found[0], tables()[found[0]].columns[0].name
        among = _AMONG.format(key=key, table=table, name=name)
        hint = f"it is a column of {' and '.join(found)}, as in: {among}"
        return _at_name(message, name, sql, all_tokens, hint, is_of_table=bool(table))
    message = f"no card has a field `{shown}`, and there is no such column"
    return _at_name(message, name, sql, all_tokens, hint, is_of_table=bool(table))


_LISTED = {
    "provider": "its columns are provider_name and provider_domain",
    "images": "each is a row of the table images, as in: path IN (SELECT path FROM images WHERE width < 800)",
    "related": "each is a row of the table related; related_count is a column",
}
"""The fields that are not columns because they hold several values, and what to use instead."""


def _containing(name: str, columns: Iterable[str]) -> str:
    """Return a hint at the columns whose names contain ``name``, as ``date`` does; empty if none does."""
    near = [each for each in columns if len(name) > 2 and name.casefold() in each.casefold()]
    return f"did you mean {' or '.join(f'`{each}`' for each in near[:3])}?" if near else ""


def _dotted(name: str, columns: Iterable[str]) -> str:
    """Return the column nearest to a field's dotted name, as ``provider_name`` for ``provider.name``."""
    return next(iter(nearest(name.replace(".", "_"), columns, most=1, beginnings=False)), "")


def _near_function(name: str, functions: Iterable[str]) -> str:
    if name.casefold() == "regexp":
        return "use `like '%word%'`, which is case-insensitive, or `glob '*word*'`"
    near = nearest(name, sorted(functions), most=1, beginnings=False)
    return f"did you mean `{near[0]}`?" if near else "see https://sqlite.org/lang_corefunc.html"


def _at_name(
    message: str,
    name: str,
    sql: str,
    all_tokens: Sequence[Token],
    hint: str,
    *,
    is_of_table: bool | None = None,
) -> SqlError:
    """Return the error at the first token that is a name.

    ``is_of_table`` says whether a table stands before it, as in ``cards.path``: SQLite means only such a
    name, or only one without a table, and never one behind AS. ``None`` is for what is no column.
    """
    names = (name.casefold(), name.rpartition(".")[2].casefold())
    before = ["", *(each.text.casefold() for each in all_tokens)]
    found = [
        (token, word)
        for token, word in zip(all_tokens, before, strict=False)
        if token.name.casefold() in names
    ]
    meant = [token for token, word in found if word != "as" and is_of_table in (None, word == ".")]
    token = next(iter([*meant, *(token for token, _ in found)]), None)
    return error_at(sql, message, token and token.start, token.end if token else 0, hint)


_KEYWORDS = (
    "select", "distinct", "from", "join", "using", "where", "between", "like", "and", "not", "group",
    "having", "order", "limit",
)  # fmt: skip


def _keyword_hint(wrong: Token, all_tokens: Sequence[Token]) -> str:
    """Return a hint if the unexpected token, or the one before it, is a misspelt keyword.

    SQLite takes a misspelt keyword as an alias, and complains about the token after it.
    """
    before = [token for token in all_tokens if token.end <= wrong.start][-1:]
    for token in (wrong, *before):
        if token.kind == "name" and token.name.casefold() not in _KEYWORDS:
            near = nearest(token.name, _KEYWORDS, most=1, beginnings=False)
            if near:
                return f"did you mean `{near[0]}` where `{token.text}` stands?"
    return ""


def _at_token(
    text: str,
    message: str,
    sql: str,
    all_tokens: Sequence[Token],
    sandbox: Sandbox,
    full: Callable[[str], str],
) -> SqlError:
    """Return the error for SQLite's ``near "text": syntax error`` at the token that it means.

    SQLite names the token's text but not its place, and the text may occur several times. SQL cut off after
    the wrong token, or after any later one, gives the same error, and SQL cut off earlier gives another. So
    a binary search over the tokens with this text finds the first that gives it.
    """

    def is_wrong(token: Token) -> bool:
        try:
            sandbox.compile(full(sql[: token.end]))
        except (sqlite3.Error, MemoryError) as error:
            return str(error) == message
        return False

    candidates = [token for token in all_tokens if token.text == text]
    if token := next(iter(candidates[bisect_left(candidates, True, key=is_wrong) :]), None):
        names = hyphenated(text, sql)  # such as `created-by`, whose second part is a keyword
        hint = quotes_hint(names[0]) if names else _keyword_hint(token, all_tokens)
        return error_at(sql, f"`{text}` is not expected here", token.start, token.end, hint)
    end = len(sql.rstrip())
    return error_at(sql, "something is missing at the end", end, end + 1)
