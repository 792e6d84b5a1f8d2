"""An SQLite database in which a query can only read our tables, and only for a limited time.

The database is temporary: in memory, and in an unnamed file when it is large
(https://sqlite.org/inmemorydb.html, "Temporary On-disk Databases"). Four things confine a query:

- the authorizer, which allows only SELECT of our tables (https://sqlite.org/c3ref/set_authorizer.html);
- ``PRAGMA query_only``;
- limits of time, memory and size (https://sqlite.org/security.html);
- a watchdog thread, because SQLite checks the clock only between its steps, and Python handles no signal
  while SQLite runs. If a single function of SQLite outlasts the time limit or a signal, the thread ends the
  process. Nothing is lost, because a query changes nothing. A query runs without it where the system has
  no thread left.
"""

from __future__ import annotations

import math
import os
import signal
import socket
import threading
import time
import weakref
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from types import TracebackType
from typing import Any, TypeVar

from newscards.query.sqlite import sqlite3

T = TypeVar("T")

GRACE_SECONDS = 1.0
"""How many seconds SQLite has to return by itself after the time limit or a signal."""
TIMEOUT_HINT = "ask for less, or set a longer --timeout in `newscards query`"
_POLL_SECONDS = 0.25
_TIMEOUT_EXIT_CODE = 2


class Watchdog:
    """A context manager whose thread ends the process if SQLite does not return in time.

    ``deadline`` is when the current work must return (``time.monotonic``), or ``None`` while SQLite is not
    working. After the deadline, ``timeout_message`` goes to standard error and the exit code is 2; after a
    signal the exit code is 128 plus its number.
    """

    def __init__(self, timeout_message: str, end: Callable[[int], object] = os._exit) -> None:
        self.deadline: float | None = None
        self._timeout_message, self._end = timeout_message, end
        self._reader, self._writer = socket.socketpair()
        self._writer.setblocking(False)
        self._former_fd = -1
        self._handles_signals = False
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Watchdog:
        try:
            self._thread.start()
        except RuntimeError:  # see RLIMIT_NPROC in setrlimit(2)
            return self
        try:  # Python writes each signal's number to the socket at once
            self._former_fd = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
            self._handles_signals = True
        except ValueError:  # not in the main thread: signals are not watched
            pass
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.deadline = None
        if self._handles_signals:
            signal.set_wakeup_fd(self._former_fd)
        self._writer.close()
        if self._thread.ident is not None:  # it was started
            self._thread.join()
        self._reader.close()

    def _watch(self) -> None:
        self._reader.settimeout(_POLL_SECONDS)
        signal_number, received_at = 0, 0.0
        while True:
            try:
                received = self._reader.recv(64)
                if not received:
                    return
                signal_number, received_at = received[0], time.monotonic()
            except TimeoutError:
                pass
            deadline, now = self.deadline, time.monotonic()
            if deadline is None:
                signal_number = 0
            elif signal_number and now > received_at + GRACE_SECONDS:
                self._end(128 + signal_number)
            elif now > deadline + GRACE_SECONDS:
                os.write(2, self._timeout_message.encode())
                self._end(_TIMEOUT_EXIT_CODE)


MAX_BYTES = 10_000_000
"""The size limit of a value, and of a row, in bytes; in characters of a row of the result."""
ROW_TOO_BIG = "row too big"
"""The message of the ``sqlite3.DataError`` for a larger row of the result; SQLite limits all others."""
_MAX_FETCHED_BYTES = 50_000_000
"""The size limit of a row of the result while Python makes objects of it, before it can be measured.

Each value may have its share. It leaves a megabyte, as much as a card may have, to each of fifty columns.
"""
_MAX_MEMORY = 256 << 20
"""The memory limit of SQLite in bytes; SQLite applies it to the whole process."""
_CACHE_KIB = 64 << 10
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: MAX_BYTES,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 1_000,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
_STEPS_PER_CHECK = 5_000
"""How many steps SQLite's virtual machine makes between checks of the time: well under a millisecond."""
_MAX_ROWS_PER_FETCH, _MAX_CHARACTERS_PER_FETCH = 256, 1_000_000
"""The number of rows fetched at a time, doubled up to the first number.

It is smaller if the rows have as many characters as the second.
"""
_FORBIDDEN_FUNCTIONS = frozenset({"load_extension", "fts3_tokenizer"})
_SCALAR = "s"
"""SQLite's kind of a function that is no aggregate."""
_OTHER_TABLES = frozenset({"json_each", "json_tree"})


@contextmanager
def _recorded_signals() -> Iterator[list[int]]:
    """Yield a list of the signals that arrive in the block, and call their handlers at its end.

    SQLite does not pass on the exception that a handler raises in a callback. Only the main thread handles
    signals.
    """
    received: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield received
        return
    found = [(number, signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGTERM)]
    handlers = [(number, handler) for number, handler in found if callable(handler)]
    try:
        for ending, _ in handlers:
            signal.signal(ending, lambda number, frame: received.append(number))
        yield received
    finally:
        for ending, handler in handlers:
            signal.signal(ending, handler)
        for number in received:
            signal.raise_signal(number)


