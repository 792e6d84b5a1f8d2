"""The comparison of cards in two states of a git repository: files that differ are read and renames found."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import NamedTuple

from newscards.cards.card import Card, CardOrUnreadable, Identity, Unreadable
from newscards.cards.reader import Parsed, is_whole, max_bytes, parse_with_fences, read_bytes
from newscards.corpus.discovery import is_card, path_not_found
from newscards.corpus.index.snapshot import content_hash
from newscards.diff.card_diff import Difference, difference
from newscards.diff.git import Repository
from newscards.diff.pairs import same_keys
from newscards.diff.revisions import Changed, FileChange, Side, States
from newscards.errors import NewscardsError, PathNotFoundError, system_reason
from newscards.frontmatter.limits import Limits
from newscards.layout import news_folder, site_root
from newscards.parallel import parallel
from newscards.text import path_text


class TrackedFolder(NamedTuple):
    """A folder of cards as the user named it, its repository, and its path from the top, with ``/``."""

    folder: str
    repository: Repository
    inner: str
    endings: tuple[str, ...]

    @classmethod
    def of(cls, folder: str, endings: tuple[str, ...], caller: str) -> TrackedFolder:
        """Return a folder with its repository; it may exist only in a former state.

        Raises ``NewscardsError`` for a file, for a folder outside any repository, and if git fails.
        """
        if os.path.isfile(folder):
            raise NewscardsError(f"{path_text(folder)} is a file", "name the folder of the cards")
        if os.path.islink(root := site_root(folder)):
            folder = root
        real = os.path.realpath(folder)
        existing = real
        while not os.path.isdir(existing):
            existing = os.path.dirname(existing)
        try:
            repository = Repository.around(existing, caller)
        except NewscardsError:
            if existing != real:
                raise path_not_found(folder) from None
            raise
        inner = os.path.relpath(real, repository.top)
        if inner.split(os.sep)[0] == os.pardir:
            raise NewscardsError(f"{path_text(folder)} is not in the working tree {repository.top}")
        return cls(folder, repository, "" if inner == os.curdir else inner.replace(os.sep, "/"), endings)

    def path_of(self, name: str) -> str:
        """Return a path from the repository's top as a path below the folder as the user named it."""
        inside = name[len(self.inner) + 1 :] if self.inner else name
        folder = "" if os.path.normpath(self.folder) == os.curdir else self.folder
        return os.path.join(folder, inside.replace("/", os.sep))

    def changed(self, states: States) -> Changed:
        """Return the cards that differ between two states, and the submodules, whose cards are not compared.

        Raises ``NewscardsError`` if neither state has a card.
        """
        changed = states.changed(self.inner)
        tests = [self.test(states, state) for state in (states.before, states.after)]
        files = list(_cards(changed.files, *tests))
        if not (files or changed.submodules or self._has_cards(states, tests)):
            if not os.path.isdir(self.folder):
                raise path_not_found(self.folder)
            raise PathNotFoundError(
                f"git knows of no cards in {path_text(self.folder)}",
                "they may be ignored, or named as Jekyll leaves out: with `_`, `.` or `#` first or `~` last",
            )
        return Changed(files, changed.submodules)

    def test(self, states: States, state: str) -> Callable[[Side], bool]:
        """Return a function that returns whether a file of a state is a card."""
        inside = bool(news_folder(os.path.join(self.repository.top, self.inner)))
        start = len(self.inner) + 1 if self.inner else 0
        folders = frozenset[str]() if inside else states.folders(self.inner, state)

        def holds_site(above: str) -> bool:
            news = "/".join(filter(None, (self.inner, above, "_news")))
            return news in folders or (not state and os.path.isdir(os.path.join(self.repository.top, news)))

        return lambda side: is_card(side.name[start:], holds_site, self.endings, inside=inside)

    def _has_cards(self, states: States, tests: list[Callable[[Side], bool]]) -> bool:
        sides = zip((states.before, states.after), tests, strict=True)
        return any(test(Side(name)) for state, test in sides for name in states.files(self.inner, state))


def _cards(
    changes: list[FileChange], was_card: Callable[[Side], bool], is_now: Callable[[Side], bool]
) -> Iterator[FileChange]:
    """Yield the changes of cards; a file that is a card in only one state is added or gone."""
    for before, after in changes:
        old = before if before and was_card(before) else None
        new = after if after and is_now(after) else None
        if old or new:
            yield FileChange(old, new)


class ComparedFile(NamedTuple):
    """The result for one file that differs; ``difference`` is ``None`` if all values are the same.

    ``is_card`` is false where both states have only a link to a folder. ``checksum`` (of the bytes) and
    ``identity`` are set only for a card that one state lacks: by them renames are found.
    """

    difference: Difference | None
    is_card: bool = True
    checksum: bytes = b""
    identity: Identity | None = None


class Compared(NamedTuple):
    """The cards that differ, sorted by path, and the number of files that differ with the same values."""

    differences: list[Difference]
    unchanged: int


ShowProgress = Callable[[Iterable[ComparedFile], int], Iterable[ComparedFile]]
"""A function that passes on compared files, whose number it is given, and shows the progress."""


