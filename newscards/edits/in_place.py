"""Writes in place, into a card's file itself, where no new file can replace it without a loss.

Whoever reads the card meanwhile, and a crash, may find it half written. So its old and new bytes are on the
disk, in the journal's folder, before the first byte is written, and the next edit gives a torn card its old
bytes back.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Callable
from itertools import zip_longest
from typing import NamedTuple

from newscards.edits.atomic import flush_folder, open_file, read_all, read_file, refuse_unwritable, write_all
from newscards.edits.lock import try_lock
from newscards.errors import EditRefusedError, system_reason
from newscards.text import path_text

_NAME = re.compile(r"[0-9a-f]{16}\.card")
_CHANGED = ("the file was changed by something else", "run it again")


class _Stored(NamedTuple):
    """The bytes of a card before and after an edit; ``target`` is its real path."""

    target: str
    old: bytes
    new: bytes


def overwrite_file(target: str, new: bytes, *, old: bytes, folder: str) -> None:
    """Overwrite the bytes ``old`` of the file at ``target``, a real path, by ``new``.

    ``folder`` is the journal's, where both are stored meanwhile. Raises ``EditRefusedError`` where the bytes
    are no longer ``old``, and where the file is write-protected; and ``OSError``. Then the file has its old
    bytes, or ``restore_torn_cards`` gives it these.
    """
    status = os.lstat(target)
    refuse_unwritable(target, status)
    descriptor = open_file(target, os.O_RDWR)
    try:
        with contextlib.suppress(OSError):  # no locks here
            if not try_lock(descriptor):  # another user's newscards has another edit lock
                raise EditRefusedError("another newscards is writing it", "run it again")
        source, opened = read_all(descriptor)
        if source != old or not os.path.samestat(opened, status):
            raise EditRefusedError(*_CHANGED)
        stored = _store(folder, _Stored(target, old, new))
        try:
            _overwrite(descriptor, new)
        except BaseException:
            _take_back(descriptor, old, target)
            _delete(stored)
            raise
        _delete(stored)
        if not os.path.samestat(opened, os.lstat(target)):  # another file has taken its name
            raise EditRefusedError(*_CHANGED)
    finally:
        with contextlib.suppress(OSError):  # its bytes are flushed
            os.close(descriptor)


def restore_torn_cards(folder: str, report: Callable[[str], None]) -> None:
    """Give each card whose overwriting was cut off its old bytes back; call this under the edit lock.

    ``report`` gets a message for each. A card that was changed since is left alone, and what is stored of it
    is set aside.
    """
    names: list[str] = []
    with contextlib.suppress(OSError):  # the journal cannot be used, or does not exist yet
        names = sorted(filter(_NAME.fullmatch, os.listdir(folder)))
    for path in (os.path.join(folder, name) for name in names):
        try:
            stored = _load(path)
        except (EditRefusedError, OSError) as error:
            report(f"a card is perhaps half written: {path_text(path)}: {system_reason(error)}")
            continue
        try:
            if stored and _restore(stored):
                report(f"{path_text(stored.target)} was half written; it has its old bytes again")
            _delete(path)  # also where it is cut off: then the card was not touched
        except (EditRefusedError, OSError) as error:
            is_final = isinstance(error, EditRefusedError | FileNotFoundError | NotADirectoryError)
            bytes_in = path_text(_set_aside(path) if is_final else path)
            message = f"a card is perhaps half written, and was not restored: {system_reason(error)}"
            report(f"{message}; its bytes are in {bytes_in}")


def _set_aside(path: str) -> str:
    aside = f"{path}.changed"
    try:
        os.replace(path, aside)
    except OSError:
        return path
    return aside


def _store(folder: str, card: _Stored) -> str:
    """Store the bytes of a card, durably; return the path of the file."""
    path = os.path.join(folder, f"{os.urandom(8).hex()}.card")
    data = card.old + card.new
    header = {"path": card.target, "old": len(card.old), "digest": hashlib.sha256(data).hexdigest()}
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        write_all(descriptor, json.dumps(header).encode() + b"\n" + data)
        os.fsync(descriptor)
        flush_folder(folder)
    except BaseException:
        _delete(path)
        raise
    finally:
        with contextlib.suppress(OSError):
            os.close(descriptor)
    return path


def _load(path: str) -> _Stored | None:
    """Return what ``_store`` stored; ``None`` where it was cut off."""
    head, _, data = read_file(path).partition(b"\n")
    try:
        header = json.loads(head)
        target, size = os.fsdecode(os.fsencode(header["path"])), header["old"]
        is_whole = os.path.isabs(target) and "\0" not in target and type(size) is int
        if is_whole and hashlib.sha256(data).hexdigest() == header["digest"]:
            return _Stored(target, data[:size], data[size:])
    except (ValueError, TypeError, LookupError, RecursionError):
        pass
    return None


def _restore(card: _Stored) -> bool:
    """Give a card its old bytes back if it is torn; return whether it was.

    Raises ``EditRefusedError`` where it is neither old, nor new, nor a mixture of both.
    """
    descriptor = open_file(card.target, os.O_RDWR)
    try:
        found, _ = read_all(descriptor)
        if found in (card.old, card.new):
            return False
        if not _is_mixture(found, card.old, card.new):
            raise EditRefusedError(f"{path_text(card.target)} has changed since")
        _overwrite(descriptor, card.old)
        return True
    finally:
        with contextlib.suppress(OSError):
            os.close(descriptor)


def _is_mixture(found: bytes, old: bytes, new: bytes) -> bool:
    """Return whether each byte is the old or the new one at its place."""
    sizes = sorted((len(old), len(new)))
    each = zip(found, zip_longest(old, new), strict=False)
    return sizes[0] <= len(found) <= sizes[1] and all(byte in pair for byte, pair in each)


def _overwrite(descriptor: int, data: bytes) -> None:
    """Give a file its bytes, and flush it."""
    size = os.fstat(descriptor).st_size
    os.lseek(descriptor, size, os.SEEK_SET)
    if len(data) > size:
        write_all(descriptor, data[size:])  # first, because it needs room: a full disk tears nothing
    os.lseek(descriptor, 0, os.SEEK_SET)
    write_all(descriptor, data[:size])
    os.ftruncate(descriptor, len(data))
    os.fsync(descriptor)


def _take_back(descriptor: int, old: bytes, target: str) -> None:
    try:
        _overwrite(descriptor, old)
    except OSError as error:
        reason = f"it is half written now, and the next edit restores it: {error.strerror}"
        raise OSError(error.errno, reason, target) from error


def _delete(path: str) -> None:
    """Delete what is stored; where that fails, the next edit finds the card whole, and deletes it."""
    with contextlib.suppress(OSError):
        os.unlink(path)
