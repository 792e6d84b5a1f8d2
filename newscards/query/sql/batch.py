"""Several queries over one database, which is filled once, with all that any of them needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from newscards.query.sql.data import TableData
from newscards.query.sql.query import Query, has_topic_in, make_tables, set_has_topic, table_rows
from newscards.query.sql.sandbox import Sandbox, Timer
from newscards.query.sql.tables import Column, tables
from newscards.query.sqlite import sqlite3


class Batch:
    """Compiled queries that can be run one after another, each under its own time limit.

    To fill the database does not count.
    """

    def __init__(self, queries: Sequence[Query]) -> None:
        self._queries = queries
        self._sandbox = Sandbox()
        make_tables(self._sandbox)
        self._columns: dict[str, list[Column]] = {}
        for name, table in tables().items():
            found = [each for query in queries for each in query.columns.get(name, ())]
            if found or any(name in query.columns for query in queries):
                self._columns[name] = list({each.name.casefold(): each for each in found}.values())
            for each in self._columns.get(name, ()):
                # A field that is not in the table of fields, or a column that is there only if named.
                if each.yields or table.column(each.name) is None:
                    self._sandbox.add_column(name, each.name)
                if any(each.name in query.keys for query in queries):
                    self._sandbox.make_index(name, each.name)

    def fill(self, data: TableData) -> None:
        """Fill the database with the data of some cards, instead of what it held before.

        Raises ``MemoryError`` and ``sqlite3.Error`` if it does not fit.
        """
        if any(query.needs_topics for query in self._queries):
            set_has_topic(self._sandbox, has_topic_in(data))
        for name, columns in self._columns.items():
            rows = table_rows(name, columns, data, data.cards, count(1))
            self._sandbox.fill(name, ["rowid", *(each.name for each in columns)], rows)

    def run(self, query: Query, timeout_message: str) -> Iterator[tuple[Any, ...]]:
        """Yield the names of the columns of a query's result, then its rows.

        Raises ``SqlError`` and ``OutOfTimeError``. ``timeout_message`` is as in ``Sandbox.run``.
        """
        timer = Timer(query.timer.seconds)
        try:
            with timer:
                names, rows = self._sandbox.run(query.sql, timer, timeout_message)
            yield tuple(names)
            for some in timer.timed(rows):
                yield from some
        except (sqlite3.Error, MemoryError) as error:
            raise query.explained(error) from error
