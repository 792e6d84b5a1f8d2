"""The lock that two newscards editing at once wait for. It is in the state folder, not the corpus."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO


def state_folder() -> str:
    """Return the user's folder for newscards' state, by the conventions of each system.

    XDG Base Directory Specification on Linux (``$XDG_STATE_HOME``, default ``~/.local/state``).
    """
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Application Support")
    else:
        base = os.environ.get("XDG_STATE_HOME", "")
        base = base if os.path.isabs(base) else os.path.join(home, ".local", "state")
    return os.path.join(base, "newscards")


@contextmanager
def edit_lock(notice: Callable[[str], None] = lambda message: None) -> Iterator[None]:
    """Hold the lock on editing; the system frees it when the process ends, however it ends.

    ``notice`` is told when there is something to wait for, or when the state folder cannot be written:
    then editing goes on, for a changed card is refused all the same (``atomic.write_atomic``).
    """
    path = os.path.join(state_folder(), "edit.lock")
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        file = open(path, "ab")  # noqa: SIM115 - closed below, after the caller's work
    except OSError as error:
        notice(f"no lock against a second newscards: {path}: {error.strerror}")
        yield
        return
    with file:
        try:
            if not _lock(file, wait=False):
                notice("waiting for another newscards to finish its edit")
                _lock(file, wait=True)
        except OSError as error:  # ENOLCK on some network file systems
            notice(f"no lock against a second newscards: {path}: {error.strerror}")
        yield


def _lock(file: IO[bytes], *, wait: bool) -> bool:
    """Lock a file; with ``wait`` until it is free. Return whether it is ours."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return _lock(file, wait=True) if wait else False
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True
