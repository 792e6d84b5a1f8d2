"""Python's module sqlite3, or an error that says what is missing: a Python may be built without it.

All other commands do without SQLite; only the module whose import raises the error needs it.
"""

from __future__ import annotations

from newscards.errors import NewscardsError

__all__ = ["sqlite3"]

_OLDEST = (3, 31)
"""The first SQLite that limits its memory: ``PRAGMA hard_heap_limit`` (https://sqlite.org/releaselog/3_31_0.html)."""

_NEED = "`newscards query` and `export`, --where and --search need"

try:
    import sqlite3
except ImportError as error:
    raise NewscardsError(
        f"{_NEED} Python's module sqlite3, which is missing: {error}",
        "install the package of your system that has it, or use a Python that was built with SQLite",
    ) from error
if sqlite3.sqlite_version_info < _OLDEST:
    raise NewscardsError(
        f"{_NEED} SQLite {'.'.join(map(str, _OLDEST))} or later, and this Python has {sqlite3.sqlite_version}"
    )
