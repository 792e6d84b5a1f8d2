"""The lock that lets one newscards edit at a time; its file is in the state folder, not in the corpus."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from newscards.errors import NewscardsError
from newscards.layout import NO_HOME, state_folder
from newscards.text import path_text

LOCK_TIMEOUT = 300.0
"""The number of seconds to wait for another newscards."""

DISK_FAILURES = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO})
"""Errors of a full or broken disk: no edit begins. After other errors an edit goes on without the folder."""

NO_STATE = f"{NO_HOME}; set $XDG_STATE_HOME to have a journal"
"""The reason where there is no state folder."""

_held: set[int] = set()
"""The descriptors that hold the edit lock: one, or none."""

_POLL_INTERVAL = 0.05
_OPEN_FLAGS = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_OPEN_FLAGS |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def try_lock(descriptor: int) -> bool:
    """Lock an open file if it is free, and return whether it was; closing the file frees the lock.

    Raises ``OSError`` where the file system has no locks.
    """
    if sys.platform == "win32":
        import msvcrt

        os.lseek(descriptor, 1 << 30, os.SEEK_SET)  # beyond the content, because a locked byte cannot be read
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def edit_lock(notice: Callable[[str], None] = lambda message: None) -> Iterator[str]:
    """Hold the edit lock, and yield an empty text; the system frees the lock when the process ends.

    Where the state folder cannot be used, or its file system has no locks, the lock is not held, and the
    reason is yielded. Editing goes on, because ``atomic.replace_file`` refuses a changed card anyway.
    ``notice`` is called before waiting. Raises ``NewscardsError`` where another process keeps the lock for
    ``LOCK_TIMEOUT`` seconds, and where the state folder's disk is full or broken.
    """
    folder, descriptor, reason = state_folder(), -1, NO_STATE
    try:
        if folder:
            try:
                os.makedirs(folder, mode=0o700, exist_ok=True)
                descriptor = _open(folder, os.O_CREAT)
                _held.add(descriptor)
                _wait(descriptor, notice)
                reason = ""
            except OSError as error:  # among them ENOLCK, on some network file systems
                reason = f"{path_text(error.filename or _path(folder))}: {error.strerror}"
                if error.errno in DISK_FAILURES:
                    raise NewscardsError(f"nothing was written: {reason}") from error
        yield reason
    finally:
        if descriptor in _held:
            _held.remove(descriptor)
            with contextlib.suppress(OSError):
                os.close(descriptor)


@contextmanager
def lock_if_free() -> Iterator[bool]:
    """Hold the edit lock if it is free, and yield whether it was; creates no file."""
    descriptor = -1
    try:
        try:
            descriptor = _open(state_folder())
            free = try_lock(descriptor)
        except OSError:
            free = True  # no lock file, or no locks: edit_lock goes on without a lock, and so does this
        yield free
    finally:
        if descriptor >= 0:
            with contextlib.suppress(OSError):
                os.close(descriptor)


def _path(folder: str) -> str:
    return os.path.join(folder, "edit.lock")


def _open(folder: str, flags: int = 0) -> int:
    """Open the lock file in the state folder; raises ``OSError``.

    It is refused where it is not a plain file of one name, because it is truncated. Opening it follows no
    symlink and waits for nothing.
    """
    if not folder:
        raise FileNotFoundError(errno.ENOENT, NO_STATE)
    path = _path(folder)
    try:
        descriptor = os.open(path, os.O_RDWR | _OPEN_FLAGS | flags, 0o600)
    except OSError as error:
        if os.path.islink(path):
            raise OSError(error.errno, "it is a symbolic link; delete it", path) from error
        raise
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is not a plain file of one name; delete it", path)
    return descriptor


def _close_in_child() -> None:
    """Close the lock's descriptors in a forked process, which would hold it after its parent was killed."""
    while _held:
        with contextlib.suppress(OSError):
            os.close(_held.pop())


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_close_in_child)


def _wait(descriptor: int, notice: Callable[[str], None]) -> None:
    if not try_lock(descriptor) and not _try_again(descriptor):
        notice("waiting for another newscards to finish its edit")
        end = time.monotonic() + LOCK_TIMEOUT
        while not try_lock(descriptor):
            if time.monotonic() > end:
                raise NewscardsError(
                    f"another newscards{_holder(descriptor)} has been editing for {LOCK_TIMEOUT / 60:g}"
                    " minutes; nothing was written",
                    "wait until it has ended, or end it",
                )
            time.sleep(_POLL_INTERVAL)
    with contextlib.suppress(OSError):  # the process id serves only that message
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())


def _try_again(descriptor: int) -> bool:
    time.sleep(_POLL_INTERVAL)  # lock_if_free holds the lock only for a moment, which needs no notice
    return try_lock(descriptor)


def _holder(descriptor: int) -> str:
    with contextlib.suppress(OSError, ValueError):
        os.lseek(descriptor, 0, os.SEEK_SET)
        return f" (process {int(os.read(descriptor, 20))})"
    return ""
