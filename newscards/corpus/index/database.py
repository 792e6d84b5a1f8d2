"""The index of a corpus: an SQLite file in the user's cache folder with its cards as they were last read.

It may be deleted at any time, and never makes a command fail: an index that is damaged, foreign, locked or of
another version is ignored silently, and the cards are read from their files.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import stat
import weakref
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from newscards.cards.related import url_checksums_in
from newscards.corpus.index.encoding import Encoded
from newscards.corpus.index.snapshot import Snapshot
from newscards.corpus.index.topics import TopicIds

if TYPE_CHECKING:
    from sqlite3 import Connection


_BUSY_TIMEOUT = 0.1
"""The number of seconds to wait for another process that has locked the file."""


TAG_NAME, TAG_TEXT = (
    "CACHEDIR.TAG",
    ("Signature: 8a477f597d28d172789f06886806bc55\n# The cache of newscards; it may be deleted.\n"),
)
"""The name and content of the file by which backups recognize a cache folder: https://bford.info/cachedir/."""


def create_file(file: str) -> None:
    """Create an empty file and its cache folder, readable by the user only: the index contains hidden cards.

    The tag is written only into a folder that is created here; an existing one may hold other files, too.
    Raises ``OSError``.
    """
    _create_folder(os.path.dirname(file))
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))


def _create_folder(folder: str) -> None:
    try:
        os.makedirs(folder, mode=0o700)
    except FileExistsError:
        return
    with open(os.path.join(folder, TAG_NAME), "w", encoding="utf-8", newline="\n") as file:
        file.write(TAG_TEXT)


def has_sqlite() -> bool:
    """Return whether Python's module sqlite3 can be imported: a Python may be built without it."""
    try:
        importlib.import_module("sqlite3")
    except ImportError:
        return False
    return True


def errors() -> tuple[type[Exception], ...]:
    """Return the errors of SQLite; the second comes when its message contains a table's damaged name.

    An ``except`` clause calls this only if something was raised, so what uses no index imports no sqlite3.
    """
    import sqlite3

    return sqlite3.Error, UnicodeDecodeError


def connect(file: str) -> Connection:
    """Open a database, or create it; raises ``errors``."""
    import sqlite3

    # The thread that frees an index closes it, which may be any where a program has several.
    connection = sqlite3.connect(file, timeout=_BUSY_TIMEOUT, isolation_level=None, check_same_thread=False)
    connection.text_factory = lambda raw: raw.decode(errors="replace")  # damaged text raises no error
    return connection


def read_meta(connection: Connection) -> dict[str, bytes]:
    """Return the table ``meta`` by name; nothing where there is no such table, as in a new file.

    Nothing, too, where a name stands twice: then its key is damaged, so that SQLite did not replace the row.
    """
    try:
        rows = connection.execute("SELECT name, value, sum FROM meta").fetchall()
    except errors() as error:
        import sqlite3

        if _error_code(error) == sqlite3.SQLITE_ERROR:
            return {}
        raise
    meta = {
        name: value for name, value, checksum in rows if isinstance(value, bytes) and crc32(value) == checksum
    }
    return meta if len({name for name, *_ in rows}) == len(rows) else {}


def is_damage(error: Exception) -> bool:
    """Return whether an error means that the file is unusable for good: to wait or try again is no help.

    Such a file is deleted, and the next run creates it again.
    """
    import sqlite3

    return _error_code(error) in (
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_ERROR,  # a table is missing, or a column
        sqlite3.SQLITE_CONSTRAINT,  # an id is in use that should be free
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_READONLY,  # the file of another user, perhaps, or of another SQLite
    )


def is_busy(error: Exception) -> bool:
    """Return whether an error means that another process has locked the file."""
    import sqlite3

    return _error_code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _error_code(error: Exception) -> int:
    """Return the primary result code of an error (https://sqlite.org/rescode.html); 0 where it has none."""
    if isinstance(error, UnicodeDecodeError):
        import sqlite3

        return sqlite3.SQLITE_CORRUPT
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


