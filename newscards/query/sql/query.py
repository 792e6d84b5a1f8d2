"""A query over the tables: compiled before a card is read, which tells what is to be read; then run."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Set
from functools import lru_cache
from typing import Any

from newscards.cards.fields import FIELDS
from newscards.query.sql.data import TableData
from newscards.query.sql.messages import explained, unknown_column_in
from newscards.query.sql.sandbox import LONGEST_VALUE, OutOfTimeError, Sandbox
from newscards.query.sql.tables import CARDS, TABLES, Column, Table, unknown_column
from newscards.query.sql.tokens import SqlError, check_expression, check_select, check_sound, prepared, tokens
from newscards.text import did_you_mean, shorten

TIMEOUT = 30.0
"""How many seconds a query may take."""
_HAS_TOPIC = "_has_topic"
_ROW_FUNCTIONS = {"has_topic": f"{_HAS_TOPIC}(path, "}
"""The functions of a row of ``cards``, or of another table with a ``path``, as they are called."""
_MOST_UNKNOWN = 20
_KEYS = frozenset({"path", "story"})
"""The columns by which tables are joined."""


class Query:
    """A SELECT over ``TABLES``. Raises ``SqlError``, also where it is made, for one that is none."""

    def __init__(self, sql: str, *, timeout: float = TIMEOUT, before: str = "", behind: str = "") -> None:
        """Take the SQL; what stands ``before`` it and ``behind`` is no part of what the user wrote."""
        check_sound(sql)
        if not before:
            check_select(sql)
        self._sql, self._before, self._behind, self._timeout = sql, before, behind, timeout
        self._sandbox = Sandbox()
        self._unknown: dict[str, SqlError] = {}
        self.unknown_topics: dict[str, str] = {}
        """The topics that ``has_topic`` was asked for and no card has, each with what was perhaps meant."""
        for table in TABLES.values():
            self._sandbox.make_table(table.name, ((each.name, each.type) for each in table.columns))
        self._sandbox.make_function(_HAS_TOPIC, 2, lambda path, topic: None)
        try:
            self._compile()
        except SqlError:
            self._sandbox.close()
            raise
        read = self._sandbox.read
        for name, column in named_in(self._full(sql)):
            read[name].add(column)
        self._columns = {name: self._columns_of(name) for name in TABLES if name in read}
        wanted: list[Table | Column] = [TABLES[name] for name in self._columns]
        wanted += [column for columns in self._columns.values() for column in columns]
        names = {name for each in wanted for name in each.fields}
        self._asks_topics = _HAS_TOPIC in read["()"]
        self.fields: Set[str] = frozenset(names | ({"topics"} if self._asks_topics else set()))
        """The fields of the cards that it needs, by dotted names."""
        self.needs_stories = any(each.stories for each in wanted)
        """Whether it needs their ``identities``."""
        words = [token.name.casefold() for token in tokens(sql)]
        self._keys = _KEYS if len(self._columns) > 1 or words.count("select") > 1 else frozenset()

    def run(self, contents: TableData) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
        """Return the names of the result's columns, and its rows; for once. Raises ``SqlError``, also while
        rows are taken.
        """
        for name, error in self._unknown.items():
            if contents.cards and not any(name in card.fields for card in contents.cards):
                raise error
        try:
            for name, columns in self._columns.items():
                self._fill(name, columns, contents)
                for column in self._keys.intersection(each.name for each in columns):
                    self._sandbox.make_index(name, column)
            if self._asks_topics:
                self._sandbox.make_function(_HAS_TOPIC, 2, self._has_topic(contents))
            names, rows = self._sandbox.run(self._full(self._sql), self._timeout)
        except (sqlite3.Error, MemoryError, OutOfTimeError) as error:
            raise self._explained(error) from error
        shown = [name.replace(_ROW_FUNCTIONS["has_topic"], "has_topic(") for name in names]
        return shown, self._safely(rows)

    def _safely(self, rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        try:
            yield from rows
        except (sqlite3.Error, MemoryError, OutOfTimeError) as error:
            raise self._explained(error) from error

    def _compile(self) -> None:
        while True:
            try:
                self._sandbox.attempt(self._full(self._sql))
                return
            except (sqlite3.Error, MemoryError) as error:
                name = unknown_column_in(error)
                taken = {*map(str.casefold, self._unknown), *(each.name.casefold() for each in CARDS.columns)}
                taken |= {field.name.casefold() for field in FIELDS}
                if not name or name.casefold() in taken or len(self._unknown) == _MOST_UNKNOWN:
                    raise self._explained(error) from error
                # A card may have what FIELDS has not; whether one has is known when they were read.
                self._unknown[name] = self._explained(error)
                self._sandbox.add_column(CARDS.name, name)

    def _full(self, sql: str) -> str:
        return self._before + prepared(sql, _ROW_FUNCTIONS) + self._behind

    def _columns_of(self, table: str) -> list[Column]:
        """Return the columns of a table that are read."""
        read = self._sandbox.read[table]
        columns = [each for each in TABLES[table].columns if each.name.casefold() in read]
        if table == CARDS.name:
            columns += [unknown_column(name) for name in self._unknown if name.casefold() in read]
        return columns

    def _fill(self, table: str, columns: list[Column], contents: TableData) -> None:
        values = [each.value for each in columns]
        rows = (
            (at, *[value(contents, row) for value in values])
            for at, row in enumerate(TABLES[table].rows(contents), 1)
        )
        self._sandbox.fill(table, ["rowid", *(each.name for each in columns)], rows)

    def _has_topic(self, contents: TableData) -> Callable[[object, object], int | None]:
        topics = contents.topics
        known = frozenset[str]().union(*topics.values())

        @lru_cache(maxsize=256)
        def folded(topic: str) -> str:
            if topic.casefold() not in known and len(self.unknown_topics) < _MOST_UNKNOWN:
                names = (name for card in contents.cards for name in card.topics)
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
                "ask for less, or give it more time with --timeout where there is that option",
            )
        if isinstance(error, MemoryError):
            return SqlError("the query needs more memory than it may have", "ask for less")
        if "too big" in str(error):
            return SqlError(f"the query makes a value of more than {LONGEST_VALUE:,} bytes", "ask for less")
        return explained(error, self._sql, self._sandbox, self._full)


class Where(Query):
    """An expression over a card's columns, as it stands behind WHERE."""

    def __init__(self, expression: str, *, timeout: float = TIMEOUT) -> None:
        """Take the expression; raises ``SqlError`` where it is none."""
        check_expression(expression)
        super().__init__(expression, timeout=timeout, before="SELECT rowid FROM cards WHERE (", behind="\n)")

    def chosen(self, contents: TableData) -> list[int]:
        """Return the indices of the cards for which it is true, in their order. Raises ``SqlError``."""
        return sorted(rowid - 1 for (rowid,) in self.run(contents)[1])


def named_in(sql: str) -> Iterator[tuple[str, str]]:
    """Yield tables, and columns of them in lower case, whose names stand in a query; perhaps for others.

    Of columns that tables are joined by, with ``USING`` or ``NATURAL``, SQLite's authorizer is not told. In
    single quotes, too, it takes a name for one.
    """
    words = {(token.name or token.text.strip("'")).casefold() for token in tokens(sql)}
    for name in words & TABLES.keys():
        columns = {each.name.casefold() for each in TABLES[name].columns}
        yield from ((name, column) for column in (columns if "natural" in words else columns & words))
