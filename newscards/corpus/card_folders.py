"""The folders of a site in which its cards lie, found without a configuration."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from newscards.corpus.discovery import ENDINGS, path_not_found, walk
from newscards.errors import PathNotFoundError
from newscards.layout import (
    CONTENT_FOLDER,
    POSTS_FOLDERS,
    SITE_FILES,
    SITE_FOLDER,
    collection_folders,
    is_skipped_name,
    news_folder,
)

_TOOLS = frozenset({"node_modules", "vendor", "_site", "_layouts", "_includes", "_sass", "_data", "_plugins"})
"""Folders without cards: those of other projects, and Jekyll's own ("Directory Structure")."""

MORE_ENDINGS = (".mdx", ".html", ".htm", ".mkd", ".mkdn", ".mkdown", ".mdown", ".textile", ".adoc", ".rst")
"""The endings, besides the default, of files that may begin with a front matter (Jekyll, Hugo, MDX)."""


class CardFolders(NamedTuple):
    """The folders with cards: ``corpora``, as can be opened from the current folder.

    ``folder`` is the one of the site, in which its configuration belongs. ``others`` are collections beside
    them that hold Markdown, too. ``endings`` are those of the cards.
    """

    folder: str
    corpora: tuple[str, ...]
    others: tuple[str, ...] = ()
    endings: tuple[str, ...] = ENDINGS


def find_card_folders(path: str) -> CardFolders:
    """Return the folders with cards at a PATH and below.

    They are its ``_news``, else each ``_posts``, else the ``content`` of a Hugo site, else other collections,
    else the folder itself. Raises ``PathNotFoundError`` for a PATH that does not exist.
    """
    if not os.path.exists(path):
        raise path_not_found(path)
    if not os.path.isdir(path):
        path = os.path.dirname(path) or os.curdir
    if collection_folders(path):
        corpora, others = [path], list[str]()
    else:
        collections = _collections(path)
        corpora = collections.pop(SITE_FOLDER, []) or collections.pop(POSTS_FOLDERS[0], [])
        content = os.path.join(path, CONTENT_FOLDER)
        if not corpora and any(map(_has_front_matter, _files(content, ENDINGS))):
            corpora = [content]
        others = [folder for folders in collections.values() for folder in folders]
        others = [folder for folder in others if any(map(_has_front_matter, _files(folder, ENDINGS)))]
        if not corpora:
            corpora, others = others or [path], []
    corpora = [os.path.normpath(corpus) for corpus in corpora]
    folder = _site_of(path, corpora[0])
    return CardFolders(folder, (*corpora,), (*map(os.path.normpath, others),), _endings(corpora))


def _collections(path: str) -> dict[str, list[str]]:
    """Return the outermost folders below a path whose names begin with ``_``, by name, each list sorted."""
    found: dict[str, list[str]] = {}
    for folder, names, _ in os.walk(path):
        inner = [name for name in names if name.startswith("_") and name not in _TOOLS]
        for name in inner:
            found.setdefault(name, []).append(os.path.join(folder, name))
        names[:] = [name for name in names if not is_skipped_name(name) and name not in _TOOLS]
    return {name: sorted(found[name]) for name in sorted(found)}


def _site_of(path: str, corpus: str) -> str:
    """Return the folder of a site: that of its configuration, of its ``_news`` or of its repository.

    It is searched for upward from the folder that a PATH is, or that holds its collection, but not beyond the
    repository.
    """
    news = news_folder(corpus)
    start = os.path.dirname(news) if news else os.path.abspath(path)
    repository, folder = "", start
    while True:
        if any(os.path.isfile(os.path.join(folder, name)) for name in SITE_FILES):
            return _near(folder)
        if os.path.exists(os.path.join(folder, ".git")):
            repository = folder
        above = os.path.dirname(folder)
        if repository or above == folder:
            return _near(start if news or not repository else repository)
        folder = above


def _near(folder: str) -> str:
    """Return an absolute folder as a path from the current one, if it lies in it or above it."""
    relative = os.path.relpath(folder)
    return folder if os.path.normpath(relative).startswith(os.path.join(*[os.pardir] * 4)) else relative


def _files(folder: str, endings: tuple[str, ...]) -> Iterator[str]:
    try:
        yield from walk(folder, endings)
    except PathNotFoundError:
        return


def _endings(corpora: Iterable[str]) -> tuple[str, ...]:
    """Return the default endings, and those of other files where most begin with a front matter.

    An ending of fewer than one in a hundred cards is left out: a page of search results is no card.
    """
    files: Counter[str] = Counter()
    cards: Counter[str] = Counter()
    for corpus in corpora:
        for path in _files(corpus, (*ENDINGS, *MORE_ENDINGS)):
            ending = os.path.splitext(path)[1]
            files[ending] += 1
            cards[ending] += ending in ENDINGS or _has_front_matter(path)
    total = cards.total()
    more = [each for each in MORE_ENDINGS if 2 * cards[each] > files[each] and 100 * cards[each] >= total]
    return (*ENDINGS, *more)


def _has_front_matter(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read(8).removeprefix(b"\xef\xbb\xbf").startswith(b"---")
    except OSError:
        return False
