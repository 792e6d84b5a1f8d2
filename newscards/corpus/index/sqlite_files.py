"""Files of SQLite, as the index has them: how one is made and opened, and what its errors mean."""

from __future__ import annotations

import os
import sqlite3
from zlib import crc32

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
