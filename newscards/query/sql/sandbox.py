"""An SQLite database in which a query can do nothing but read the tables that are there, for a limited time.

It is a database of its own, in memory, and on the disk in a file without a name where it is large
(https://sqlite.org/inmemorydb.html, "Temporary On-disk Databases"). What keeps a query inside:
the authorizer, which allows SELECT of our tables and nothing else (https://sqlite.org/c3ref/set_authorizer.html);
``query_only``; bounds of time, memory and size (https://sqlite.org/security.html); and a watchdog.

The watchdog ends a query that stays within a single function of SQLite. SQLite looks at the clock between
its steps alone, and as long as it runs Python handles no signal. So a thread looks on: where the time is
over, or a signal came, and SQLite does not come back, it ends the process. A query changes nothing, so
nothing is lost by that.
"""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Any

GRACE = 1.0
"""How many seconds SQLite has to come back by itself, once it should."""
_GLANCE = 0.25
_LATE = 2


class Watchdog:
    """Looks on while the block runs; ``until`` is when what runs must be back, ``None`` where nothing runs.

    ``last_words`` are written to standard error where the time is over and the process is ended, with exit
    code 2; after a signal it is that of a process which the signal ended.
    """

    def __init__(self, last_words: str, end: Callable[[int], object] = os._exit) -> None:
        self.until: float | None = None
        self._last_words, self._end = last_words, end
        self._here, self._there = socket.socketpair()
        self._there.setblocking(False)
        self._before = -1
        self._is_set = False
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Watchdog:
        try:  # Python writes the number of each signal there, at once
            self._before = signal.set_wakeup_fd(self._there.fileno(), warn_on_full_buffer=False)
            self._is_set = True
        except ValueError:  # only the main thread may
            pass
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.until = None
        if self._is_set:
            signal.set_wakeup_fd(self._before)
        self._there.close()
        self._thread.join()
        self._here.close()

    def _watch(self) -> None:
        self._here.settimeout(_GLANCE)
        number, since = 0, 0.0
        while True:
            try:
                received = self._here.recv(64)
                if not received:
                    return
                number, since = received[0], time.monotonic()
            except TimeoutError:
                pass
            until, now = self.until, time.monotonic()
            if until is None:
                number = 0
            elif number and now > since + GRACE:
                self._end(128 + number)
            elif now > until + GRACE:
                os.write(2, self._last_words.encode())
                self._end(_LATE)


LONGEST_VALUE = 10_000_000
"""How many bytes a value, or a row, may have."""
_MEMORY = 256 << 20
"""How many bytes SQLite may take at a time; its own limit, and so that of the whole process."""
_CACHE_KIB = 64 << 10
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: LONGEST_VALUE,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 1_000,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
_STEPS = 5_000
"""After how many steps of SQLite's machine there is a look at the clock: well under a millisecond."""
_AT_ONCE, _LARGE = 256, 1_000_000
"""How many rows are taken at a time, as long as those before had fewer characters than the latter."""
_FORBIDDEN = frozenset({"load_extension", "fts3_tokenizer"})
_OTHER_TABLES = frozenset({"json_each", "json_tree"})


class OutOfTimeError(Exception):
    """A query took longer than it may."""