class Comparison:
    """The comparison of the cards of two states.

    ``path_of`` turns a path from the repository's top into one that the user can open.
    """

    def __init__(
        self, states: States, path_of: Callable[[str], str], limits: Limits, show_progress: ShowProgress
    ) -> None:
        self._states, self._path_of, self._limits = states, path_of, limits
        self._show_progress = show_progress

    def of(self, changes: Sequence[FileChange]) -> Compared:
        """Compare the cards of the files that differ, and join a deletion and an addition into a rename.

        They are joined if both have the same bytes, or else the same identity, and no other card that is gone
        or added has them.
        """
        renamed, left = split_renames(changes, map(object_of, changes))
        changes = [*(changes[at] for at in left), *renamed]
        compared = self.compare(changes)
        renames: list[FileChange] = []
        for key_of in (_checksum, _identity):  # a file of the working tree may have no object name
            renamed, left = split_renames(changes, map(key_of, compared))
            changes, compared = [changes[at] for at in left], [compared[at] for at in left]
            renames += renamed
        compared += self.compare(renames)
        differences = [file.difference for file in compared if file.difference]
        differences.sort(key=lambda each: each.record.path)
        return Compared(differences, sum(file.is_card and not file.difference for file in compared))

    def compare(self, changes: Sequence[FileChange]) -> list[ComparedFile]:
        """Return the result for each file, in their order; no renames are found."""
        return list(self._show_progress(parallel(self._compare_batch, changes), len(changes)))

    def _compare_batch(self, changes: Sequence[FileChange]) -> Iterator[ComparedFile]:
        """Read both sides of each file and compare them; git is asked once for all of them.

        An object that the file before has too is not read again: in the history of a card each one is the
        later side of one change and the former of the next.
        """
        objects = [{side.object: side for side in change if side and side.object} for change in changes]
        new = [
            {name: side for name, side in each.items() if not at or name not in objects[at - 1]}
            for at, each in enumerate(objects)
        ]
        sides = [side for each in new for side in each.values()]
        read: dict[str, _Read | None] = {}
        with closing(self._states.contents(sides, max_bytes(self._limits))) as contents:
            for change, named, unread in zip(changes, objects, new, strict=True):
                read = {name: each for name, each in read.items() if name in named}
                read |= {name: self._side(side, next(contents)) for name, side in unread.items()}
                before, after = (side and self._read(side, read) for side in change)
                yield _compare_file(before, after, self._limits)

    def _read(self, side: Side, read: Mapping[str, _Read | None]) -> _Read | None:
        """Return one side of a file, from those that are read by their objects, or from the working tree."""
        if not side.object:
            return self._side(side, None)
        found = read[side.object]
        return found and found.at(self._path_of(side.name))

    def _side(self, side: Side, content: bytes | OSError | None) -> _Read | None:
        """Read one side of a file: from ``content``, as git has it, or from the working tree."""
        path = self._path_of(side.name)
        try:
            if not side.object:
                if os.path.isdir(path):  # a link to a folder
                    return None
                content = read_bytes(path, self._limits)
                if side.problem:
                    raise OSError(f"git cannot store it: {side.problem}")
            elif isinstance(content, OSError):
                raise content
        except (OSError, ValueError) as error:
            return _Read(b"", Parsed(Unreadable(path, "io", system_reason(error))))
        return None if content is None else _Read(content, parse_with_fences(path, content, self._limits))


class _Read(NamedTuple):
    """One side of a file: its bytes, up to the limit of what is read, and the card parsed from them."""

    source: bytes
    parsed: Parsed

    @property
    def record(self) -> CardOrUnreadable:
        return self.parsed.record

    def at(self, path: str) -> _Read:
        """Return the same card under another path."""
        return self._replace(parsed=self.parsed._replace(record=replace(self.record, path=path)))


def _compare_file(before: _Read | None, after: _Read | None, limits: Limits) -> ComparedFile:
    present = after or before
    if present is None:
        return ComparedFile(None, is_card=False)
    if before and after:
        parts = list(_parts(before, after))
        changed = difference(before.record, after.record, parts)
        if not changed and before.source == after.source and not is_whole(after.source, limits):
            changed = difference(before.record, after.record, ["body"])  # they differ beyond what is read
        return ComparedFile(changed)
    changed = difference(before and before.record, after and after.record)
    checksum = content_hash(present.source) if present.source else b""
    record = present.record
    return ComparedFile(changed, True, checksum, record.identity if isinstance(record, Card) else None)


def _parts(before: _Read, after: _Read) -> Iterator[str]:
    """Yield the names of the parts outside the front matter that differ and that the site shows."""
    old, new = before.parsed.front, after.parsed.front
    if old and new:
        if old.before != new.before:
            yield "before the fence"
        if old.source[old.body :] != new.source[new.body :]:
            yield "body"


def split_renames(
    changes: Sequence[FileChange], keys: Iterable[Hashable]
) -> tuple[list[FileChange], list[int]]:
    """Return the renames among changes, and the indices of all other changes.

    A rename is one deletion and one addition with the same key that no other deletion or addition has. An
    empty key never makes a rename.
    """
    gone, new = list[tuple[Hashable, int]](), list[tuple[Hashable, int]]()
    for at, (change, key) in enumerate(zip(changes, keys, strict=True)):
        if not (change.before and change.after):
            (new if change.after else gone).append((key, at))
    pairs = same_keys(gone, new)
    paired = {at for pair in pairs for at in pair}
    renamed = [FileChange(changes[old].before, changes[at].after) for old, at in pairs]
    return renamed, [at for at in range(len(changes)) if at not in paired]


def object_of(change: FileChange) -> str:
    """Return the object name of a file that is added or gone; empty for a file of the working tree."""
    side = change.after or change.before
    return side.object if side else ""


def _checksum(file: ComparedFile) -> bytes:
    return file.checksum


def _identity(file: ComparedFile) -> Identity | None:
    """Return the identity of a card; ``None`` if it has neither a URL nor a title."""
    return file.identity if file.identity and any(file.identity[:2]) else None
