"""The card files that PATHs stand for, by the names that Jekyll reads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from newscards.errors import PathNotFoundError
from newscards.layout import SITE_FOLDER, check_current_folder, is_skipped_name, news_folder, site_root
from newscards.text import did_you_mean, path_text

ENDINGS = (".md", ".markdown")


class FoundCards(NamedTuple):
    """The cards of one PATH: the ``folder`` that they were found in, empty for a file, and their paths.

    ``others`` are the other files of a ``_news``: those of other endings, and those in folders below the
    outermost, which Jekyll may take for cards, and cards that their names hide from it.
    """

    folder: str
    paths: list[str]
    others: Sequence[str] = ()

    def names(self) -> list[str]:
        """Return the paths as seen from the folder."""
        prefix = os.path.join(self.folder, "")
        return [path.removeprefix(prefix) for path in self.paths]


def find(paths: Iterable[str], endings: tuple[str, ...] = ENDINGS) -> list[FoundCards]:
    """Return the cards that PATHs stand for, each once, in the order of PATHs; those of a folder are sorted.

    A named file is a card whatever its name. A folder that contains ``_news/`` stands for that. Paths stay as
    the user wrote them. Raises ``PathNotFoundError`` for a PATH that does not exist, a folder
    without a card, and a folder that cannot be read.
    """
    paths = list(paths)
    found: list[FoundCards] = []
    found_files: set[str] = set()
    for path in paths:
        folder, others = "", list[str]()
        if os.path.isdir(path):
            folder = site_root(path)
            cards = sorted(walk(path, endings, others))
            if not cards:
                check_current_folder(path)
                raise PathNotFoundError(f"no cards in {path}", _no_cards_hint(path, endings))
        elif os.path.lexists(path):
            cards = [path]
        else:
            raise path_not_found(path)
        if len(paths) > 1:
            files = dict(zip(map(os.path.abspath, cards), cards, strict=True))
            cards = [card for file, card in files.items() if file not in found_files]
            found_files |= files.keys()
        found.append(FoundCards(folder, cards, sorted(others)))
    return found


def _no_cards_hint(path: str, endings: Iterable[str]) -> str:
    """Return a hint at the folders below a path that have cards, or else at what a folder is searched for."""
    from newscards.corpus.card_folders import find_card_folders  # only for the hint

    found = find_card_folders(path)
    folders = [each for each in (*found.corpora, *found.others) if each != os.path.normpath(path)]
    if folders:
        names = ", ".join(map(path_text, folders[:_MAX_FOLDERS])) + ", …" * (len(folders) > _MAX_FOLDERS)
        site = "" if os.path.normpath(path) == os.curdir else f" {path_text(path)}"
        them = "it" if len(folders) == 1 else "them"
        return (
            f"there are some in {names}: name {them} as PATH, or write a configuration: newscards init{site}"
        )
    return (
        f"a folder is searched for {' and '.join(f'*{each}' for each in endings)}, without names"
        " that begin with `_`, `.`, `#` or `~` or end with `~`, which Jekyll leaves out"
    )


_MAX_FOLDERS = 3
"""How many folders with cards a hint names."""


def path_not_found(path: str, ids: Sequence[str] | None = None) -> PathNotFoundError:
    """Return the error for a path that does not exist, with the nearest name that does.

    ``ids`` are those of the cards, if the path could have been an id.
    """
    check_current_folder(path)
    folder, name = os.path.split(path.rstrip(os.sep))
    try:
        siblings = os.listdir(folder or os.curdir)
    except OSError:
        siblings = []
    hint = did_you_mean(path, [*(os.path.join(folder, sibling) for sibling in siblings), *(ids or ())])
    message = f"no such file or folder: {path}" + ("" if ids is None else "; no card has this id either")
    return PathNotFoundError(message, hint if name else "")


def walk(folder: str, endings: tuple[str, ...] = ENDINGS, others: list[str] | None = None) -> Iterator[str]:
    """Yield the cards in a folder and below, unsorted; add the other files of a ``_news`` to ``others``.

    It leaves out what Jekyll leaves out: names that begin with ``_``, ``.``, ``#`` or ``~``, or end with
    ``~``; and outside a ``_news``, ``vendor`` and ``node_modules``. Like Jekyll it does not follow links to
    folders; ``folder`` itself may be one. An inner folder that cannot be read is yielded, so that reading it
    reports why. Raises ``PathNotFoundError`` where ``folder`` itself cannot be read.
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
        rest = others if inside or root is not inner else None
        prefix = "" if os.path.normpath(root) == os.curdir else os.path.join(root, "")
        for entry in found:
            name = entry.name
            path = prefix + name
            if is_skipped_name(name):
                # A `_news` is entered by `site_root` above; Jekyll knows no other within a site.
                if rest is not None:
                    rest += _skipped_files(entry, path, endings)
                continue
            is_card = name.endswith(endings)
            try:
                if is_card and entry.is_file(follow_symlinks=False):
                    yield path  # as nearly all are; known from the listing, without another system call
                elif entry.is_dir():
                    above_site = not inside and root is inner
                    if not entry.is_symlink() and not (above_site and name in _TOOL_FOLDERS):
                        waiting.append(path)
                elif entry.is_file() or not os.path.exists(path):
                    if is_card:
                        yield path
                    elif rest is not None:
                        rest.append(path)
            except OSError:  # a link that leads to itself
                if is_card:
                    yield path
                elif rest is not None:
                    rest.append(path)


def _skipped_files(entry: os.DirEntry[str], path: str, endings: tuple[str, ...]) -> Iterator[str]:
    """Yield what may matter of a file or a folder in a ``_news`` whose name ``walk`` skips.

    Of the folders, Jekyll skips only the outermost: all files of an inner one may be cards for it. Else these
    are files with the endings of cards; folders such as ``.git`` hold none.
    """
    if not entry.is_dir(follow_symlinks=False):
        if path.endswith(endings):
            yield path
        return
    folder = os.path.abspath(os.path.dirname(path))
    is_outermost = folder == news_folder(folder)
    if is_outermost and not entry.name.startswith("_"):
        return
    for inner, _, names in os.walk(path):
        yield from (os.path.join(inner, name) for name in names if not is_outermost or name.endswith(endings))


def is_card(
    name: str, holds_site: Callable[[str], bool], endings: tuple[str, ...] = ENDINGS, *, inside: bool = False
) -> bool:
    """Return whether ``walk`` would yield a file that is not on the disk, such as one of a git revision.

    ``name`` is its path from the searched folder, with ``/``. ``holds_site`` returns whether a folder
    contains a folder ``_news``, for the searched folder (an empty text) and those below. ``inside`` is true
    if the searched folder is a ``_news`` or lies in one.
    """
    *folders, last = name.split("/")
    above = ""
    for folder in folders:
        if not inside and holds_site(above):
            inside = folder == SITE_FOLDER
            if not inside:
                return False
        elif is_skipped_name(folder) or (not inside and folder in _TOOL_FOLDERS):
            return False
        above += f"/{folder}" if above else folder
    return last.endswith(endings) and not is_skipped_name(last) and (inside or not holds_site(above))


_TOOL_FOLDERS = frozenset({"vendor", "node_modules"})
"""Folders with files of other projects; within a ``_news`` Jekyll publishes them like any other."""


def _is_inside_site(folder: str) -> bool:
    return bool(news_folder(folder))