class OutOfTimeError(Exception):
    """The error for a query that exceeded its time limit."""


class Timer:
    """A time limit in seconds of all blocks ``with timer:``; the time between them does not count."""

    def __init__(self, seconds: float) -> None:
        self.seconds = self._left = seconds
        self.deadline = math.inf

    def __enter__(self) -> None:
        self.deadline = time.monotonic() + self._left

    def __exit__(self, *error: object) -> None:
        self._left = self.deadline - time.monotonic()
        self.deadline = math.inf

    @property
    def is_over(self) -> bool:
        """Whether the block has taken too long."""
        return time.monotonic() > self.deadline

    def timed(self, items: Iterator[T]) -> Iterator[T]:
        """Yield items, and count the time in which each is made."""
        while True:
            with self:
                try:
                    item = next(items)
                except StopIteration:
                    return
            yield item

    def limited(self, items: Iterable[T]) -> Iterator[T]:
        """Yield items; raise ``OutOfTimeError`` after the deadline, if they are asked for in a block."""
        for item in items:
            if self.is_over:
                raise OutOfTimeError
            yield item


class Sandbox:
    """A database of our tables; queries are compiled before it is filled, and run afterwards."""

    def __init__(self) -> None:
        # The thread that frees the sandbox closes it, which may be any where a program has several.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self.close = weakref.finalize(self, self._database.close)
        """Close the database and free its memory, which a sandbox that is not used any more does, too."""
        for category, limit in _LIMITS.items():
            self._database.setlimit(category, limit)
        # Sorting and grouping stay in memory, so the memory limit also limits what goes to the disk.
        for pragma in (f"hard_heap_limit = {_MAX_MEMORY}", f"cache_size = -{_CACHE_KIB}",
                       "trusted_schema = OFF", "synchronous = OFF", "journal_mode = OFF",
                       "temp_store = MEMORY"):  # fmt: skip
            self._database.execute(f"PRAGMA {pragma}")
        with suppress(sqlite3.Error):  # declares their columns now: the authorizer would refuse it later
            self._database.execute("SELECT 1 FROM json_each('[]'), json_tree('[]')").fetchall()
        self._tables: set[str] = set()
        self.columns_read: defaultdict[str, set[str]] = defaultdict(set)
        """The columns that the compiled queries read, by table, and the functions they call, under ``()``."""
        self._columns = 1
        self._is_late = False
        self._signals: list[int] = []
        self._watchdog: Watchdog | None = None

    def make_table(self, name: str, columns: Iterable[tuple[str, str]]) -> None:
        """Create a table of columns, which are pairs of name and type."""
        definitions = ", ".join(f"{quoted(column)} {type_}" for column, type_ in columns)
        self._database.execute(f"CREATE TABLE {quoted(name)} ({definitions})")
        self._tables.add(name)

    def add_column(self, table: str, name: str) -> None:
        """Add a column without a type to a table."""
        self._database.execute(f"ALTER TABLE {quoted(table)} ADD COLUMN {quoted(name)}")

    def make_function(self, name: str, arguments: int, function: Callable[..., int | None]) -> None:
        """Create or replace a deterministic SQL function."""
        self._database.create_function(name, arguments, function, deterministic=True)

    @property
    def max_value_bytes(self) -> int:
        """The size limit of a value of the result of the compiled query, in bytes."""
        return min(MAX_BYTES, _MAX_FETCHED_BYTES // self._columns)

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Replace the rows of a table by others, with values in these columns; raises ``sqlite3.Error``."""
        self._database.set_authorizer(None)
        self._database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_BYTES)
        self._database.execute("PRAGMA query_only = OFF")
        names, marks = ", ".join(map(quoted, columns)), ", ".join("?" * len(columns))
        self._database.execute("BEGIN")
        self._database.execute(f"DELETE FROM {quoted(table)}")  # noqa: S608 - quoted
        self._database.executemany(f"INSERT INTO {quoted(table)} ({names}) VALUES ({marks})", rows)  # noqa: S608 - all quoted
        self._database.execute("COMMIT")

    def make_index(self, table: str, column: str) -> None:
        """Create an index on a column of a table."""
        name = quoted(f"{table} by {column}")
        self._database.execute(f"CREATE INDEX {name} ON {quoted(table)} ({quoted(column)})")

    def functions(self) -> set[str]:
        """Return the names of SQLite's functions, without the forbidden ones."""
        return {name for name, _ in self._functions() if name not in _FORBIDDEN_FUNCTIONS}

    @property
    def calls_aggregates(self) -> bool:
        """Whether a compiled query calls a function that may be an aggregate, as ``max`` may be."""
        aggregates = {name for name, kind in self._functions() if kind != _SCALAR}
        return not aggregates.isdisjoint(self.columns_read["()"])

    def _functions(self) -> Iterator[tuple[str, str]]:
        """Yield the names and kinds of functions (https://sqlite.org/pragma.html#pragma_function_list)."""
        self._database.set_authorizer(None)
        for name, _, kind, *_ in self._database.execute("PRAGMA function_list"):
            yield name, kind

    def compile(self, sql: str) -> None:
        """Compile a query without running it, and add what it reads to ``columns_read``.

        Raises ``sqlite3.Error`` and ``MemoryError``.
        """
        self._database.set_authorizer(self._authorize)
        try:
            # https://sqlite.org/opcode.html: address, name, P1, P2
            steps = self._database.execute(f"EXPLAIN {sql}")
            self._columns = max(
                (columns for _, name, _, columns, *_ in steps if name == "ResultRow"), default=1
            )
        finally:
            self._database.set_authorizer(None)  # which also forgets this object

    def result_columns(self, sql: str) -> list[str]:
        """Return the names of the columns of a compiled query's result, without running it.

        A view has them, too. A temporary one may call all functions (``trusted_schema``).
        """
        self._database.set_authorizer(None)
        self._database.execute(f"CREATE TEMP VIEW result AS {sql}")
        try:
            return [name for _, name, *_ in self._database.execute("PRAGMA temp.table_info(result)")]
        finally:
            self._database.execute("DROP VIEW temp.result")

    def run(
        self, sql: str, timer: Timer, timeout_message: str = ""
    ) -> tuple[list[str], Iterator[list[tuple[Any, ...]]]]:
        """Run a query; return the names of its columns, and an iterator over its rows, some at a time.

        ``timeout_message`` is what the watchdog writes before it ends the process. This method and the
        iterator are called in blocks of ``timer``. They raise ``sqlite3.Error``, ``MemoryError``,
        ``OutOfTimeError``, and what the handler of a signal raises.
        """
        self._database.set_authorizer(None)  # it may still be set from another query
        self._database.execute("PRAGMA query_only = ON")
        self._database.set_authorizer(self._authorize)
        self._database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, self.max_value_bytes)
        self._database.set_progress_handler(partial(self._must_stop, timer), _STEPS_PER_CHECK)
        cursor = self._database.cursor()
        late = timeout_message or f"the query was ended after {timer.seconds:g} seconds\nhint: {TIMEOUT_HINT}"
        rows = self._run(cursor, sql, timer, f"error: {late}\n")
        next(rows)  # runs until the columns are known
        return [name for name, *_ in cursor.description or ()], rows

    def _run(
        self, cursor: sqlite3.Cursor, sql: str, timer: Timer, late: str
    ) -> Iterator[list[tuple[Any, ...]]]:
        """Run a query; yield an empty list once the columns are known, then the rows."""
        with Watchdog(late) as self._watchdog:
            self._watched(timer, lambda: cursor.execute(sql))
            yield []
            count = 1
            while rows := self._watched(timer, partial(_fetch, cursor, count)):
                yield rows
                count = min(2 * count, _MAX_ROWS_PER_FETCH)

    def _watched(self, timer: Timer, work: Callable[[], T]) -> T:
        """Do some work of SQLite against the time limit."""
        if self._watchdog:
            self._watchdog.deadline = timer.deadline
        try:
            with _recorded_signals() as self._signals:
                return work()
        except sqlite3.OperationalError as error:
            if self._is_late:
                raise OutOfTimeError from error
            raise
        finally:
            if self._watchdog:
                self._watchdog.deadline = None

    def _must_stop(self, timer: Timer) -> bool:
        self._is_late = timer.is_over
        return self._is_late or bool(self._signals)

    def _authorize(
        self, action: int, first: str | None, second: str | None, base: str | None, _: object
    ) -> int:
        """Return SQLite's code for allowing or denying an action, and record what it reads.

        ``first`` and ``second`` depend on the action (https://sqlite.org/c3ref/c_alter_table.html).
        """
        allowed = False
        if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE):
            allowed = True
        elif action == sqlite3.SQLITE_FUNCTION:
            name = (second or "").casefold()
            self.columns_read["()"].add(name)
            allowed = name not in _FORBIDDEN_FUNCTIONS
        elif action == sqlite3.SQLITE_READ:
            name = (first or "").casefold()
            if name in self._tables:
                self.columns_read[name].add((second or "").casefold())
            # Without a database the table is a subquery or a common table expression.
            is_ours = name in self._tables or name in _OTHER_TABLES
            allowed = is_ours if base == "main" else base is None and not name.startswith("sqlite_")
        return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _fetch(cursor: sqlite3.Cursor, count: int) -> list[tuple[Any, ...]]:
    """Return the next ``count`` rows, or fewer if they are large: at least one, unless there are no more."""
    rows, total = list[tuple[Any, ...]](), 0
    for row in cursor:
        size = sum([len(value) for value in row if isinstance(value, (str, bytes))])
        if size > MAX_BYTES:
            raise sqlite3.DataError(ROW_TOO_BIG)
        rows.append(row)
        total += size
        if len(rows) == count or total >= _MAX_CHARACTERS_PER_FETCH:
            break
    return rows


def quoted(name: str) -> str:
    """Return any text as a quoted SQL name."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
