"""Queries over the tables. They are compiled before cards are read, to learn which fields they need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from functools import lru_cache
from typing import Any

from newscards.cards.fields import FIELDS
from newscards.cards.values import MISSING, lookup, own_name
from newscards.query.sql.data import TableData
from newscards.query.sql.messages import explained_error, quotes_hint, unknown_column_in
from newscards.query.sql.sandbox import MAX_VALUE_BYTES, TIMEOUT_HINT, OutOfTimeError, Sandbox
from newscards.query.sql.tables import CARDS, TABLES, Column, Table, unknown_column
from newscards.query.sql.tokens import (
    SqlError,
    check_expression,
    check_select,
    check_tokens,
    hyphenated,
    own_names_quoted,
    prepared,
    tokens,
)
from newscards.query.sqlite import sqlite3
from newscards.text import did_you_mean, shorten

TIMEOUT = 30.0
"""The time limit of a query, in seconds."""
_HAS_TOPIC = "_has_topic"
_ROW_FUNCTIONS = {"has_topic": f"{_HAS_TOPIC}(path, "}
"""The functions that need the row, by name: the text that replaces the name and ``(`` in a call."""
_MAX_UNKNOWN = 20
"""How many unknown columns a query may have, and how many unknown topics are reported."""
_KEYS = frozenset({"path", "story"})
"""The columns by which tables are joined."""


class Query:
    """A SELECT over ``TABLES``; its constructor and methods raise ``SqlError`` if it is invalid."""

    def __init__(self, sql: str, *, timeout: float = TIMEOUT, prefix: str = "", suffix: str = "") -> None:
        """Compile the user's SQL between ``prefix`` and ``suffix``, which error messages do not show."""
        check_tokens(sql)
        if not prefix:
            check_select(sql)
        self._sql, self._prefix, self._suffix, self._timeout = sql, prefix, suffix, timeout
        self._sandbox = Sandbox()
        self._unknown: dict[str, SqlError] = {}
        self._has_own_names = False
        """Whether ``card.`` is not a table's name but the beginning of own names, as in ``card.id``."""
        self.unknown_topics: dict[str, str] = {}
        """The topics in calls of ``has_topic`` that no card has, each with a hint."""
        for table in TABLES.values():
            self._sandbox.make_table(table.name, ((each.name, each.type) for each in table.columns))
        self._sandbox.make_function(_HAS_TOPIC, 2, lambda path, topic: None)
        self._compile()
        read = self._sandbox.columns_read
        # The last part of `card.source.name` was tried as a column, before the whole name was.
        of_cards = read.get(CARDS.name, set())
        self._unknown = {name: error for name, error in self._unknown.items() if name.casefold() in of_cards}
        for name, column in columns_named_in(self._full(sql)):
            read[name].add(column)
        self._columns = {name: self._columns_of(name) for name in TABLES if name in read}
        needed: list[Table | Column] = [TABLES[name] for name in self._columns]
        needed += [column for columns in self._columns.values() for column in columns]
        names = {name for each in needed for name in each.fields}
        self._needs_topics = _HAS_TOPIC in read["()"]
        self.fields: Set[str] = frozenset(names | ({"topics"} if self._needs_topics else set()))
        """The dotted names of the card fields that it needs."""
        self.needs_stories = any(each.stories for each in needed)
        """Whether it needs the cards' ``identities``."""
        words = [token.name.casefold() for token in tokens(sql)]
        self._keys = _KEYS if len(self._columns) > 1 or words.count("select") > 1 else frozenset()

    def run(self, data: TableData) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
        """Return the names of the result's columns, and its rows. To be called once.

        Raises ``SqlError``, also while the rows are iterated.
        """
        for name, error in self._unknown.items():
            if data.cards and all(lookup(card.fields, own_name(name)) is MISSING for card in data.cards):
                raise self._unknown_error(name, error, data)
        try:
            for name, columns in self._columns.items():
                self._fill(name, columns, data)
                for column in self._keys.intersection(each.name for each in columns):
                    self._sandbox.make_index(name, column)
            if self._needs_topics:
                self._sandbox.make_function(_HAS_TOPIC, 2, self._has_topic(data))
            names, rows = self._sandbox.run(self._full(self._sql), self._timeout)
        except (sqlite3.Error, MemoryError, OutOfTimeError) as error:
            raise self._explained(error) from error
        shown = [name.replace(_ROW_FUNCTIONS["has_topic"], "has_topic(") for name in names]
        return shown, self._safely(rows)

    def _unknown_error(self, name: str, error: SqlError, data: TableData) -> SqlError:
        """Return the error about an unknown name; if it is a part of a field's name, with a hint at that."""
        texts = hyphenated(name.rpartition(".")[2], self._sql)
        found = next((text for text in texts if any(text in card.fields for card in data.cards)), "")
        return SqlError(str(error), quotes_hint(found)) if found else error

    def _safely(self, rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        try:
            yield from rows
        except (sqlite3.Error, MemoryError, OutOfTimeError) as error:
            raise self._explained(error) from error

    def _compile(self) -> None:
        """Compile the query; add each unknown column to ``cards`` and try again.

        Raises ``SqlError`` if the query is invalid for another reason.
        """
        while True:
            try:
                self._sandbox.compile(self._full(self._sql))
                return
            except (sqlite3.Error, MemoryError) as error:
                name = unknown_column_in(error, self._with_own_names(self._sql))
                known = {*map(str.casefold, self._unknown), *(each.name.casefold() for each in CARDS.columns)}
                known |= {field.name.casefold() for field in FIELDS}
                if name.casefold() in known and not self._has_own_names:  # no table has the alias `card`
                    self._has_own_names = own_names_quoted(self._sql) != self._sql
                    if self._has_own_names:
                        continue
                if not name or name.casefold() in known or len(self._unknown) == _MAX_UNKNOWN:
                    raise self._explained(error) from error
                # A card may have a field that is not in FIELDS: `run` raises this error if none has.
                self._unknown[name] = self._explained(error)
                self._sandbox.add_column(CARDS.name, name)

    def _full(self, sql: str) -> str:
        return self._prefix + prepared(self._with_own_names(sql), _ROW_FUNCTIONS) + self._suffix

    def _with_own_names(self, sql: str) -> str:
        return own_names_quoted(sql) if self._has_own_names else sql

    def _columns_of(self, table: str) -> list[Column]:
        """Return the columns of a table that the query reads."""
        read = self._sandbox.columns_read[table]
        columns = [each for each in TABLES[table].columns if each.name.casefold() in read]
        if table == CARDS.name:
            columns += [unknown_column(name) for name in self._unknown if name.casefold() in read]
        return columns

    def _fill(self, table: str, columns: list[Column], data: TableData) -> None:
        values = [each.value for each in columns]
        rows = (
            (at, *[value(data, row) for value in values])
            for at, row in enumerate(TABLES[table].rows(data), 1)
        )
        self._sandbox.fill(table, ["rowid", *(each.name for each in columns)], rows)

    def _has_topic(self, data: TableData) -> Callable[[object, object], int | None]:
        """Return the SQL function ``_has_topic(path, topic)``; it records topics that no card has."""
        topics = data.topics
        known = frozenset[str]().union(*topics.values())

        @lru_cache(maxsize=256)
        def folded(topic: str) -> str:
            if topic.casefold() not in known and len(self.unknown_topics) < _MAX_UNKNOWN:
                names = (name for card in data.cards for name in card.topics)
                self.unknown_topics[shorten(topic)] = did_you_mean(shorten(topic), names)
            return topic.casefold()

        def has_topic(path: object, topic: object) -> int | None:
            if not isinstance(topic, str) or not isinstance(path, str):
                return None
            return int(folded(topic) in topics.get(path, ()))

        return has_topic

    def _explained(self, error: Exception) -> SqlError:
        if isinstance(error, OutOfTimeError):
            return SqlError(
                f"the query was ended after {self._timeout:g} seconds",
                TIMEOUT_HINT,
            )
        if isinstance(error, MemoryError):
            return SqlError("the query needs more memory than it may have", "ask for less")
        if "string or blob too big" in str(error):
            return SqlError(f"the query makes a value of more than {MAX_VALUE_BYTES:,} bytes", "ask for less")
        return explained_error(error, self._sql, self._sandbox, self._full)


class Where(Query):
    """An expression over the columns of ``cards``, as after WHERE."""

    def __init__(self, expression: str, *, timeout: float = TIMEOUT) -> None:
        """Compile the expression; raises ``SqlError`` if it is invalid."""
        check_expression(expression)
        super().__init__(expression, timeout=timeout, prefix="SELECT rowid FROM cards WHERE (", suffix="\n)")

    def chosen(self, data: TableData) -> list[int]:
        """Return the indices of the cards for which it is true, in ascending order. Raises ``SqlError``."""
        return sorted(rowid - 1 for (rowid,) in self.run(data)[1])


def columns_named_in(sql: str) -> Iterator[tuple[str, str]]:
    """Yield pairs of table and lower-case column whose names occur in a query, whatever they mean there.

    They are read besides those that SQLite's authorizer reports, because it does not report columns of
    ``USING`` and ``NATURAL``. SQLite also takes a text in single quotes as a name.
    """
    words = {(token.name or token.text.strip("'")).casefold() for token in tokens(sql)}
    for name in words & TABLES.keys():
        columns = {each.name.casefold() for each in TABLES[name].columns}
        yield from ((name, column) for column in (columns if "natural" in words else columns & words))
