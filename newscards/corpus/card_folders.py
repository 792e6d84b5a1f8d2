"""The folders of a site in which its cards lie, found without a configuration."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from newscards.corpus.discovery import ENDINGS, path_not_found, walk
from newscards.errors import PathNotFoundError
from newscards.layout import (
    CONTENT_FOLDER,
    POSTS_FOLDERS,
    SITE_FILES,
    SITE_FOLDER,
    is_skipped_name,
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

    They are each ``_news``, else each ``_posts``, else the ``content`` of a Hugo site, else other
    collections, else the folder itself. Raises ``PathNotFoundError`` for a PATH that does not exist.
    """
    if not os.path.exists(path):
        raise path_not_found(path)
    if not os.path.isdir(path):
        path = os.path.dirname(path) or os.curdir
    if _collection_of(path):
        corpora, others = [path], list[str]()
    else:
        others = [folder for folder in _collections(path) if _has_cards(folder)]
        corpora = _named(others, SITE_FOLDER) or _named(others, POSTS_FOLDERS[0])
        content = os.path.join(path, CONTENT_FOLDER)
        if not corpora and _has_cards(content):  # to Hugo, a name that begins with `_` is as any other
            corpora = [content, *(folder for folder in others if folder.startswith(f"{content}{os.sep}"))]
        corpora = corpora or others or [path]
        others = [folder for folder in others if folder not in corpora]
    corpora = [os.path.normpath(corpus) for corpus in corpora]
    folder = _site_of(path, corpora)
    return CardFolders(folder, (*corpora,), (*map(os.path.normpath, others),), _endings(corpora))


def _collections(path: str) -> list[str]:
    """Return the outermost folders below a path whose names begin with ``_``, sorted."""
    found: list[str] = []
    for folder, names, _ in os.walk(path):
        found += (os.path.join(folder, each) for each in names if each.startswith("_") and each not in _TOOLS)
        names[:] = [name for name in names if not is_skipped_name(name) and name not in _TOOLS]
    return sorted(found)


def _named(folders: Iterable[str], name: str) -> list[str]:
    return [folder for folder in folders if os.path.basename(folder) == name]


def _has_cards(folder: str) -> bool:
    return any(map(_has_front_matter, _files(folder, ENDINGS)))


def _collection_of(folder: str) -> str:
    """Return the absolute path of the collection that a folder is or lies in; empty if it is in none.

    A folder above that of the site, or of the repository, is none.
    """
    inner = os.path.abspath(folder)
    while not os.path.basename(inner).startswith("_"):
        above = os.path.dirname(inner)
        if (
            above == inner
            or _has_config(inner)
            or _is_repository(inner)
            or os.path.isdir(os.path.join(inner, SITE_FOLDER))
        ):
            return ""
        inner = above
    return inner


def _site_of(path: str, corpora: Sequence[str]) -> str:
    """Return the folder of a site: that of its configuration, of its ``_news`` or of its repository.

    It is searched for upward from the folder that all collections lie in, but not beyond the repository.
    """
    collections = [_collection_of(corpus) for corpus in corpora]
    start = os.path.commonpath(
        [os.path.dirname(each) if each else os.path.abspath(path) for each in collections]
    )
    folder = start
    while not _has_config(folder):
        above = os.path.dirname(folder)
        if _is_repository(folder) or above == folder:
            is_news = any(os.path.basename(each) == SITE_FOLDER for each in collections)
            return os.path.relpath(folder if _is_repository(folder) and not is_news else start)
        folder = above
    return os.path.relpath(folder)


def _has_config(folder: str) -> bool:
    return any(os.path.isfile(os.path.join(folder, name)) for name in SITE_FILES)


def _is_repository(folder: str) -> bool:
    return os.path.exists(os.path.join(folder, ".git"))


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
