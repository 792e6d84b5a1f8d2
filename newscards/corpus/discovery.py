"""Which files are cards: PATHs -> files, as Jekyll and DESIGN.md ("Which cards") have it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from newscards.errors import PathNotFoundError
from newscards.layout import SITE_FOLDER, is_left_out, news_folder, site_root
from newscards.text import did_you_mean

ENDINGS = (".md", ".markdown")


class FoundCards(NamedTuple):
    """The cards of one PATH: the ``folder`` that they were found in, empty for a file, and their paths."""

    folder: str
    paths: list[str]

    def names(self) -> list[str]:
        """Return the paths as seen from the folder."""
        prefix = os.path.join(self.folder, "")
        return [path.removeprefix(prefix) for path in self.paths]


def find(paths: Iterable[str], endings: tuple[str, ...] = ENDINGS) -> list[FoundCards]:
    """Return the cards that PATHs stand for, each once, in the order of PATHs, a folder's sorted.

    A file is taken whatever its name; a folder that holds ``_news/`` stands for that. Paths stay as
    the user wrote them. Raises ``PathNotFoundError`` for a PATH that does not exist, a folder
    without a card, and a folder that cannot be read.
    """
    paths = list(paths)
    found: list[FoundCards] = []
    known: set[str] = set()
    for path in paths:
        folder = ""
        if os.path.isdir(path):
            folder = site_root(path)
            cards = sorted(walk(path, endings))
            if not cards:
                raise PathNotFoundError(
                    f"no cards in {path}",
                    f"a folder is searched for {' and '.join(f'*{each}' for each in endings)}, without names"
                    " that begin with `_`, `.` or `#` or end with `~`, which Jekyll leaves out",
                )
        elif os.path.lexists(path):
            cards = [path]
        else:
            raise missing(path)
        if len(paths) > 1:
            files = dict(zip(map(os.path.abspath, cards), cards, strict=True))
            cards = [card for file, card in files.items() if file not in known]
            known |= files.keys()
        found.append(FoundCards(folder, cards))
    return found


def missing(path: str) -> PathNotFoundError:
    """Return the error for a path that is not there, with the nearest name that is."""
    folder, name = os.path.split(path.rstrip(os.sep))
    try:
        siblings = os.listdir(folder or os.curdir)
    except OSError:
        siblings = []
    hint = did_you_mean(path, [os.path.join(folder, sibling) for sibling in siblings])
    return PathNotFoundError(f"no such file or folder: {path}", hint if name else "")


def walk(folder: str, endings: tuple[str, ...] = ENDINGS) -> Iterator[str]:
    """Yield the cards in a folder and below, unsorted.

    Left out is what Jekyll leaves out (CARDS.md): names that begin with ``_``, ``.`` or ``#`` or end
    with ``~``; and, above a ``_news``, ``vendor`` and ``node_modules``. Links to folders are not
    followed, as Jekyll does not; the folder that is named may itself be one. What cannot be looked
    into is yielded, so that reading it tells why. Raises ``PathNotFoundError`` where that is all of it.
    """
    waiting = [folder]
    while waiting:
        inner = waiting.pop()
        inside = _is_inside_site(inner)
        root = inner if inside else site_root(inner)
        try:
            with os.scandir(root) as entries:
                found = list(entries)
        except OSError as error:
            if inner is folder:
                raise PathNotFoundError(f"cannot read the folder {root}: {error.strerror}") from error
            yield root
            continue
        prefix = "" if os.path.normpath(root) == os.curdir else os.path.join(root, "")
        for entry in found:
            name = entry.name
            if is_left_out(name):
                # A site's own `_news` was stood for above; below a site, Jekyll knows of no other.
                continue
            path = prefix + name
            is_card = name.endswith(endings)
            try:
                if is_card and entry.is_file(follow_symlinks=False):
                    yield path  # as nearly all are, and known without asking the disk
                elif entry.is_dir():
                    above_site = not inside and root is inner
                    if not entry.is_symlink() and not (above_site and name in _TOOLS):
                        waiting.append(path)
                elif is_card and (entry.is_file() or not os.path.exists(path)):
                    yield path
            except OSError:  # a link that leads to itself
                if is_card:
                    yield path


def is_card(
    name: str, holds_site: Callable[[str], bool], endings: tuple[str, ...] = ENDINGS, *, inside: bool = False
) -> bool:
    """Tell whether ``walk`` would yield a file that no disk has, as those of a git revision.

    ``name`` is its path from the folder that is looked through, with ``/``; ``holds_site`` says of that
    folder (an empty text) and those below, by their paths, whether there is a folder ``_news`` in it;
    ``inside``, whether the folder itself is a ``_news`` or lies in one.
    """
    *folders, last = name.split("/")
    above = ""
    for folder in folders:
        if not inside and holds_site(above):
            inside = folder == SITE_FOLDER
            if not inside:
                return False
        elif is_left_out(folder) or (not inside and folder in _TOOLS):
            return False
        above += f"/{folder}" if above else folder
    return last.endswith(endings) and not is_left_out(last) and (inside or not holds_site(above))


_TOOLS = frozenset({"vendor", "node_modules"})
"""Folders of other people's files beside a site; within a ``_news`` Jekyll publishes them like any."""


def _is_inside_site(folder: str) -> bool:
    return bool(news_folder(folder))
