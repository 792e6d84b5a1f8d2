"""The index of a corpus: an SQLite file in the user's cache folder, of what its cards said when last read.

It may be deleted at any time, and is never a reason to fail: what is damaged, foreign, locked or of another
version is set aside without a word, and the cards are read.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
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


_PATIENCE = 0.1
"""How many seconds another process is waited for that has the file locked."""
ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite raises; the second where its message names a table whose name is damaged."""
_DAMAGE = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_ERROR,  # a table is missing, or a column
    sqlite3.SQLITE_CONSTRAINT,  # an id is used that should not be
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_READONLY,  # of another user, perhaps, or of another SQLite
}


MARK, MARKED = (
    "CACHEDIR.TAG",
    ("Signature: 8a477f597d28d172789f06886806bc55\n# The cache of newscards; it may be deleted.\n"),
)
"""The file that marks a cache folder, so that backups leave it out: https://bford.info/cachedir/."""


def make(file: str) -> None:
    """Make an empty file in the cache folder, both for their user alone: they tell of hidden cards.

    The folder is marked where it is made here: another may hold other things than a cache.
    Raises ``OSError``.
    """
    _make_folder(os.path.dirname(file))
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))


def _make_folder(folder: str) -> None:
    try:
        os.makedirs(folder, mode=0o700)
    except FileExistsError:
        return
    with open(os.path.join(folder, MARK), "w", encoding="utf-8", newline="\n") as file:
        file.write(MARKED)


def connect(file: str) -> sqlite3.Connection:
    """Return a file opened, or made; raises ``ERRORS``."""
    base = sqlite3.connect(file, timeout=_PATIENCE, isolation_level=None)
    base.text_factory = lambda raw: raw.decode(errors="replace")  # of damaged text it would complain
    return base


def read_meta(base: sqlite3.Connection) -> dict[str, bytes]:
    """Return what an index says of itself; nothing where it has no such table, as one that is being made.

    Nothing, too, where it says something twice: what was to be replaced was not found, for it is damaged.
    """
    try:
        rows = base.execute("SELECT name, value, sum FROM meta").fetchall()
    except ERRORS as error:
        if _code(error) == sqlite3.SQLITE_ERROR:
            return {}
        raise
    found = {name: value for name, value, total in rows if isinstance(value, bytes) and crc32(value) == total}
    return found if len({name for name, *_ in rows}) == len(rows) else {}


def is_damage(error: Exception) -> bool:
    """Tell whether it is an error of which a file is not rid by itself.

    It is deleted then, and the next run makes it anew.
    """
    return _code(error) in _DAMAGE


def is_busy(error: Exception) -> bool:
    """Tell whether it is the error of a file that another process has locked."""
    return _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _code(error: Exception) -> int:
    """Return what kind of error it is, as SQLite counts them: https://sqlite.org/rescode.html."""
    if isinstance(error, UnicodeDecodeError):
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
    "CREATE INDEX odd ON cards(id) WHERE length(brief) = 0",
    "CREATE TABLE runs(id INTEGER PRIMARY KEY, used INTEGER, text BLOB, sum INTEGER)",
    """CREATE TABLE findings(run INTEGER, id INTEGER, text BLOB, sum INTEGER, PRIMARY KEY(run, id))
    WITHOUT ROWID""",
    "CREATE TABLE texts(run INTEGER, form INTEGER, text BLOB, sum INTEGER, UNIQUE(run, form))",
)
_IDENTITIES = "SELECT id, identities, identities_sum FROM cards"
_AT_ONCE = 500
"""How many rows are read or written with one statement: some SQLite takes no more than 999 values."""