_TABLES = (
    "DROP TABLE IF EXISTS meta",
    "DROP TABLE IF EXISTS cards",
    "DROP TABLE IF EXISTS runs",
    "DROP TABLE IF EXISTS findings",
    "DROP TABLE IF EXISTS texts",
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB, sum INTEGER)",
    """CREATE TABLE cards(id INTEGER PRIMARY KEY, hash BLOB, identities BLOB,
    identities_sum INTEGER, brief BLOB, brief_sum INTEGER, full BLOB, full_sum INTEGER)""",
    "CREATE INDEX without_text ON cards(id) WHERE length(brief) = 0",
    "CREATE TABLE runs(id INTEGER PRIMARY KEY, used INTEGER, text BLOB, sum INTEGER)",
    """CREATE TABLE findings(run INTEGER, id INTEGER, text BLOB, sum INTEGER, PRIMARY KEY(run, id))
    WITHOUT ROWID""",
    "CREATE TABLE texts(run INTEGER, form INTEGER, text BLOB, sum INTEGER, UNIQUE(run, form))",
)
_SELECT_IDENTITIES = "SELECT id, identities, identities_sum FROM cards"
_ROWS_PER_STATEMENT = 500
"""The number of rows that a statement reads or writes; some SQLite takes at most 999 values."""


