"""The current folder, and the user's folders of newscards' state (the journal, its lock) and cache.

Platformdirs knows them for each system; on Linux it follows the XDG Base Directory Specification
(``$XDG_STATE_HOME``, default ``~/.local/state``; ``$XDG_CACHE_HOME``, default ``~/.cache``), which has
relative paths ignored.
"""

from __future__ import annotations

import os

NO_HOME = "the user has no home folder"
"""The reason why there is no folder: ``$HOME`` is no absolute path, and the system does not know the user."""


def current_folder() -> str:
    """Return the current folder; empty if it was deleted."""
    try:
        return os.getcwd()
    except FileNotFoundError:
        return ""


def check_current_folder(path: str) -> None:
    """Raise ``FileNotFoundError``, which names no file, if a path is relative and its folder was deleted."""
    os.path.abspath(path)


def state_folder() -> str:
    """Return the folder of the user's state, which need not exist; empty where the user has no home."""
    return _user_folder("state")


def cache_folder() -> str:
    """Return the folder of the indexes: ``$NEWSCARDS_CACHE_DIR``, else the user's cache folder.

    Empty where the user has no home.
    """
    if folder := os.environ.get("NEWSCARDS_CACHE_DIR"):
        return os.path.abspath(folder)
    return _user_folder("cache")


def _user_folder(kind: str) -> str:
    """Return the ``state`` or ``cache`` folder; never a relative path, which may lead into a corpus."""
    import platformdirs  # not at the top: it costs milliseconds

    named, home = os.environ.get(f"XDG_{kind.upper()}_HOME", ""), os.environ.get("HOME")
    if os.name == "posix" and not os.path.isabs(named) and home is not None and not os.path.isabs(home):
        return ""  # versions of platformdirs differ in what they make of such a home
    try:
        folder: str = getattr(platformdirs, f"user_{kind}_dir")("newscards", appauthor=False)
    except RuntimeError:  # the system does not know the user
        return ""
    return folder if os.path.isabs(folder) else ""
