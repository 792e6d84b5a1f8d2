"""Compare the cards of two states of a git repository: find which differ, read both sides, find renames."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import NamedTuple

from newscards.cards.card import Card, CardOrUnreadable, Identity, Unreadable
from newscards.cards.reader import Parsed, is_whole, max_bytes, parse_with_fences, read_bytes
from newscards.corpus.discovery import is_card, missing
from newscards.corpus.index.snapshot import content_hash
from newscards.diff.card_diff import Difference, difference
from newscards.diff.git import Repository
from newscards.diff.revisions import Changed, FileChange, Side, States
from newscards.errors import NewscardsError, PathNotFoundError, system_reason
from newscards.frontmatter.limits import Limits
from newscards.layout import news_folder, site_root
from newscards.parallel import parallel
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
                raise path_not_found(folder) from None
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
                raise path_not_found(self.folder)
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


class ComparedFile(NamedTuple):
    """What was seen of a file that differs: how its card does, ``None`` where all values are the same.

    ``is_card`` is false where neither state has a file there, but links to folders. Of a card that only one
    state has, ``digest`` is that of its bytes, and ``identity`` what names it, if it can be read.
    """

    difference: Difference | None
    is_card: bool = True
    digest: bytes = b""
    identity: Identity | None = None


class Compared(NamedTuple):
    """The cards that differ, by their paths, and how many files do in which all values are the same."""

    differences: list[Difference]
    unchanged: int


ShowProgress = Callable[[Iterable[ComparedFile], int], Iterable[ComparedFile]]
"""What shows the progress of so many looks."""


class Comparison:
    """Two states whose cards are compared.

    ``path_of`` makes of a path from the repository's top the one that the user sees, and opens.
    """

    def __init__(
        self, states: States, path_of: Callable[[str], str], limits: Limits, track: ShowProgress
    ) -> None:
        self._states, self._path_of, self._limits, self._track = states, path_of, limits, track

    def of(self, changes: Sequence[FileChange]) -> Compared:
        """Compare the cards of the files that differ; those that were renamed are told as one.

        That is one that is gone, and one that was added, with the same bytes or else the same identity, where
        no other card that is gone, or added, has them.
        """
        renamed, left = _joined(changes, map(_object, changes))
        changes = [*(changes[at] for at in left), *renamed]
        looks = self._look(changes)
        again: list[FileChange] = []
        for key_of in (_digest, _identity):  # what lies in the working tree has no object
            renamed, left = _joined(changes, map(key_of, looks))
            changes, looks = [changes[at] for at in left], [looks[at] for at in left]
            again += renamed
        looks += self._look(again)
        differences = [look.difference for look in looks if look.difference]
        differences.sort(key=lambda each: each.record.path)
        return Compared(differences, sum(look.is_card and not look.difference for look in looks))

    def _look(self, changes: Sequence[FileChange]) -> list[ComparedFile]:
        return list(self._track(parallel(self._looks, changes), len(changes)))

    def _looks(self, changes: Sequence[FileChange]) -> Iterator[ComparedFile]:
        """Read both sides of some files, and compare them."""
        asked = [{side.object: side for side in change if side and side.object} for change in changes]
        sides = [side for each in asked for side in each.values()]
        with closing(self._states.contents(sides, max_bytes(self._limits))) as contents:
            for (before, after), objects in zip(changes, asked, strict=True):
                given = {name: next(contents) for name in objects}
                new = after and self._side(after, given.get(after.object))
                if new and before and after and before.object == after.object:
                    old: _Read | None = new.at(self._path_of(before.name))
                else:
                    old = before and self._side(before, given.get(before.object))
                yield _looked(old, new, self._limits)

    def _side(self, side: Side, content: bytes | OSError | None) -> _Read | None:
        """Return what a state has: git gave the ``content``, or it lies in the working tree, and is read."""
        path = self._path_of(side.name)
        try:
            if not side.object:
                if os.path.isdir(path):  # a link to a folder
                    return None
                content = read_bytes(path, self._limits)
            elif isinstance(content, OSError):
                raise content
        except (OSError, ValueError) as error:
            return _Read(b"", Parsed(Unreadable(path, "io", system_reason(error))))
        return None if content is None else _Read(content, parse_with_fences(path, content, self._limits))


class _Read(NamedTuple):
    """A file as it was read: its bytes, up to where they are of no interest, and what they hold."""

    source: bytes
    parsed: Parsed

    @property
    def record(self) -> CardOrUnreadable:
        return self.parsed.record

    def at(self, path: str) -> _Read:
        """Return the same as what was read at another path."""
        return self._replace(parsed=self.parsed._replace(record=replace(self.record, path=path)))


def _looked(before: _Read | None, after: _Read | None, limits: Limits) -> ComparedFile:
    one = after or before
    if one is None:
        return ComparedFile(None, is_card=False)
    if before and after:
        parts = list(_parts(before, after))
        found = difference(before.record, after.record, parts)
        if not found and before.source == after.source and not is_whole(after.source, limits):
            found = difference(before.record, after.record, ["body"])  # where it is no longer read
        return ComparedFile(found)
    found = difference(before and before.record, after and after.record)
    digest = content_hash(one.source) if one.source else b""
    return ComparedFile(found, True, digest, one.record.identity if isinstance(one.record, Card) else None)


def _parts(before: _Read, after: _Read) -> Iterator[str]:
    """Yield what of two files differs beside the fields, and is seen on the site."""
    old, new = before.parsed.front, after.parsed.front
    if old and new:
        if old.before != new.before:
            yield "before the fence"
        if old.source[old.body :] != new.source[new.body :]:
            yield "body"


def _joined(changes: Sequence[FileChange], keys: Iterable[Hashable]) -> tuple[list[FileChange], list[int]]:
    """Return the renames among changes: where one that is gone, and one that was added, alone have a key.

    Return also the places of the other changes. What has an empty key is no rename.
    """
    gone, new = _Once(), _Once()
    for at, (change, key) in enumerate(zip(changes, keys, strict=True)):
        if key and not (change.before and change.after):
            (new if change.after else gone).add(key, at)
    pairs = [(at, new.places[key]) for key, at in gone.places.items() if key in new.places]
    paired = {at for pair in pairs for at in pair}
    renamed = [FileChange(changes[old].before, changes[at].after) for old, at in pairs]
    return renamed, [at for at in range(len(changes)) if at not in paired]


class _Once:
    """The places of keys that stand once."""

    def __init__(self) -> None:
        self.places: dict[Hashable, int] = {}
        self._seen: set[Hashable] = set()

    def add(self, key: Hashable, at: int) -> None:
        if key in self._seen:
            self.places.pop(key, None)
        else:
            self._seen.add(key)
            self.places[key] = at


def _object(change: FileChange) -> str:
    side = change.after or change.before
    return side.object if side else ""


def _digest(look: ComparedFile) -> bytes:
    return look.digest


def _identity(look: ComparedFile) -> Identity | None:
    """Return what names a card; nothing where it has neither a URL nor a title."""
    return look.identity if look.identity and any(look.identity[:2]) else None