class Index:
    """An open index. ``snapshot`` is the state of the files when it was written; empty without any.

    ``key`` stands for everything that the content depends on besides the cards; an index with another key
    counts as empty. So does one without a ``file``, or whose file is a folder or a link, or in a Python
    without sqlite3.

    The constructor reads the table ``meta``. Other rows are read when they are needed, without a transaction:
    as no id is ever used twice, a row that another process has replaced is missing, and never another card's.
    The first ``add`` or ``write`` begins the only transaction, unless another process has written the file
    since ``meta`` was read; then this one writes nothing. ``finish`` commits, and ``close`` without it rolls
    back. After an error nothing more is written, and ``close`` deletes the file if it is damaged.

    Every value has a checksum, because SQLite does not notice a damaged byte in a value.
    """

    def __init__(self, file: str, key: bytes = b"") -> None:
        self._file, self._key = file, key
        self._connection: Connection | None = None
        self._meta: dict[str, bytes] = {}
        self._stored_meta: dict[str, bytes] = {}
        self._waiting: list[tuple[int, bytes, Encoded]] = []
        self._topics: TopicIds | None = None
        self._next_id = 0
        self._is_writing: bool | None = None  # whether the transaction is open; None before it is tried
        self._is_damaged = False
        self.snapshot = Snapshot.of([], [])
        self._load()
        self._stamp = self._meta.get("stamp")  # of the last write, also of an index with another key
        try:
            if self._meta.get("key") == key and self._meta.keys() >= {"epoch", "next", "topics"}:
                self.snapshot = Snapshot.decode(*(self._meta[name] for name in ("names", "states", "ids")))
                return
        except (LookupError, ValueError):
            pass
        self._meta = {}

    @property
    def has_file(self) -> bool:
        """Whether there is an index at all; without a file, nothing is stored."""
        return bool(self._file)

    def texts(self, ids: Sequence[int], *, full: bool = False) -> dict[int, bytes]:
        """Return the brief or ``full`` texts of cards by id, without missing and damaged ones."""
        query = "SELECT id, full, full_sum FROM cards" if full else "SELECT id, brief, brief_sum FROM cards"
        return dict(self._undamaged(self._rows(query, ids)))

    @property
    def topics(self) -> TopicIds:
        """The ids of cards by topic, those of added cards included."""
        if self._topics is None:
            self._topics = TopicIds(self._meta.get("topics", b""))
        return self._topics

    def hashes(self, ids: Sequence[int]) -> dict[int, bytes]:
        """Return the hashes of cards' files by id, without missing ones."""
        return {
            key: value
            for key, value in self._rows("SELECT id, hash FROM cards", ids)
            if isinstance(value, bytes)
        }

    def ids_without_text(self) -> set[int]:
        """Return the ids of cards without text (``encoding.Encoded``), whose files are read each time."""
        return {each for (each,) in self.read("SELECT id FROM cards WHERE length(brief) = 0")}

    def with_urls(self, checksums: Set[int], ids: Iterable[int]) -> set[int]:
        """Return those ``ids`` whose cards may have or name one of some URLs, given by their checksums."""
        rows = self._undamaged(self.read(_SELECT_IDENTITIES))
        return {*ids} - {
            each for each, identities in rows if checksums.isdisjoint(url_checksums_in(identities))
        }

    def identities(self, ids: Sequence[int]) -> dict[int, bytes]:
        """Return the identities of cards (``Encoded.identities``) by id, without missing and damaged ones."""
        return dict(self._undamaged(self._rows(_SELECT_IDENTITIES, ids)))

    def read(self, query: str, *values: int) -> Sequence[tuple[Any, ...]]:
        """Return the rows of a query; none without an index, or where it cannot be read."""
        try:
            if self._connection and self._meta:
                return self._connection.execute(query, values).fetchall()
        except errors() as error:
            self._stop_writing(error)
            self.close()
        return ()

    def write(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Execute a statement for each row, if the index can be written; ``finish`` commits it."""
        if self._can_write() and self._connection:
            try:
                self._connection.executemany(statement, rows)
            except errors() as error:  # the disk is full, perhaps
                self._stop_writing(error)

    def checksum(self, identifier: int, text: bytes) -> int:
        """Return the checksum of a text under its id, which holds only in these tables; 0 without any."""
        return crc32(text, int.from_bytes(self._meta["epoch"]) ^ identifier) if self._meta else 0

    def delete(self) -> None:
        """Delete an index whose rows contradict each other, and close it; do nothing if it is closed."""
        if self._connection:
            self._is_writing, self._is_damaged = False, True
            self.close()

    def add(self, hash_: bytes, text: Encoded) -> int:
        """Add a card with the hash of its file; return its id, or 0 if the index cannot be written."""
        if not self._can_write():
            return 0
        identifier, self._next_id = self._next_id, self._next_id + 1
        self._waiting.append((identifier, hash_, text))
        self.topics.add(identifier, text.topics)
        if len(self._waiting) >= _ROWS_PER_STATEMENT:
            self._write_waiting()
        return identifier

    def finish(self, snapshot: Snapshot) -> None:
        """Store the snapshot, delete the cards that are not in it, commit, and close the index."""
        if self.has_file and snapshot != self.snapshot and self._can_write():
            self._write_waiting()
        if self._is_writing and self._connection:
            if removed_ids := set(self.snapshot.ids) - set(snapshot.ids):
                self.topics.forget(removed_ids)
            names, states, ids = snapshot.encode()
            self._meta |= {"stamp": os.urandom(8), "next": b"%d" % self._next_id}
            self._meta |= {"names": names, "states": states, "ids": ids, "topics": self.topics.encode()}
            changed = self._meta.items() - self._stored_meta.items()  # rarely the names, the longest value
            rows = [(name, value, crc32(value)) for name, value in changed]
            try:
                self._connection.executemany(
                    "DELETE FROM cards WHERE id = ?", [(each,) for each in removed_ids]
                )
                self._connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?, ?)", rows)
                self._connection.execute("COMMIT")
            except errors() as error:
                self._stop_writing(error)
        self.close()

    def close(self) -> None:
        """Close the file; roll back what ``finish`` did not commit, and delete a damaged file."""
        if self._connection:
            with contextlib.suppress(*errors()):
                self._connection.close()
        self._connection = None
        for ending in ("-journal", "") if self._is_damaged else ():
            with contextlib.suppress(OSError):
                os.unlink(self._file + ending)
        self._is_damaged = False

    def _connect(self) -> Connection:
        """Open the file; it is closed again when the index is not used any more, as after an error."""
        connection = connect(self._file)
        weakref.finalize(self, connection.close).atexit = False
        return connection

    def _load(self) -> None:
        """Open the file and read ``meta``, if there is a file."""
        try:
            if self._file and not has_sqlite():
                self._file = ""
            if self._file and not stat.S_ISREG(os.lstat(self._file).st_mode):
                self._file = ""  # a folder, or a link to an unknown file
            if self._file:
                self._connection = self._connect()
                self._meta = read_meta(self._connection)
        except errors() as error:
            self._stop_writing(error)
            if self._is_damaged:
                self.close()
                self._is_writing = None  # the file was deleted, and a new one may be written
        except (OSError, ValueError):
            pass

    def _rows(self, query: str, ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
        """Yield the rows that have one of ``ids``; the first column of the query is the id."""
        for start in range(0, len(ids), _ROWS_PER_STATEMENT):
            batch = ids[start : start + _ROWS_PER_STATEMENT]
            first, last = min(batch), max(batch)
            if first and last - first < 2 * len(batch):  # nearly contiguous, as most are: a range is faster
                rows = self.read(f"{query} WHERE id BETWEEN ? AND ?", first, last)
            else:
                rows = self.read(f"{query} WHERE id IN ({', '.join('?' * len(batch))})", *batch)
            requested = {*batch}  # the range may contain other ids
            yield from (row for row in rows if row[0] in requested)

    def _undamaged(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, bytes]]:
        """Yield id and text of the rows (id, text, checksum) whose checksum is right."""
        return (
            (each, text)
            for each, text, checksum in rows
            if isinstance(text, bytes) and self.checksum(each, text) == checksum
        )

    def _can_write(self) -> bool:
        """Return whether rows can be written; the first call begins the transaction."""
        if not self._file:
            return False
        if self._is_writing is None:
            self._is_writing = False
            try:
                self._is_writing = self._begin_transaction()
            except errors() as error:
                self._stop_writing(error)
            except (OSError, ValueError):
                pass
        return self._is_writing

    def _begin_transaction(self) -> bool:
        """Lock the file for writing, and create the tables unless they are valid.

        Return whether this process may write. It may not if another one has written since ``meta`` was read
        here, and either our snapshot is from before that (new ids may be the same as ours) or the file has
        our key now (it is up to date). A file with another key is overwritten.
        """
        if self._connection is None:
            create_file(self._file)
            self._connection = self._connect()
        self._connection.execute("PRAGMA synchronous = OFF")  # a cache need not survive a power cut
        self._connection.execute("BEGIN IMMEDIATE")
        now = read_meta(self._connection)
        if now.get("stamp") != self._stamp and (self._meta or now.get("key") == self._key):
            self._connection.rollback()
            return False
        self._stored_meta = now if self._meta else {}
        if not self._meta:
            for statement in _TABLES:
                self._connection.execute(statement)
            self._meta = {"key": self._key, "epoch": os.urandom(4), "next": b"1"}
        self._next_id = int(self._meta["next"])
        return True

    def _write_waiting(self) -> None:
        """Write the rows of added cards."""
        rows: list[tuple[Any, ...]] = []
        for identifier, hash_, encoded in self._waiting:
            texts = (
                (text, self.checksum(identifier, text))
                for text in (encoded.identities, encoded.brief, encoded.full)
            )
            rows.append((identifier, hash_, *chain.from_iterable(texts)))
        self._waiting = []
        self.write("INSERT INTO cards VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def _stop_writing(self, error: Exception) -> None:
        """Roll back and write no more, because of an error; the file may still be read."""
        self._is_writing = False
        self._is_damaged = self._is_damaged or is_damage(error)
        if self._connection:
            with contextlib.suppress(*errors()):
                self._connection.rollback()


class IndexInfo(NamedTuple):
    """The key of an index and the number of its cards; neither where it is ``busy`` (locked) or damaged."""

    key: bytes = b""
    cards: int = 0
    busy: bool = False


def index_info(file: str) -> IndexInfo:
    """Return the key and the number of cards of the index in a file."""
    if not has_sqlite():
        return IndexInfo()
    try:
        with contextlib.closing(connect(file)) as connection:
            meta = read_meta(connection)
            ids = Snapshot.decode(meta["names"], meta["states"], meta["ids"]).ids
            return IndexInfo(meta["key"], len(ids) - ids.count(0))
    except errors() as error:
        return IndexInfo(busy=is_busy(error))
    except (OSError, LookupError, ValueError):
        return IndexInfo()
