"""Cards without their bulk, for listings of many: from the index if they are known, else from their files."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import NamedTuple, Protocol

from newscards.cards.card import Card, CardOrUnreadable
from newscards.corpus.discovery import FoundCards
from newscards.corpus.index.database import Index
from newscards.corpus.index.encoding import Encoded, decode, encode
from newscards.corpus.index.folder import open_index
from newscards.corpus.index.snapshot import Snapshot, content_hash
from newscards.corpus.index.topics import has_one
from newscards.frontmatter.limits import Limits
from newscards.parallel import parallel

_AT_ONCE = 512
"""How many cards are asked of the index at a time."""


LEAST = 200
"""For how many cards an index is worth its while: fewer are read as fast as it is opened."""


class Wanted(Protocol):
    """Which cards are wanted: others may be left out, which saves most of the work where few are.

    Without an index to be kept, ``has`` is asked of texts that may have no ``identities``.
    """

    def ids(self, index: Index, ids: Iterable[int]) -> set[int]:
        """Return those of some ids whose cards may be wanted, as far as an index knows."""

    def has(self, text: Encoded) -> bool:
        """Tell whether a card may be wanted."""


class OfTopics(NamedTuple):
    """The cards that have one of some topics, in folded case."""

    topics: Set[str]

    def ids(self, index: Index, ids: Iterable[int]) -> set[int]:
        """Return as in ``Wanted``."""
        return index.topics.having(self.topics)

    def has(self, text: Encoded) -> bool:
        """Return as in ``Wanted``."""
        return has_one(text.topics, self.topics)


def summaries(
    found: FoundCards,
    limits: Limits,
    cache: str,
    *,
    full: bool,
    identities: bool = False,
    wanted: Wanted | None = None,
) -> Iterator[CardOrUnreadable]:
    """Yield the cards that were found, without their bulk, by way of the index in a cache folder, if any.

    ``full``, ``identities`` and ``wanted`` are as in ``Records``.
    """
    index = index_of(found, limits, cache)
    return iter(Records(found, limits, index, full=full, identities=identities, wanted=wanted))


def index_of(found: FoundCards, limits: Limits, cache: str) -> Index:
    """Return the index in a cache folder of cards that were found; one that keeps nothing where few were."""
    is_worth_it = cache and found.folder and len(found.paths) >= LEAST
    return open_index(cache, found.folder, limits) if is_worth_it else Index("")


class ReadFile(NamedTuple):
    """What became of looking at a file.

    ``hash`` is that of its bytes; empty where it could not be read, or no hash was asked for. Of the card
    there is ``text``, and where that does not say it, ``record``; neither where the hash was known.
    """

    hash: bytes
    text: Encoded | None = None
    record: CardOrUnreadable | None = None


def look(
    path: str, known: bytes | None, limits: Limits, *, full: bool = True, identities: bool = True
) -> ReadFile:
    """Read a file whose bytes may have the hash ``known``; ``None``: no hash is asked for.

    ``full`` and ``identities`` are as in ``encode``.
    """
    from newscards.cards.reader import parse, read, read_bytes  # only where a file is to be read

    try:
        source = read_bytes(path, limits)
    except (OSError, ValueError):
        return ReadFile(b"", record=read(path, limits))
    found = b"" if known is None else content_hash(source)
    if found and found == known:
        return ReadFile(found)
    record = parse(path, source, limits)
    text = encode(record, full=full, identities=identities)
    return ReadFile(found, text, None if text.brief else _without_bulk(record))


class Records:
    """The cards of some files, without their bulk, from an index, which is brought up to date.

    ``full``: with all other fields; else perhaps with those alone that ``encoding.BRIEF`` names. With
    ``identities``, cards have these. Cards that are not ``wanted`` may be left out.
    """

    def __init__(
        self,
        found: FoundCards,
        limits: Limits,
        index: Index,
        *,
        full: bool,
        identities: bool = False,
        wanted: Wanted | None,
    ) -> None:
        self._paths, self._limits, self._index = found.paths, limits, index
        self._full, self._identities, self._wanted = full, identities, wanted
        self._ids: set[int] | None = None  # of the cards that may be wanted
        self._odd, self._unread = set[int](), set[int]()  # of what is unchanged, and what is to be looked at
        self._begun = time.time_ns()
        self._files = Snapshot.of(found.names(), found.paths if index.keeps else ())

    def __iter__(self) -> Iterator[CardOrUnreadable]:
        """Yield the card of each path, or why it cannot be read; what it learns is kept at the end."""
        files, index = self._files, self._index
        changed = files.take_over(index.snapshot)
        known = index.hashes([files.ids[at] for at in changed])
        self._ids = self._wanted.ids(index, files.ids) if self._wanted else None
        odd = index.odd()
        self._odd = {at for at, each in enumerate(files.ids) if each in odd} - {*changed} if odd else set()
        self._unread = set(changed)
        hashes = {at: known.get(files.ids[at], b"") for at in sorted({*changed, *self._odd})}
        looks = parallel(lambda some: (self._look(at, hashes[at]) for at in some), [*hashes])
        try:
            for start in range(0, len(self._paths), _AT_ONCE):
                yield from self._some(range(start, min(start + _AT_ONCE, len(self._paths))), hashes, looks)
        finally:
            for at in self._unread:
                files.forget(at)  # nobody wanted to know of it
            if index.keeps:
                if changed:
                    files.forget_racy(self._begun)
                index.finish(files)
            index.close()

    def _look(self, at: int, known: bytes | None) -> ReadFile:
        """Look at a file. Where nothing is kept, no more is made of its card than is asked for."""
        if self._index.keeps:
            return look(self._paths[at], known, self._limits)
        looked = look(self._paths[at], None, self._limits, full=self._full, identities=self._identities)
        is_wanted = looked.text is None or not looked.text.brief or self._wants(looked.text)
        return looked if is_wanted else ReadFile(b"", _UNWANTED)

    def _some(
        self, some: range, hashes: Mapping[int, bytes], looks: Iterator[ReadFile]
    ) -> Iterator[CardOrUnreadable]:
        ids, wanted = self._files.ids, self._ids
        asked = [at for at in some if wanted is None or ids[at] in wanted]
        asked_ids = [ids[at] for at in asked]
        texts = self._index.texts(asked_ids, full=self._full)
        named = self._index.identities(asked_ids) if self._identities else {}
        is_whole = len(texts) == len(asked) and (len(named) == len(asked) or not self._identities)
        if is_whole and hashes.keys().isdisjoint(some):  # as nearly always
            decoded = decode([self._paths[at] for at in asked], [texts[each] for each in asked_ids])
            yield from map(_with, decoded, map(named.get, asked_ids)) if named else decoded
            return
        found: dict[int, bytes] = {}
        others: dict[int, CardOrUnreadable] = {}
        new: dict[int, bytes] = {}
        for at in some:
            text, looked = texts.get(ids[at]), next(looks) if at in hashes else ReadFile(b"")
            # A row without text is that of an odd card, and where there is no row, it is missing.
            is_same = at in self._odd or not (looked.text or looked.record)
            is_known = text and (ids[at] in named or not self._identities)
            is_wanted = wanted is None or ids[at] in wanted
            if is_wanted and not (is_known or looked.text or looked.record):
                looked = look(self._paths[at], b"", self._limits)
                is_same = text is not None
            new[at] = looked.text.identities if looked.text else named.get(ids[at], b"")
            if not is_same or (looked.text and looked.text.brief):
                text = self._keep(at, looked)
            self._unread.discard(at)  # only now: an interruption before leaves the file to be read again
            if looked.record:
                others[at] = looked.record
            elif text:
                found[at] = text
        records = dict(zip(found, decode([self._paths[at] for at in found], found.values()), strict=True))
        for at in some:
            if record := others.get(at) or records.get(at):
                yield _with(record, new[at])

    def _keep(self, at: int, looked: ReadFile) -> bytes | None:
        """Keep a card that was looked at; return its text where it is wanted, and has one."""
        text = looked.text or Encoded(b"", b"")
        self._files.ids[at] = self._index.add(looked.hash, text) if looked.hash else 0
        if self._index.keeps and not self._files.ids[at]:
            self._files.forget(at)
        return (text.full if self._full else text.brief) if self._wants(text) else None

    def _wants(self, text: Encoded) -> bool:
        return self._wanted is None or self._wanted.has(text)


_UNWANTED = Encoded(b"", b"", ())


def _with(record: CardOrUnreadable, identities: bytes | None) -> CardOrUnreadable:
    """Return what was just read with its identities, where they are known."""
    if identities and isinstance(record, Card):
        record.identities = identities
    return record


def _without_bulk(record: CardOrUnreadable) -> CardOrUnreadable:
    return record.without_bulk() if isinstance(record, Card) else record
