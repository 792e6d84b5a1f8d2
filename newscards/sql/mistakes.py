"""What is wrong with a query, in words, where in it, and what was perhaps meant."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress

from newscards.sql.sandbox import Sandbox
from newscards.sql.tables import CARDS, TABLES
from newscards.sql.text import SqlError, Token, error_at, tokens
from newscards.suggest import did_you_mean, nearest

_NO_COLUMN = re.compile(r"no such column: (?:(.+)\.)?(.+?)(?: - should this be .*)?", re.DOTALL)
_WORD = re.compile(r"[^\W\d]\w*")
_QUOTES = "text stands in single quotes"


def unknown_column_in(error: Exception) -> str:
    """Return the name of the column that SQLite does not know; empty for any other error."""
    match = _NO_COLUMN.fullmatch(str(error))
    return match[2] if match and _WORD.fullmatch(match[2]) else ""


def explained(
    error: sqlite3.Error | MemoryError | Exception, sql: str, sandbox: Sandbox, full: Callable[[str], str]
) -> SqlError:
    """Return what is wrong with ``sql`` as a person wants to know it; ``full`` makes of it, or of its
    beginning, what SQLite was given.
    """
    message, found = str(error), list(tokens(sql))
    if match := _NO_COLUMN.fullmatch(message):
        return _no_column(match[2], match[1], sql, found)
    if match := re.fullmatch(r"no such table: (?:main\.)?(.+)", message, re.DOTALL):
        hint = did_you_mean(match[1], TABLES) or f"there are {', '.join(TABLES)}"
        return _at_name(f"there is no table `{match[1]}`", match[1], sql, found, hint)
    if match := re.fullmatch(r"no such function: (.+)", message, re.DOTALL):
        hint = _near_function(match[1], {*sandbox.functions(), "has_topic"})
        return _at_name(f"there is no function `{match[1]}`", match[1], sql, found, hint)
    if match := re.fullmatch(r"(?:wrong number of arguments to|misuse of aggregate(?: function)?:?) "
                             r"(?:function )?(\w+)\(\)", message):  # fmt: skip
        name = "has_topic" if match[1] == "_has_topic" else match[1]
        text = message.replace("_has_topic", "has_topic")
        hint = "a condition on all cards is a query of its own: quality > (select avg(quality) from cards)"
        return _at_name(text, name, sql, found, hint if "misuse" in text else "")
    if match := re.fullmatch(r"ambiguous column name: (?:.+\.)?(.+)", message, re.DOTALL):
        hint = "say which: cards.path; or join with `USING (path)`"
        return _at_name(f"there are several columns `{match[1]}` here", match[1], sql, found, hint)
    if match := re.fullmatch(r'near "(.*)": syntax error', message, re.DOTALL):
        return _at_token(match[1], message, sql, found, sandbox, full)
    if "incomplete input" in message:
        return error_at(sql, "something is missing at the end", len(sql.rstrip()), len(sql.rstrip()) + 1)
    if match := re.fullmatch(r'unrecognized token: "(.+)"', message, re.DOTALL):
        text = match[1]
        wrong = next((each for each in found if each.kind != "text" and text.startswith(each.text)), None)
        start = wrong and wrong.start
        return error_at(sql, "SQL has no such sign or number", start, (start or 0) + len(text))
    if "not authorized" in message or "prohibited" in message:
        hint = f"the tables are {', '.join(TABLES)}; see `newscards query --schema`"
        return error_at(sql, f"a query can read the tables, and do nothing else ({message})", None, 0, hint)
    return error_at(sql, message, None)


def _no_column(name: str, table: str | None, sql: str, found: list[Token]) -> SqlError:
    read = [TABLES[each.name.casefold()] for each in found if each.name.casefold() in TABLES]
    columns = [column.name for each in dict.fromkeys([CARDS, *read]) for column in each.columns]
    hint = did_you_mean(name, columns)
    if not hint and (dotted := _dotted(f"{table}.{name}" if table else name, columns)):
        hint = f"did you mean `{dotted}`?"
    if not hint and name in TABLES:
        hint = f"`{name}` is a table; see `newscards query --schema`"
    if not hint:
        hint = f"{_QUOTES}: '{name[:40]}'; the columns are shown by `newscards query --schema`"
    shown = f"{table}.{name}" if table else name
    if tables := [each.name for each in TABLES.values() if each.column(name)]:
        message = f"there is no `{shown}` among what is selected from"
        return _at_name(message, name, sql, found, f"it is a column of {', '.join(tables)}")
    return _at_name(f"no card has a field `{shown}`, and there is no such column", name, sql, found, hint)


def _dotted(name: str, columns: Iterable[str]) -> str:
    """Return the column that was meant by the dotted name of a field: ``provider.name``."""
    return next(iter(nearest(name.replace(".", "_"), columns, most=1, beginnings=False)), "")


def _near_function(name: str, functions: Iterable[str]) -> str:
    if name.casefold() == "regexp":
        return "there are `like '%word%'`, without regard to case, and `glob '*word*'`"
    near = nearest(name, sorted(functions), most=1, beginnings=False)
    return f"did you mean `{near[0]}`?" if near else "see https://sqlite.org/lang_corefunc.html"


def _at_name(message: str, name: str, sql: str, found: Iterable[Token], hint: str) -> SqlError:
    wanted = name.rpartition(".")[2].casefold()
    token = next((each for each in found if each.name.casefold() == wanted), None)
    return error_at(sql, message, token and token.start, token.end if token else 0, hint)


def _at_token(
    text: str, message: str, sql: str, found: Iterable[Token], sandbox: Sandbox, full: Callable[[str], str]
) -> SqlError:
    """Return the error at the first token that cannot follow what is before it.

    It is the first of its text up to which SQLite reads, and then complains in the same words.
    """
    for token in found:
        if token.text != text:
            continue
        try:
            with suppress(MemoryError):
                sandbox.attempt(full(sql[: token.end]))
        except sqlite3.Error as error:
            if str(error) == message:
                return error_at(sql, f"`{text}` is not expected here", token.start, token.end)
    end = len(sql.rstrip())
    return error_at(sql, "something is missing at the end", end, end + 1)
