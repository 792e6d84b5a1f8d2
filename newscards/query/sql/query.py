"""Queries over the tables. They are compiled before cards are read, to learn which fields they need."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from itertools import chain, count, islice
from typing import Any, TypeAlias

from newscards.cards.card import Card
from newscards.cards.fields import card_field, field_named
from newscards.cards.names import name_key
from newscards.cards.values import MISSING, lookup, own_name
from newscards.query.sql.comparisons import (
    check_dates,
    comparisons,
    doubtful,
    impossible,
    mixed,
    values_sought,
)
from newscards.query.sql.data import TableData
from newscards.query.sql.messages import (
    dotted_column_in,
    explained_error,
    own_field_hint,
    quotes_hint,
    unknown_column_in,
)
from newscards.query.sql.sandbox import (
    MAX_BYTES,
    ROW_TOO_BIG,
    TIMEOUT_HINT,
    OutOfTimeError,
    Sandbox,
    Timer,
    quoted,
)
from newscards.query.sql.tables import Column, Table, cards_table, joined_columns, tables, unknown_column
from newscards.query.sql.tokens import (
    Scan,
    SqlError,
    check_expression,
    check_select,
    check_tokens,
    compound_names,
    joined_names,
    own_names_quoted,
    prepared,
    scan_of,
    tokens,
)
from newscards.query.sqlite import sqlite3
from newscards.text import did_you_mean, one_line, shorten

TIMEOUT = 30.0
"""The time limit of a query, in seconds."""
_HAS_TOPIC = "_has_topic"
_ROW_FUNCTIONS = {"has_topic": f"{_HAS_TOPIC}(path, "}
"""The functions that need the row, by name: the text that replaces the name and ``(`` in a call."""
_FEWER_COLUMNS = "ask for fewer columns, or for less"
_MAX_UNKNOWN = 20
"""How many unknown columns a query may have, and for how many topics and values that no card has it notes."""
_MAX_CANDIDATES = 2_000
"""How many values and topics are compared with unknown ones in all, because each takes about 0.1 ms."""
_MAX_TOPIC = 1_000
"""How many characters of an unknown topic are remembered."""
_MAX_NAME = 200
"""How many characters a value has at most that is suggested instead of one that no card has."""
_CARDS = "cards"
_JOINS = frozenset({"from", "join", "using"})
_CLAUSES = _JOINS | {"select", "on", "where", "group", "having", "order", "limit", "values"}
"""The keywords that begin a clause; tables are named behind some of them."""
_KEYS = frozenset({"path", "story"})
"""The columns by which tables are joined."""
_FIRST_PART, _MAX_PART = 16, 1024
"""The number of cards that a ``Scan`` takes at a time, doubled up to the second number."""


HasTopic: TypeAlias = Callable[[object, object], int | None]


def make_tables(sandbox: Sandbox) -> None:
    """Create the empty tables, and ``has_topic``, which returns NULL until there are cards."""
    for table in tables().values():
        sandbox.make_table(table.name, ((each.name, each.type) for each in table.columns if not each.yields))
    set_has_topic(sandbox, lambda path, topic: None)


def set_has_topic(sandbox: Sandbox, function: HasTopic) -> None:
    """Create or replace the function behind ``has_topic``."""
    sandbox.make_function(_HAS_TOPIC, 2, function)


def has_topic_in(data: TableData, note_unknown: Callable[[str], None] = lambda topic: None) -> HasTopic:
    """Return the function that says whether the card at a path has a topic.

    ``note_unknown`` is called with a topic that no card has.
    """
    topics = data.topics
    known = frozenset[str]().union(*topics.values())
    # A key is at most this much shorter than its topic, but for blanks; a longer text is no topic.
    longest = max(_MAX_TOPIC, *(8 * len(key) for key in known))

    @lru_cache(maxsize=256)
    def key_of(topic: str) -> str:
        key = name_key(topic)
        if key not in known:
            note_unknown(topic)
        return key

    def has_topic(path: object, topic: object) -> int | None:
        if not isinstance(topic, str) or not isinstance(path, str):
            return None
        is_found = key_of(topic[:longest]) in topics.get(path, ())
        return int(is_found and len(topic) <= longest)

    return has_topic


def table_rows(
    table: str, columns: Iterable[Column], data: TableData, cards: Iterable[Card], numbers: Iterable[int]
) -> Iterator[tuple[object, ...]]:
    """Yield the rows of a table for some cards: a number, which is the rowid, and the values of columns."""
    values = [each.value for each in columns]
    numbered = zip(tables()[table].rows(data, cards), numbers, strict=False)
    return ((number, *[value(data, row) for value in values]) for row, number in numbered)


class Query:
    """A SELECT over the tables; its constructor and methods raise ``SqlError`` if it is invalid."""

    def __init__(self, sql: str, *, timeout: float = TIMEOUT, prefix: str = "", suffix: str = "") -> None:
        """Compile the user's SQL between ``prefix`` and ``suffix``, which error messages do not show."""
        check_dates(sql)
        check_tokens(sql)
        if not prefix:
            check_select(sql)
        self._sql, self._prefix, self._suffix = sql, prefix, suffix
        self.timer = Timer(timeout)
        """The time limit of ``run`` and its rows, which counts what they do, but not what is done between."""
        self._preparation = self.timer
        self._sandbox = Sandbox()
        self._unknown: dict[str, SqlError] = {}
        self._yielding: set[str] = set()
        """The names of the columns of ``cards`` that were added because nothing else has these."""
        self._has_own_names = False
        """Whether ``card.`` is not a table's name but the beginning of own names, as in ``card.id``."""
        self._has_joined_names = False
        """Whether dotted names are columns: ``provider.name``, if no table has the alias ``provider``."""
        self.absent: dict[str, str] = {}
        """The topics and values of fields that no card has, such as ``the topic `AI` ``, each with a hint.

        They are those in calls of ``has_topic``, and in comparisons.
        """
        self._values_left, self._candidates_left = _MAX_UNKNOWN, _MAX_CANDIDATES
        make_tables(self._sandbox)
        self._compile()
        read = self._sandbox.columns_read
        # The last part of `card.source.name` was tried as a column, before the whole name was.
        of_cards = read.get(_CARDS, set())
        self._unknown = {name: error for name, error in self._unknown.items() if name.casefold() in of_cards}
        self.functions = frozenset(read["()"])
        """The lower-case names of the functions that it calls."""
        for name, column in columns_named_in(self._full(sql)):
            read[name].add(column)
        self.columns = {name: self._columns_of(name) for name in tables() if name in read}
        """The columns that it reads, by table; more, perhaps, but none that its SQL does not name."""
        self._compared = comparisons(sql, self.columns, self._joined_columns)
        if error := impossible(sql, self._compared):
            raise error
        needed: list[Table | Column] = [tables()[name] for name in self.columns]
        needed += [column for columns in self.columns.values() for column in columns]
        names = {name for each in needed for name in each.fields}
        self.needs_topics = _HAS_TOPIC in self.functions
        """Whether it calls ``has_topic``."""
        self.fields: Set[str] = frozenset(names | ({"topics"} if self.needs_topics else set()))
        """The dotted names of the card fields that it needs."""
        self.needs_stories = any(each.stories for each in needed)
        """Whether it needs the cards' ``identities``."""
        words = [token.text.casefold() for token in tokens(sql)]  # a name in quotes is no keyword
        self.keys = _KEYS if len(self.columns) > 1 or words.count("select") > 1 else frozenset()
        """The columns that it may join tables by."""
        self._numbers = {name: count(1) for name in self.columns}
        """The number of each table's next row."""
        scan = None if prefix or self._needs_all_cards() else scan_of(sql)
        self._is_scan, self._scan = scan is not None, scan or Scan(sql)

    def _needs_all_cards(self) -> bool:
        """Return whether a row of the result may depend on more than a row of one table."""
        return (
            self.needs_topics  # those that no card has are reported
            or bool(self._unknown)
            or len(self.columns) != 1
            or any(tables()[name].of_corpus for name in self.columns)
            or self._sandbox.calls_aggregates
        )

    def run(self, data: TableData) -> tuple[list[str], Generator[tuple[Any, ...], None, None]]:
        """Return the names of the result's columns, and its rows. To be called once.

        A ``Scan`` takes the cards a part at a time, and reads no more than the rows need that are iterated.
        Raises ``SqlError``, also while the rows are iterated; closing the rows stops the reading of cards.
        """
        rows = self._names_and_rows(data)
        names = next(rows)
        return [name.replace(_ROW_FUNCTIONS["has_topic"], "has_topic(") for name in names], rows

    def _names_and_rows(self, data: TableData) -> Generator[tuple[Any, ...], None, None]:
        """Yield the names of the result's columns, then its rows."""
        parts = self._parts(data)
        try:
            yield tuple(next(parts)[0])
            yield from islice(chain.from_iterable(parts), self._scan.start, self._scan.stop)
        except (sqlite3.Error, MemoryError, OutOfTimeError) as error:
            raise self.explained(error) from error
        finally:
            parts.close()
            self._sandbox.close()
            data.close()

    def _parts(self, data: TableData) -> Generator[list[tuple[Any, ...]], None, None]:
        """Yield a list of the names of the result's columns, then its rows, some at a time."""
        sql, has_names = self._full(self._scan.sql), False
        for _ in self._preparation.timed(self._filled(data)):
            with self.timer:
                names, rows = self._sandbox.run(sql, self.timer)
            if not has_names:
                yield [tuple(names)]
            has_names = True
            yield from self.timer.timed(rows)

    def _filled(self, data: TableData) -> Iterator[None]:
        """Fill the tables with the cards, a part at a time if possible; yield after each part."""
        self.check_names(data)
        if self.needs_topics:
            set_has_topic(self._sandbox, self._has_topic(data))
        if not self._is_scan:
            parts: Iterable[list[Card]] = [data.cards]
        else:
            parts = _parts_of(iter(data.cards) if self.needs_stories else data.unread)
        sought = values_sought(self._compared, self.columns.get(_CARDS, ()))
        found: dict[Column, set[object]] = {each: set() for each, _ in sought}
        for cards in parts:
            for name, columns in self.columns.items():
                self._fill(name, columns, data, cards)
                for column in self.keys.intersection(each.name for each in columns):
                    self._sandbox.make_index(name, column)
            for each, values in found.items():
                values.update(each.value(data, card) for card in cards)
            yield
        for each, value in sought:
            self._note_absent(each, value, found[each])

    def check_names(self, data: TableData) -> None:
        """Raise ``SqlError`` if it names what is neither a column nor a field of a card."""
        for name, error in self._unknown.items():
            if data.cards and all(lookup(card.fields, own_name(name)) is MISSING for card in data.cards):
                raise self._unknown_error(name, error, data)

    @property
    def unknown_names(self) -> Mapping[str, SqlError]:
        """The names that are no columns, but may be fields of some cards; each with the error if none is."""
        return self._unknown

    @property
    def mixed_comparison(self) -> SqlError | None:
        """The error about a comparison of a number or a boolean with a text; ``None`` without one."""
        return mixed(self._sql, self._compared)

    @property
    def doubtful_comparison(self) -> SqlError | None:
        """The error about a comparison that is hardly what is meant; ``None`` without one."""
        return self.mixed_comparison or doubtful(self._sql, self._compared)

    @property
    def sql(self) -> str:
        """The SQL as SQLite needs it."""
        return self._full(self._sql)

    def result_columns(self) -> list[str]:
        """Return the names of the result's columns, without running the query; raises ``SqlError``."""
        try:
            return self._sandbox.result_columns(self.sql)
        except (sqlite3.Error, MemoryError) as error:
            raise self.explained(error) from error

    def close(self) -> None:
        """Free the memory of a query that is not run, or that a ``Batch`` runs."""
        self._sandbox.close()

    def _unknown_error(self, name: str, error: SqlError, data: TableData) -> SqlError:
        """Return the error about an unknown name, with a hint at the field of a card that it may mean."""
        texts = compound_names(name.rpartition(".")[2], self._sql)
        found = (
            text for text in texts if any(lookup(card.fields, text) is not MISSING for card in data.cards)
        )
        if text := next(found, ""):
            return SqlError(str(error), quotes_hint(text), error.start)
        if error.hint.startswith("did you mean") and own_name(name) == name:
            return error
        return SqlError(str(error), own_field_hint(name, data.cards) or error.hint, error.start)

    def _compile(self) -> None:
        """Compile the query; add each unknown column to ``cards`` and try again.

        Raises ``SqlError`` if the query is invalid for another reason.
        """
        while True:
            try:
                self._sandbox.compile(self._full(self._sql))
                return
            except (sqlite3.Error, MemoryError) as error:
                if not self._has_joined_names and dotted_column_in(error, joined_columns()):
                    self._has_joined_names = joined_names(self._sql, joined_columns()) != self._sql
                    if self._has_joined_names:
                        continue
                name = unknown_column_in(error, self._with_own_names(self._sql))
                known = {
                    *map(str.casefold, self._unknown),
                    *(each.name.casefold() for each in cards_table().columns),
                }
                known |= {field.name.casefold() for field in card_field().fields}
                if name.casefold() in known and not self._has_own_names:  # no table has the alias `card`
                    self._has_own_names = own_names_quoted(self._sql) != self._sql
                    if self._has_own_names:
                        continue
                column = cards_table().column(name)
                if column and column.yields and column.name not in self._yielding:
                    self._yielding.add(column.name)
                    self._sandbox.add_column(_CARDS, column.name)
                    continue
                if not name or name.casefold() in known or len(self._unknown) == _MAX_UNKNOWN:
                    raise self.explained(error) from error
                # A card may have a field that the table of fields lacks: `run` raises this error if none has.
                self._unknown[name] = self.explained(error)
                self._sandbox.add_column(_CARDS, name)

    def _full(self, sql: str) -> str:
        return self._prefix + prepared(self._with_own_names(sql), _ROW_FUNCTIONS) + self._suffix

    def _with_own_names(self, sql: str) -> str:
        sql = own_names_quoted(sql) if self._has_own_names else sql
        return joined_names(sql, self._joined_columns)

    @property
    def _joined_columns(self) -> Mapping[str, str]:
        return joined_columns() if self._has_joined_names else {}

    def _columns_of(self, table: str) -> list[Column]:
        """Return the columns of a table that the query reads."""
        read = self._sandbox.columns_read[table]
        columns = [each for each in tables()[table].columns if each.name.casefold() in read]
        if table == _CARDS:
            columns += [unknown_column(name) for name in self._unknown if name.casefold() in read]
        return columns

    def _fill(self, table: str, columns: list[Column], data: TableData, cards: Iterable[Card]) -> None:
        rows = table_rows(table, columns, data, cards, self._numbers[table])
        self._sandbox.fill(
            table, ["rowid", *(each.name for each in columns)], self._preparation.limited(rows)
        )

    def _has_topic(self, data: TableData) -> HasTopic:
        """Return the SQL function ``_has_topic(path, topic)``; it records topics that no card has."""

        def note(topic: str) -> None:
            if len(self.absent) < _MAX_UNKNOWN:
                names = dict.fromkeys(name for card in data.cards for name in card.topics)
                self.absent[f"the topic `{one_line(shorten(topic))}`"] = self._suggestion(topic, names)

        return has_topic_in(data, note)

    def _note_absent(self, column: Column, value: str | bool, values: Set[object]) -> None:
        """Note a value of a column that no card has, if another is near, or if it is false and some lack one.

        ``values`` are those that the cards have.
        """
        hint, shown = "", "false"
        if value == "" or value in values or not self._values_left:
            return
        self._values_left -= 1
        if isinstance(value, str):
            shown = shorten(value)
            field = field_named(own_name(column.fields[0]))
            names = [each for each in values if isinstance(each, str) and len(each) <= _MAX_NAME]
            choices = [*map(str, field.choices)] if field else []
            if column.is_date and any(each.startswith(value) for each in names):
                hint = f"write {column.name} LIKE '{shown}%'"
            elif value not in choices:
                hint = self._suggestion(value, dict.fromkeys([*choices, *sorted(names)]))
        elif None in values:
            hint = f"what a card lacks is NULL: write {column.name} IS NOT TRUE"
        if hint:
            self.absent[f"`{column.name}: {one_line(shown)}`"] = hint

    def _suggestion(self, unknown: str, names: Collection[str]) -> str:
        """Return a hint at the nearest of the names that cards have; empty if they are too many."""
        if len(names) > self._candidates_left:
            return ""
        self._candidates_left -= len(names)
        return did_you_mean(shorten(unknown), names)

    def explained(self, error: Exception) -> SqlError:
        """Return an error of ``Sandbox`` as a message for the user."""
        if isinstance(error, OutOfTimeError):
            return SqlError(
                f"the query was ended after {self.timer.seconds:g} seconds",
                TIMEOUT_HINT,
            )
        if isinstance(error, MemoryError):
            return SqlError("the query needs more memory than it may have", "ask for less")
        if "string or blob too big" in str(error):
            most = self._sandbox.max_value_bytes
            hint = "ask for less" if most == MAX_BYTES else _FEWER_COLUMNS
            return SqlError(f"the query makes a value of more than {most:,} bytes", hint)
        if str(error) == ROW_TOO_BIG:
            return SqlError(f"the query makes a row of more than {MAX_BYTES:,} bytes", _FEWER_COLUMNS)
        return explained_error(error, self._sql, self._sandbox, self._full)


class Where(Query):
    """An expression over the columns of ``cards``, as after WHERE."""

    def __init__(self, expression: str, *, timeout: float = TIMEOUT, columns: Iterable[str] = ()) -> None:
        """Compile the expression; raises ``SqlError`` if it is invalid.

        The result has the number of each card for which it is true, and the values of ``columns``, which are
        known.
        """
        check_expression(expression)
        result = ", ".join(["rowid", *map(quoted, columns)])
        prefix = f"SELECT {result} FROM cards WHERE ("  # noqa: S608 - all quoted
        super().__init__(expression, timeout=timeout, prefix=prefix, suffix="\n)")
        self._preparation = Timer(math.inf)  # it has no --timeout by which a user could allow more

    def chosen(self, data: TableData) -> list[int]:
        """Return the indices of the cards for which it is true, in ascending order. Raises ``SqlError``."""
        return sorted(rowid - 1 for (rowid,) in self.run(data)[1])

    def chosen_among(self, cards: Sequence[Card]) -> set[int]:
        """Return the indices of the cards for which it is true, of cards that are the whole corpus.

        Unlike ``chosen`` this can be called many times. Raises ``SqlError``.
        """
        data = TableData(cards)
        if self.needs_topics:
            set_has_topic(self._sandbox, self._has_topic(data))
        self._numbers = {name: count(1) for name in self.columns}
        self.timer = Timer(self.timer.seconds)
        try:
            for name, columns in self.columns.items():
                self._fill(name, columns, data, data.cards)
            with self.timer:
                rows = self._sandbox.run(self._full(self._sql), self.timer)[1]
            return {rowid - 1 for part in self.timer.timed(rows) for (rowid,) in part}
        except (sqlite3.Error, MemoryError, OutOfTimeError) as error:
            raise self.explained(error) from error


def _parts_of(cards: Iterator[Card]) -> Iterator[list[Card]]:
    """Yield cards in lists of growing size; the first may be empty."""
    size = _FIRST_PART
    part = [*islice(cards, size)]
    yield part
    while part:
        size = min(2 * size, _MAX_PART)
        if part := [*islice(cards, size)]:
            yield part


def columns_named_in(sql: str) -> Iterator[tuple[str, str]]:
    """Yield pairs of table and lower-case column whose names occur in a query, whatever they mean there.

    They are read besides those that SQLite's authorizer reports, because it does not report columns of
    ``USING`` and ``NATURAL``. Where tables are joined, SQLite also takes a text in single quotes as a name.
    """
    words, clause = set[str](), ""
    for token in tokens(sql):
        word = token.text.casefold()
        clause = word if word in _CLAUSES else clause
        if token.kind != "text" or clause in _JOINS:
            words.add((token.name or token.text.strip("'")).casefold())
    for name in words & tables().keys():
        columns = {each.name.casefold() for each in tables()[name].columns if not each.yields}
        yield from ((name, column) for column in (columns if "natural" in words else columns & words))
