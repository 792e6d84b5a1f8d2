"""The files of indexes in the cache folder, and the key by which an index is still valid."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from importlib.machinery import PathFinder
from operator import itemgetter
from typing import NamedTuple
from zlib import adler32, crc32

import newscards
from newscards import __version__
from newscards.corpus.index.database import TAG_NAME, TAG_TEXT, Index, index_info
from newscards.frontmatter.limits import Limits

ENDING = ".sqlite"
_SIDE_FILES = ("-journal", "-wal", "-shm")
"""The endings of SQLite's files beside a database while it writes; they stay when it is killed."""


def open_index(cache: str, folder: str, limits: Limits) -> Index:
    """Return the index of the cards in a folder; it is empty where it is missing or of another version."""
    path = os.fsencode(os.path.realpath(folder))
    names = sys.getfilesystemencoding().encode()  # with another encoding, the same names are other texts
    key = b"\n".join([path, names, repr(limits).encode(), _user(), _version()])
    return Index(index_file(cache, folder), key)


def _user() -> bytes:
    """Return the effective user and groups, because others may be allowed to read other cards."""
    if sys.platform == "win32":
        return b""
    groups = sorted({os.getegid(), *os.getgroups()})
    return " ".join(map(str, (os.geteuid(), *groups))).encode()


def index_file(cache: str, folder: str) -> str:
    """Return the path of the index of the cards in a folder; the file may not exist."""
    path = os.fsencode(os.path.realpath(folder))
    return os.path.join(cache, f"{crc32(path):08x}{adler32(path):08x}{ENDING}")


def _version() -> bytes:
    """Return a text that changes with the version of newscards or rich, or a module of newscards or PyYAML.

    Findings and their text depend on all of these.
    """
    package = os.path.dirname(os.path.abspath(newscards.__file__))
    if not os.path.isdir(package):  # within an archive there is only the version
        return __version__.encode()
    try:
        return f"{__version__} {crc32(repr(_states(package)).encode()):08x}".encode()
    except OSError:  # a module is being replaced, perhaps: no index may answer
        return f"{__version__} {os.urandom(8).hex()}".encode()


def _states(package: str) -> list[tuple[str, int, int]]:
    """Return the names and sizes of the modules of newscards and PyYAML, and rich's version.

    In a checkout, where modules are edited, also their times: an installation has other times on each
    machine, and in each job of a CI that keeps the index. Raises ``OSError``.
    """
    is_checkout = os.path.exists(os.path.join(os.path.dirname(package), "pyproject.toml"))
    states = [
        (file.removeprefix(package), state.st_size, state.st_mtime_ns * is_checkout)
        for file, state in sorted(_modules(package), key=itemgetter(0))
    ]
    yaml, rich = (PathFinder.find_spec(name) for name in ("yaml", "rich"))
    if yaml and yaml.origin:
        state = os.stat(yaml.origin)
        states.append(("yaml", state.st_size, state.st_mtime_ns * is_checkout))
    if rich and rich.origin:  # it knows the widths of characters; a folder beside it names its version
        beside = os.listdir(os.path.dirname(os.path.dirname(rich.origin)))
        states += [(name, 0, 0) for name in sorted(beside) if name.startswith("rich-")]
    return states


def _modules(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the Python files in a folder and in those below it, with their status; raises ``OSError``."""
    with os.scandir(folder) as found:
        entries = [each for each in found if not each.name.startswith(".")]  # `.#x.py` is an editor's lock
    for entry in entries:
        if entry.name.endswith(".py"):
            yield entry.path, entry.stat()
        elif entry.name != "__pycache__" and entry.is_dir(follow_symlinks=False):
            yield from _modules(entry.path)


class StoredIndex(NamedTuple):
    """The file of an index: its size with its side files, when it was last written, and its cards.

    ``corpus`` is the folder of the cards; empty where it is unknown. ``cards`` is their number. ``state`` is
    ``ok``, ``gone`` where that folder no longer exists, ``busy`` where another process has locked the file,
    or ``unusable``.
    """

    file: str
    bytes: int
    written: datetime
    corpus: str
    cards: int
    state: str


def stored_indexes(cache: str, only: Collection[str] = ()) -> list[StoredIndex]:
    """Return the indexes in a cache folder, by the folders of their cards; raises ``OSError``.

    ``only`` are the files to return, if not all.
    """
    found: list[StoredIndex] = []
    for path, state in _own_files(cache):
        if path.endswith(ENDING) and (not only or path in only):
            size = state.st_size
            for ending in _SIDE_FILES:
                with contextlib.suppress(OSError):
                    size += os.lstat(path + ending).st_size
            key, cards, busy = index_info(path)
            corpus = os.fsdecode(key.rsplit(b"\n", 4)[0])
            when = datetime.fromtimestamp(state.st_mtime, UTC)
            unknown = "busy" if busy else "unusable"
            status = unknown if not corpus else "ok" if os.path.isdir(corpus) else "gone"
            found.append(StoredIndex(path, size, when, corpus, cards, status))
    return sorted(found, key=lambda each: (not each.corpus, each.corpus, each.file))


class Cleared(NamedTuple):
    """The files that were deleted from a cache folder, their bytes, and the errors for the others."""

    files: list[str]
    bytes: int
    failed: list[OSError]


def clear(cache: str, only: Collection[str] = ()) -> Cleared:
    """Delete newscards' files in a cache folder, then the folder if it is empty; raises ``OSError``.

    ``only`` are the files of the indexes to delete, if not all.
    """
    files, size, failed = list[str](), 0, list[OSError]()
    for path, state in list(_own_files(cache)):
        if only and not path.startswith(tuple(only)):  # a side file's name begins with that of its index
            continue
        try:
            os.unlink(path)
        except FileNotFoundError:  # SQLite deletes a side file at the end of its process
            continue
        except OSError as error:
            failed.append(error)
        else:
            files.append(path)
            size += state.st_size
    with contextlib.suppress(OSError):
        os.rmdir(cache)
    return Cleared(files, size, failed)


def _own_files(cache: str) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the files in a cache folder that newscards created, with their status."""
    import re  # not at the top: reading cards does not need it

    own = re.compile(rf"[0-9a-f]{{16}}{re.escape(ENDING)}({'|'.join(_SIDE_FILES)})?")
    with contextlib.suppress(FileNotFoundError):
        for name in sorted(os.listdir(cache)) if cache else ():
            path = os.path.join(cache, name)
            with contextlib.suppress(FileNotFoundError):
                is_own = own.fullmatch(name) or (name == TAG_NAME and _is_own_tag(path))
                if is_own and not os.path.islink(path) and os.path.isfile(path):
                    yield path, os.lstat(path)


def _is_own_tag(path: str) -> bool:
    """Return whether a file is the tag that newscards writes: other programs tag their caches, too."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return os.path.isfile(path) and file.read(len(TAG_TEXT) + 1) == TAG_TEXT
    except (OSError, ValueError):
        return False
