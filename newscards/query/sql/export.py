"""The tables as an SQLite file for other programs, with keys, indexes and a full-text table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from newscards.cards.card import Card
from newscards.cards.fields import card_field
from newscards.cards.values import fields_json, json_value, key_text
from newscards.query.sql.data import TableData
from newscards.query.sql.sandbox import quoted
from newscards.query.sql.tables import Column, Table, cards_table, sql_number, sql_value, tables
from newscards.query.sqlite import sqlite3

APPLICATION_ID = int.from_bytes(b"News")
"""The number by which a file says whose it is (https://sqlite.org/pragma.html#pragma_application_id)."""
_HEADER, _ID_AT = b"SQLite format 3\0", 68
"""The begin of every SQLite file, and the place of its application id (https://sqlite.org/fileformat2.html)."""
LEFT_OUT = frozenset({"secured", "age_days", "page"})
"""The columns of ``cards`` that a file does not have: a ciphertext, and what may be wrong tomorrow."""
_FRONT_MATTER = Table(
    "front_matter",
    "the whole front matter of each card",
    (
        Column("path", "TEXT", "the file of the card", lambda data, card: data.path(card)),
        Column(
            "fields",
            "TEXT",
            "all fields as JSON, with the values of `show --format json`",
            lambda data, card: sql_value(fields_json(card)),
        ),
    ),
    lambda data, cards: cards,
)
"""A table of its own, because a column would make each row of ``cards`` larger and so its scans slower."""
_PARENTS = 'FOREIGN KEY ("path") REFERENCES "cards" ("path")'
_KEYS = {
    "cards": ('PRIMARY KEY ("path")', 'FOREIGN KEY ("story") REFERENCES "stories" ("story")'),
    "topics": ('PRIMARY KEY ("path", "position")', _PARENTS),
    "related": ('PRIMARY KEY ("path", "position")', _PARENTS),
    "images": ('PRIMARY KEY ("path", "position")', _PARENTS),
    "stories": ('PRIMARY KEY ("story")',),
    "findings": (_PARENTS,),
    _FRONT_MATTER.name: ('PRIMARY KEY ("path")', _PARENTS),
}
"""The keys of the tables. The head of a story and a copied card may be cards that are not in the file."""
_INDEXED = (
    ("cards", "story"),
    ("cards", "publishedDateTime"),
    ("cards", "provider_name"),
    ("topics", "topic"),
    ("related", "copy_of"),
    ("stories", "head"),
    ("findings", "path"),
    ("findings", "rule"),
)
SEARCH = "cards_fts"
"""The name of the full-text table; Datasette finds it by its ``content``."""
_SEARCHED = ("title", "excerpt", "provider_name", "topics")
_CARDS_AT_ONCE = 256
_CACHE_KIB = 8 << 10
"""The size of SQLite's cache: 20,000 cards take 4.6 s with 64 MiB and with this, and 60 MB less memory."""
MAX_OWN_COLUMNS = 1000
"""The number of columns for fields that no configuration declares; SQLite has at most 2,000 in a table."""
_ROW_IDS = ("rowid", "oid", "_rowid_")
"""The names of the number of a row, which a column of that name would hide."""


@dataclass
class Exported:
    """The contents of an exported file: numbers of rows, and what it lacks."""

    cards: int = 0
    stories: int = 0
    findings: int = 0
    has_search: bool = False
    same_paths: list[str] = field(default_factory=list)
    """The paths of cards that are left out: as text they are equal to that of another card."""
    fields_without_column: int = 0
    """The number of own fields beyond ``MAX_OWN_COLUMNS``."""


def is_export(path: str) -> bool:
    """Return whether a file is one that ``write_tables`` wrote, or empty; raises ``OSError``."""
    with open(path, "rb") as file:
        start = file.read(_ID_AT + 4)
    return not start or (start.startswith(_HEADER) and start[_ID_AT:] == APPLICATION_ID.to_bytes(4))


def write_tables(path: str, data: TableData, cards: Iterable[Card]) -> Exported:
    """Write the tables into the empty file at ``path``; raises ``sqlite3.Error``.

    ``data`` has the cards without what is large, ``cards`` yields them with all fields; a few of those are
    held in memory at a time.
    """
    # Without SQLite's own lock, which on some systems waits for that of ``atomic.written_beside``.
    uri = f"{Path(path).absolute().as_uri()}?nolock=1"  # https://sqlite.org/uri.html
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as database:
        return _Writer(database, data).write(cards)


class _Writer:
    """A writer of the tables into a database."""

    def __init__(self, database: sqlite3.Connection, data: TableData) -> None:
        self._database, self._data = database, data
        self._tables = {**tables(), _FRONT_MATTER.name: _FRONT_MATTER}
        self._columns = {name: [*_columns(table)] for name, table in self._tables.items()}
        self._own = _OwnColumns()
        self._paths: set[str] = set()
        self._exported = Exported()

    def write(self, cards: Iterable[Card]) -> Exported:
        """Write all tables; return what they have."""
        for pragma in (
            "journal_mode = OFF",  # first; the file is thrown away if it is not finished
            f"application_id = {APPLICATION_ID}",
            "synchronous = OFF",
            f"cache_size = -{_CACHE_KIB}",
        ):
            self._database.execute(f"PRAGMA {pragma}")
        self._database.execute("BEGIN")
        for name, columns in self._columns.items():
            parts = [f"{quoted(each.name)} {each.type}" for each in columns]
            self._database.execute(f"CREATE TABLE {quoted(name)} ({', '.join([*parts, *_KEYS[name]])})")
        remaining = self._distinct(cards)
        while some := [*islice(remaining, _CARDS_AT_ONCE)]:
            self._write_cards(some)
        self._exported.stories = self._insert("stories", self._data.stories)
        findings = (each for each in self._data.findings if sql_value(each.path) in self._paths)
        self._exported.findings = self._insert("findings", findings)
        for table, column in _INDEXED:
            if any(each.name == column for each in self._columns[table]):
                name = quoted(f"{table}_{column}")
                self._database.execute(f"CREATE INDEX {name} ON {quoted(table)} ({quoted(column)})")
        self._exported.has_search = self._write_search()
        self._database.execute("COMMIT")
        self._exported.fields_without_column = self._own.without_column
        return self._exported

    def _distinct(self, cards: Iterable[Card]) -> Iterator[Card]:
        """Yield the cards whose paths are different texts; bytes that are not UTF-8 are not in a text."""
        for card in cards:
            path = self._data.path(card)
            if path in self._paths:
                self._exported.same_paths.append(card.path)
                continue
            self._paths.add(path)
            yield card

    def _write_cards(self, cards: Sequence[Card]) -> None:
        """Write some cards, and their rows of the tables of lists."""
        own = [self._own.values(card) for card in cards]
        for name in self._own.new_names():
            self._database.execute(f'ALTER TABLE "cards" ADD COLUMN {quoted(name)}')
        names = list(dict.fromkeys(name for values in own for name in values))
        added = ([values.get(name) for name in names] for values in own)
        self._exported.cards += self._insert("cards", cards, names, added)
        for name, table in self._tables.items():
            if name != "cards" and not table.of_corpus:
                self._insert(name, table.rows(self._data, cards))

    def _insert(
        self,
        table: str,
        rows: Iterable[object],
        more: Sequence[str] = (),
        more_values: Iterable[Sequence[object]] = (),
    ) -> int:
        """Insert rows into a table, with ``more`` columns and their values; return how many."""
        columns = self._columns[table]
        names = ", ".join(map(quoted, [*(each.name for each in columns), *more]))
        marks = ", ".join("?" * (len(columns) + len(more)))
        added = iter(more_values)
        values = (
            [*(each.value(self._data, row) for each in columns), *(next(added) if more else ())]
            for row in rows
        )
        before = self._database.total_changes
        # Two stories may have one name: if their heads' paths differ only in bytes that are not UTF-8.
        self._database.executemany(
            f"INSERT OR IGNORE INTO {quoted(table)} ({names}) VALUES ({marks})",  # noqa: S608 - all quoted
            values,
        )
        return self._database.total_changes - before

    def _write_search(self) -> bool:
        """Write the full-text table; return whether this SQLite has FTS5 (https://sqlite.org/fts5.html)."""
        names = [name for name in _SEARCHED if cards_table().column(name)]
        try:
            self._database.execute(
                f'CREATE VIRTUAL TABLE {SEARCH} USING fts5({", ".join(names)}, content="cards",'
                ' tokenize="unicode61 remove_diacritics 2")'
            )
        except sqlite3.OperationalError as error:
            if "no such module" in str(error):
                return False
            raise
        self._database.execute(f"INSERT INTO {SEARCH} ({SEARCH}) VALUES ('rebuild')")  # noqa: S608 - constant
        return True


def _columns(table: Table) -> Iterator[Column]:
    """Yield the columns of a table; those of whole numbers have no other values."""
    for each in table.columns:
        if table.name != "cards" or each.name not in LEFT_OUT:
            yield replace(each, value=_whole(each.value)) if each.type == "INTEGER" else each


def _whole(value_of: Callable[[TableData, Any], object]) -> Callable[[TableData, Any], int | None]:
    """Return a function for only the whole numbers among values: DuckDB reads no table that has others.

    The table ``front_matter`` has the others.
    """

    def whole(data: TableData, row: Any) -> int | None:
        value = value_of(data, row)
        if isinstance(value, float) and value.is_integer():  # SQLite, too, makes 67 of 67.0
            value = sql_number(int(value))
        return value if isinstance(value, int) else None

    return whole


class _OwnColumns:
    """The columns of ``cards`` for the fields that no table of fields has, named as in ``query``.

    A key whose name is a column's already, to SQL whatever its case, gets the prefix ``card.``.
    """

    def __init__(self) -> None:
        self._fields = {each.name for each in card_field().fields}
        self._taken = {each.name.casefold() for each in cards_table().columns} | {*_ROW_IDS}
        self._names: dict[str, str] = {}
        self._new: list[str] = []
        self._without: set[str] = set()

    @property
    def without_column(self) -> int:
        """The number of fields that have no column."""
        return len(self._without)

    def new_names(self) -> list[str]:
        """Return the names of the columns that were not returned before."""
        new, self._new = self._new, []
        return new

    def values(self, card: Card) -> dict[str, object]:
        """Return the values of a card's own fields, by column."""
        keys = [key for key in card.fields if key not in self._fields]
        if not keys:
            return {}
        if card.irregular:
            read = fields_json(card.without_bulk())
            found = {key_text(key): read[key_text(key)] for key in keys}
        else:
            found = {key_text(key): json_value(card.fields[key]) for key in keys}
        named = ((self._name(key), sql_value(value)) for key, value in found.items())
        return {name: value for name, value in named if name}

    def _name(self, key: str) -> str:
        """Return the name of a key's column; empty if there are too many already."""
        if key in self._names:
            return self._names[key]
        if len(self._names) >= MAX_OWN_COLUMNS:
            self._without.add(key)
            return ""
        name = key.replace("\0", "\ufffd")  # SQL has no NUL
        while not name or name.casefold() in self._taken:
            name = f"card.{name}"
        self._taken.add(name.casefold())
        self._new.append(name)
        self._names[key] = name
        return name
