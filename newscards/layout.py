"""The layout of a site (`_news`, `_config.yml`, the file names that Jekyll ignores), and the user's folders.

The user's folders hold newscards' state (the journal, its lock) and cache. Platformdirs knows them for each
system; on Linux it follows the XDG Base Directory Specification (``$XDG_STATE_HOME``, default
``~/.local/state``; ``$XDG_CACHE_HOME``, default ``~/.cache``), which has relative paths ignored.
"""

from __future__ import annotations

import os

SITE_FOLDER = "_news"
POSTS_FOLDERS = ("_posts", "_drafts")
"""The folders of Jekyll's own collection, which may lie at any depth of a site: `en/news/_posts`."""

CONTENT_FOLDER = "content"
"""The folder of the pages of a Hugo site."""
SITE_FILES = ("_config.yml", "_config.yaml")
"""The names that the configuration of a Jekyll site may have."""


def site_root(folder: str) -> str:
    """Return the folder that holds the cards of ``folder``: its ``_news`` if it has one, else itself."""
    news = os.path.join("" if os.path.normpath(folder) == os.curdir else folder, SITE_FOLDER)
    return news if os.path.isdir(news) else folder


def news_folder(folder: str) -> str:
    """Return the absolute path of the ``_news`` that a folder is or lies in; empty if there is none."""
    above, separator, _ = os.path.join(os.path.abspath(folder), "").partition(
        f"{os.sep}{SITE_FOLDER}{os.sep}"
    )
    return f"{above}{os.sep}{SITE_FOLDER}" if separator else ""


def site_around(folder: str, top: str = "") -> str:
    """Return the absolute path of the nearest folder with a ``_news``, from ``folder`` upward; empty if none.

    The search ends at the top of a git repository and at the folder ``top``, because a ``_news`` above them
    is that of another project. Nothing is found from within a ``_news``, ``_posts`` or ``_drafts``, which are
    corpora themselves.
    """
    inner = os.path.abspath(folder)
    if not {SITE_FOLDER, *POSTS_FOLDERS}.isdisjoint(inner.split(os.sep)):
        return ""
    while not os.path.isdir(os.path.join(inner, SITE_FOLDER)):
        above = os.path.dirname(inner)
        if inner in (above, top) or os.path.lexists(os.path.join(inner, ".git")):
            return ""
        inner = above
    return inner


def collection_folders(folder: str) -> list[str]:
    """Return the absolute paths of the folders that may be the collection that a folder is or lies in.

    That is its ``_news``; if it is in none, its ``_posts`` or ``_drafts``, or else each folder above it whose
    name begins with ``_``, the innermost first.
    """
    if news := news_folder(folder):
        return [news]
    found: list[str] = []
    inner = os.path.abspath(folder)
    while (above := os.path.dirname(inner)) != inner:
        name = os.path.basename(inner)
        if name in POSTS_FOLDERS:
            return [inner]
        if name.startswith("_"):
            found.append(inner)
        inner = above
    return found


def config_files(folder: str) -> list[str]:
    """Return the paths at which the configuration of a folder's site may be, the likeliest first.

    It is beside the collection, or one folder up where ``collections_dir`` says so (Jekyll:
    configuration.rb); of posts it is in any folder above. Jekyll reads the first file that exists.
    """
    sources: list[str] = []
    for collection in collection_folders(folder):
        above = os.path.dirname(collection)
        sources += [above, os.path.dirname(above)]
        while os.path.basename(collection) in POSTS_FOLDERS and sources[-1] != os.path.dirname(sources[-1]):
            sources.append(os.path.dirname(sources[-1]))
    return [os.path.join(source, name) for source in dict.fromkeys(sources) for name in SITE_FILES]


def is_skipped_name(name: str) -> bool:
    """Return whether Jekyll ignores a file or a folder of this name."""
    return name.startswith(_LEFT_OUT) or name.endswith("~")


_LEFT_OUT = ("_", ".", "#", "~")


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