class Sandbox:
    """A database of our tables, in which queries are tried before it is filled, and then run."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("", isolation_level=None)
        for category, limit in _LIMITS.items():
            self._base.setlimit(category, limit)
        # What a query sorts and gathers is in the memory, so that its bound is that of the disk, too.
        for pragma in (f"hard_heap_limit = {_MEMORY}", f"cache_size = -{_CACHE_KIB}", "trusted_schema = OFF",
                       "synchronous = OFF", "journal_mode = OFF",
                       "temp_store = MEMORY"):  # fmt: skip
            self._base.execute(f"PRAGMA {pragma}")
        with suppress(sqlite3.Error):  # afterwards there is nothing more to be declared for them
            self._base.execute("SELECT 1 FROM json_each('[]'), json_tree('[]')").fetchall()
        self._tables: set[str] = set()
        self.read: defaultdict[str, set[str]] = defaultdict(set)
        """The columns that queries read that were tried, by table; and the functions called, under ``()``."""
        self._left, self._until, self._is_late, self._is_interrupted = 0.0, 0.0, False, False
        self._watchdog: Watchdog | None = None

    def close(self) -> None:
        """Give all that the database takes back; nothing more can be asked of it."""
        self._base.close()

    def make_table(self, name: str, columns: Iterable[tuple[str, str]]) -> None:
        """Make a table of columns with types."""
        described = ", ".join(f"{quoted(column)} {type_}" for column, type_ in columns)
        self._base.execute(f"CREATE TABLE {quoted(name)} ({described})")
        self._tables.add(name)

    def add_column(self, table: str, name: str) -> None:
        """Add a column without a type to a table."""
        self._base.set_authorizer(None)
        self._base.execute(f"ALTER TABLE {quoted(table)} ADD COLUMN {quoted(name)}")

    def make_function(self, name: str, arguments: int, function: Callable[..., int | None]) -> None:
        """Make a function that always says the same of the same; in place of one of that name, if any."""

        def called(*values: object) -> int | None:
            try:
                return function(*values)
            except KeyboardInterrupt:  # to SQLite it is an error like any other
                self._is_interrupted = True
                raise

        self._base.create_function(name, arguments, called, deterministic=True)

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Put rows of some columns into a table; raises ``sqlite3.Error``."""
        self._base.set_authorizer(None)
        names, marks = ", ".join(map(quoted, columns)), ", ".join("?" * len(columns))
        self._base.execute("BEGIN")
        self._base.executemany(f"INSERT INTO {quoted(table)} ({names}) VALUES ({marks})", rows)  # noqa: S608 - all quoted
        self._base.execute("COMMIT")

    def make_index(self, table: str, column: str) -> None:
        """Make it fast to find rows of a table by a column."""
        name = quoted(f"{table} by {column}")
        self._base.execute(f"CREATE INDEX {name} ON {quoted(table)} ({quoted(column)})")

    def functions(self) -> set[str]:
        """Return the names of the functions that SQLite has."""
        self._base.set_authorizer(None)
        return {name for name, *_ in self._base.execute("PRAGMA function_list") if name not in _FORBIDDEN}

    def attempt(self, sql: str) -> None:
        """Have a query compiled, and note what it reads; raises ``sqlite3.Error`` and ``MemoryError``."""
        self._base.set_authorizer(self._authorize)
        self._base.execute(f"EXPLAIN {sql}").close()

    def run(self, sql: str, timeout: float) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
        """Run a query; return the names of its columns, and its rows as they come.

        Raises, as the rows do, ``sqlite3.Error``, ``MemoryError``, and ``OutOfTimeError`` where it takes more
        seconds than ``timeout``; ``KeyboardInterrupt`` on Ctrl-C.
        """
        self._base.set_authorizer(None)
        self._base.execute("PRAGMA query_only = ON")
        self._base.set_authorizer(self._authorize)
        self._base.set_progress_handler(self._check_time, _STEPS)
        self._left = timeout
        cursor = self._base.cursor()
        rows = self._run(cursor, sql, timeout)
        next(rows)  # so far that there are columns
        return [name for name, *_ in cursor.description or ()], rows

    def _run(self, cursor: sqlite3.Cursor, sql: str, timeout: float) -> Iterator[tuple[Any, ...]]:
        """Run a query; yield nothing of it once, then its rows."""
        late = f"error: the query was ended after {timeout:g} seconds\nhint: ask for less\n"
        try:
            with Watchdog(late) as self._watchdog:
                self._timed(lambda: cursor.execute(sql))
                yield ()
                count = 1
                while rows := self._timed(partial(cursor.fetchmany, count)):
                    yield from rows
                    texts = (value for row in rows for value in row if isinstance(value, (str, bytes)))
                    count = min(2 * count, _AT_ONCE) if sum(map(len, texts)) < _LARGE else 1
        finally:
            self.close()

    def _timed(self, work: Callable[[], Any]) -> Any:
        """Do some work, whose time counts; that of who takes the rows does not."""
        begun = time.monotonic()
        self._until = begun + self._left
        if self._watchdog:
            self._watchdog.until = self._until
        try:
            return work()
        except sqlite3.OperationalError as error:
            if self._is_late:
                raise OutOfTimeError from error
            if self._is_interrupted or str(error) == "interrupted":  # what Python raised within is lost
                raise KeyboardInterrupt from error
            raise
        finally:
            if self._watchdog:
                self._watchdog.until = None
            self._left -= time.monotonic() - begun

    def _check_time(self) -> bool:
        self._is_late = time.monotonic() > self._until
        return self._is_late

    def _authorize(
        self, action: int, first: str | None, second: str | None, base: str | None, _: object
    ) -> int:
        """Say whether SQL may do something (``first`` and ``second`` are its objects); note what it reads."""
        allowed = False
        if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE):
            allowed = True
        elif action == sqlite3.SQLITE_FUNCTION:
            name = (second or "").casefold()
            self.read["()"].add(name)
            allowed = name not in _FORBIDDEN
        elif action == sqlite3.SQLITE_READ:
            name = (first or "").casefold()
            if name in self._tables:
                self.read[name].add((second or "").casefold())
            # Without a database it is the result of a part of the query itself.
            is_ours = name in self._tables or name in _OTHER_TABLES
            allowed = is_ours if base == "main" else base is None and not name.startswith("sqlite_")
        return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def quoted(name: str) -> str:
    """Return a name as SQL has it, whatever it is."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