class Index:
    """An index, opened. ``snapshot`` is of the files as they were when it was written; empty without any.

    Without a ``file``, or where that is a folder, all is as if it were empty. ``key`` stands for all that the
    content depends on besides the cards: with another key it counts as empty.
    Ids are never used twice, so that what another process changes meanwhile is missed and not mistaken.
    Every value has a checksum, for SQLite does not see that a byte of a text is damaged.
    """

    def __init__(self, file: str, key: bytes = b"") -> None:
        self._file, self._key = file, key
        self._base: Connection | None = None
        self._meta: dict[str, bytes] = {}
        self._written: dict[str, bytes] = {}
        self._waiting: list[tuple[int, bytes, Encoded]] = []
        self._topics: TopicIds | None = None
        self._next = 0
        self._writing: bool | None = None  # whether rows can be written; not known before it is tried
        self._damaged = False
        self.snapshot = Snapshot.of([], [])
        self._open()
        self._stamp = self._meta.get("stamp")
        try:
            if self._meta.get("key") == key and self._meta.keys() >= {"epoch", "next", "topics"}:
                self.snapshot = Snapshot.decode(*(self._meta[name] for name in ("names", "states", "ids")))
                return
        except (LookupError, ValueError):
            pass
        self._meta = {}

    @property
    def keeps(self) -> bool:
        """Whether there is an index at all: one without a file keeps nothing."""
        return bool(self._file)

    def texts(self, ids: Sequence[int], *, full: bool = False) -> dict[int, bytes]:
        """Return the texts of cards by id, in brief or ``full``, of those that are there and sound."""
        query = "SELECT id, full, full_sum FROM cards" if full else "SELECT id, brief, brief_sum FROM cards"
        return dict(self._sound(self._rows(query, ids)))

    @property
    def topics(self) -> TopicIds:
        """Which cards have which topics, those among them that were added."""
        if self._topics is None:
            self._topics = TopicIds(self._meta.get("topics", b""))
        return self._topics

    def hashes(self, ids: Sequence[int]) -> dict[int, bytes]:
        """Return the hashes of cards' files by id, of those that are there."""
        return {
            key: value
            for key, value in self._rows("SELECT id, hash FROM cards", ids)
            if isinstance(value, bytes)
        }

    def odd(self) -> set[int]:
        """Return the ids of the cards that have no text (``encoding.Encoded``), and are read each time."""
        return {each for (each,) in self.read("SELECT id FROM cards WHERE length(brief) = 0")}

    def with_urls(self, sums: Set[int], ids: Iterable[int]) -> set[int]:
        """Return those of some ids whose cards may have one of some URLs, or name one: by their checksums."""
        rows = self._sound(self.read(_IDENTITIES))
        return {*ids} - {each for each, found in rows if sums.isdisjoint(url_checksums_in(found))}

    def identities(self, ids: Sequence[int]) -> dict[int, bytes]:
        """Return the identities of cards (``Encoded.identities``) by id, of those there are and sound."""
        return dict(self._sound(self._rows(_IDENTITIES, ids)))

    def read(self, query: str, *values: int) -> Sequence[tuple[Any, ...]]:
        """Return the rows of a query; none where there is no index, or it cannot be read."""
        try:
            return self._base.execute(query, values).fetchall() if self._base and self._meta else ()
        except ERRORS as error:
            self._stop(error)
            self.close()
            return ()

    def write(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Execute a statement for each row, where anything can be written; kept when all is finished."""
        if self._begin() and self._base:
            try:
                self._base.executemany(statement, rows)
            except ERRORS as error:  # the disk is full, perhaps
                self._stop(error)

    def sum(self, identifier: int, text: bytes) -> int:
        """Return a checksum of a text under its id, in these tables and no others; 0 where none are."""
        return crc32(text, int.from_bytes(self._meta["epoch"]) ^ identifier) if self._meta else 0

    def set_aside(self) -> None:
        """Delete the index, for what stands in it does not fit together; a closed one is left alone."""
        if self._base:
            self._writing, self._damaged = False, True
            self.close()

    def add(self, hash_: bytes, text: Encoded) -> int:
        """Keep a card, with the hash of its file; return its id, or 0 where nothing can be written."""
        if not self.keeps or not self._begin():
            return 0
        identifier, self._next = self._next, self._next + 1
        self._waiting.append((identifier, hash_, text))
        self.topics.add(identifier, text.topics)
        if len(self._waiting) >= _AT_ONCE:
            self._flush()
        return identifier

    def finish(self, snapshot: Snapshot) -> None:
        """Keep the snapshot, and forget the cards that are not in it; then the index is closed."""
        if self.keeps and snapshot != self.snapshot and self._begin():
            self._flush()
        if self._writing and self._base:
            if gone := set(self.snapshot.ids) - set(snapshot.ids):
                self.topics.forget(gone)
            names, states, ids = snapshot.encode()
            self._meta |= {"stamp": os.urandom(8), "next": b"%d" % self._next}
            self._meta |= {"names": names, "states": states, "ids": ids, "topics": self.topics.encode()}
            changed = self._meta.items() - self._written.items()  # most often not the names, the longest
            rows = [(name, value, crc32(value)) for name, value in changed]
            try:
                self._base.executemany("DELETE FROM cards WHERE id = ?", [(each,) for each in gone])
                self._base.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?, ?)", rows)
                self._base.execute("COMMIT")
            except ERRORS as error:
                self._stop(error)
        self.close()

    def close(self) -> None:
        """Close the file; what was not finished is forgotten, and a damaged file deleted."""
        if self._base:
            with contextlib.suppress(*ERRORS):
                self._base.close()
        self._base = None
        for ending in ("-journal", "") if self._damaged else ():
            with contextlib.suppress(OSError):
                os.unlink(self._file + ending)
        self._damaged = False

    def _open(self) -> None:
        """Read what is there."""
        try:
            if self._file and not stat.S_ISREG(os.lstat(self._file).st_mode):
                self._file = ""  # a folder, or a link that leads who knows where
            if self._file:
                self._base = connect(self._file)
                self._meta = read_meta(self._base)
        except ERRORS as error:
            self._stop(error)
            if self._damaged:
                self.close()
                self._writing = None  # there is room for a new one
        except (OSError, ValueError):
            pass

    def _rows(self, query: str, ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query, of which the first column is the id, that have some ids."""
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            if (first := min(some)) and (last := max(some)) - first < 2 * len(
                some
            ):  # as most are, and faster
                rows = self.read(f"{query} WHERE id BETWEEN ? AND ?", first, last)
            else:
                rows = self.read(f"{query} WHERE id IN ({', '.join('?' * len(some))})", *some)
            asked = {*some}  # there may be others between them
            yield from (row for row in rows if row[0] in asked)

    def _sound(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, bytes]]:
        """Yield the ids and texts of rows of both and a checksum, of those that are not damaged."""
        return (
            (each, text)
            for each, text, total in rows
            if isinstance(text, bytes) and self.sum(each, text) == total
        )

    def _begin(self) -> bool:
        """Begin to write, where that was not done; return whether it can be."""
        if self._writing is None:
            self._writing = False
            try:
                self._writing = self._start()
            except ERRORS as error:
                self._stop(error)
            except (OSError, ValueError):
                pass
        return self._writing

    def _start(self) -> bool:
        if self._base is None:
            make(self._file)
            self._base = connect(self._file)
        self._base.execute("PRAGMA synchronous = OFF")  # it may be lost when the power is
        self._base.execute("BEGIN IMMEDIATE")
        now = read_meta(self._base)
        if now.get("stamp") != self._stamp and (self._meta or now.get("key") == self._key):
            self._base.rollback()  # another process was faster
            return False
        self._written = now if self._meta else {}
        if not self._meta:
            for statement in _TABLES:
                self._base.execute(statement)
            self._meta = {"key": self._key, "epoch": os.urandom(4), "next": b"1"}
        self._next = int(self._meta["next"])
        return True

    def _flush(self) -> None:
        """Write the rows that wait."""
        rows: list[tuple[Any, ...]] = []
        for each, hash_, found in self._waiting:
            texts = ((text, self.sum(each, text)) for text in (found.identities, found.brief, found.full))
            rows.append((each, hash_, *chain.from_iterable(texts)))
        self._waiting = []
        self.write("INSERT INTO cards VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def _stop(self, error: Exception) -> None:
        """Write no more, because of an error; what stands in the file may still be read."""
        self._writing = False
        self._damaged = self._damaged or is_damage(error)
        if self._base:
            with contextlib.suppress(*ERRORS):
                self._base.rollback()


class IndexInfo(NamedTuple):
    """What an index is of: its key, and how many cards it has; neither where it is ``busy``, or damaged."""

    key: bytes = b""
    cards: int = 0
    busy: bool = False


def index_info(file: str) -> IndexInfo:
    """Return what the index in a file is of."""
    try:
        with contextlib.closing(connect(file)) as base:
            meta = read_meta(base)
            ids = Snapshot.decode(meta["names"], meta["states"], meta["ids"]).ids
            return IndexInfo(meta["key"], len(ids) - ids.count(0))
    except (*ERRORS, OSError, LookupError, ValueError) as error:
        return IndexInfo(busy=is_busy(error))
