"""A folder of cards in a git repository: which of its cards differ between two states."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import NamedTuple

from newscards.corpus.discovery import is_card, missing
from newscards.diff.git import Repository
from newscards.diff.revisions import Changed, FileChange, Side, States
from newscards.errors import NewscardsError, PathNotFoundError
from newscards.layout import news_folder, site_root
from newscards.text import path_text


class Tracked(NamedTuple):
    """A folder of cards, as the user named it, its repository, and its path from the top, with ``/``."""

    folder: str
    repository: Repository
    inner: str
    endings: tuple[str, ...]

    @classmethod
    def of(cls, folder: str, endings: tuple[str, ...], asker: str) -> Tracked:
        """Return what there is of a folder, which may be there in a former state alone.

        Raises ``NewscardsError`` for a file, for what is in no repository, and where git cannot say.
        """
        if os.path.isfile(folder):
            raise NewscardsError(f"{path_text(folder)} is a file", "name the folder of the cards")
        if os.path.islink(root := site_root(folder)):
            folder = root
        real = os.path.realpath(folder)
        there = real
        while not os.path.isdir(there):
            there = os.path.dirname(there)
        try:
            repository = Repository.around(there, asker)
        except NewscardsError:
            if there != real:
                raise missing(folder) from None
            raise
        inner = os.path.relpath(real, repository.top)
        if inner.split(os.sep)[0] == os.pardir:
            raise NewscardsError(f"{path_text(folder)} is not in the working tree {repository.top}")
        return cls(folder, repository, "" if inner == os.curdir else inner.replace(os.sep, "/"), endings)

    def path_of(self, name: str) -> str:
        """Return a path from the repository's top as the user sees it, and opens it."""
        inside = name[len(self.inner) + 1 :] if self.inner else name
        folder = "" if os.path.normpath(self.folder) == os.curdir else self.folder
        return os.path.join(folder, inside.replace("/", os.sep))

    def changed(self, states: States) -> Changed:
        """Return which cards differ between two states, and which submodules there are whose cards may.

        Raises ``NewscardsError`` where neither state has any card.
        """
        changed = states.changed(self.inner)
        tests = [self._test(states, state) for state in (states.before, states.after)]
        files = list(_cards(changed.files, *tests))
        if not (files or changed.submodules or self._has_cards(states, tests)):
            if not os.path.isdir(self.folder):
                raise missing(self.folder)
            raise PathNotFoundError(
                f"git knows of no cards in {path_text(self.folder)}",
                "they may be ignored, or named as Jekyll leaves out: with `_`, `.` or `#` first or `~` last",
            )
        return Changed(files, changed.submodules)

    def _test(self, states: States, state: str) -> Callable[[Side], bool]:
        """Return what tells whether a file of a state is a card."""
        inside = bool(news_folder(os.path.join(self.repository.top, self.inner)))
        start = len(self.inner) + 1 if self.inner else 0
        folders = None if inside or not state else states.folders(self.inner, state)

        def holds_site(above: str) -> bool:
            news = "/".join(filter(None, (self.inner, above, "_news")))
            if folders is None:
                return os.path.isdir(os.path.join(self.repository.top, news))
            return news in folders

        return lambda side: is_card(side.name[start:], holds_site, self.endings, inside=inside)

    def _has_cards(self, states: States, tests: list[Callable[[Side], bool]]) -> bool:
        sides = zip((states.before, states.after), tests, strict=True)
        return any(test(Side(name)) for state, test in sides for name in states.files(self.inner, state))


def _cards(
    changes: list[FileChange], was_card: Callable[[Side], bool], is_now: Callable[[Side], bool]
) -> Iterator[FileChange]:
    """Yield what of the changes is about cards; a file that is a card in one state alone came or went."""
    for before, after in changes:
        old = before if before and was_card(before) else None
        new = after if after and is_now(after) else None
        if old or new:
            yield FileChange(old, new)
