"""Files of SQLite, as the index has them: how one is opened, and what its errors mean."""

from __future__ import annotations

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


def connect(file: str) -> sqlite3.Connection:
    """Return a file opened, or made; raises ``ERRORS``."""
    base = sqlite3.connect(file, timeout=_PATIENCE, isolation_level=None)
    base.text_factory = lambda raw: raw.decode(errors="replace")  # of damaged text it would complain
    return base


def read_meta(base: sqlite3.Connection) -> dict[str, bytes]:
    """Return what an index says of itself; nothing where it has no such table, as one that is being made."""
    try:
        rows = base.execute("SELECT name, value, sum FROM meta").fetchall()
    except ERRORS as error:
        if _code(error) == sqlite3.SQLITE_ERROR:
            return {}
        raise
    return {name: value for name, value, total in rows if isinstance(value, bytes) and crc32(value) == total}


def is_damage(error: Exception) -> bool:
    """Tell whether it is an error of which a file is not rid by itself.

    It is deleted then, and the next run makes it anew.
    """
    return _code(error) in _DAMAGE


def _code(error: Exception) -> int:
    """Return what kind of error it is, as SQLite counts them: https://sqlite.org/rescode.html."""
    if isinstance(error, UnicodeDecodeError):
        return sqlite3.SQLITE_CORRUPT
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
