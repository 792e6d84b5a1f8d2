"""Cards without their bulky fields, for listings of many: from the index, or else from their files."""

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
from newscards.corpus.index.topics import has_any
from newscards.frontmatter.limits import Limits
from newscards.parallel import parallel

_CARDS_PER_BATCH = 512
"""The number of cards that are requested from the index at a time."""


MIN_INDEXED_CARDS = 200
"""The number of cards from which on an index is used: fewer are read as fast as it is opened."""


class Wanted(Protocol):
    """A condition for cards; those that do not meet it may be left out, which saves most of the work.

    Without an index file, ``has`` may be called with texts that have no ``identities``.
    """

    def ids(self, index: Index, ids: Iterable[int]) -> set[int]:
        """Return those ``ids`` whose cards may be wanted, as far as the index knows."""

    def has(self, text: Encoded) -> bool:
        """Return whether a card may be wanted."""


class OfTopics(NamedTuple):
    """The cards that have one of some topics, given by their keys (``name_key``)."""

    topics: Set[str]

    def ids(self, index: Index, ids: Iterable[int]) -> set[int]:
        """Return as in ``Wanted``."""
        return index.topics.with_any(self.topics)

    def has(self, text: Encoded) -> bool:
        """Return as in ``Wanted``."""
        return has_any(text.topics, self.topics)


def summaries(
    found: FoundCards,
    limits: Limits,
    cache: str,
    *,
    full: bool,
    identities: bool = False,
    wanted: Wanted | None = None,
) -> Iterator[CardOrUnreadable]:
    """Yield the cards that were found, without their bulky fields, through the index in a cache folder.

    ``full``, ``identities`` and ``wanted`` are as in ``IndexedCards``.
    """
    index = index_of(found, limits, cache)
    return iter(IndexedCards(found, limits, index, full=full, identities=identities, wanted=wanted))


def index_of(found: FoundCards, limits: Limits, cache: str) -> Index:
    """Return the index of the cards that were found; one without a file where it is not worth its cost."""
    is_worth_it = cache and found.folder and len(found.paths) >= MIN_INDEXED_CARDS
    return open_index(cache, found.folder, limits) if is_worth_it else Index("")


class ReadFile(NamedTuple):
    """A file that was read.

    ``hash`` is that of its bytes; empty where it could not be read, or no hash was requested. The card is in
    ``text``, and in ``record`` where it has no text; in neither where the hash was the known one.
    """

    hash: bytes
    text: Encoded | None = None
    record: CardOrUnreadable | None = None


def read_if_changed(
    path: str, known: bytes | None, limits: Limits, *, full: bool = True, identities: bool = True
) -> ReadFile:
    """Read a file, and its card unless its bytes have the hash ``known``; ``None`` requests no hash.

    ``full`` and ``identities`` are as in ``encode``.
    """
    from newscards.cards.reader import parse, read, read_bytes  # only where a file is to be read

    try:
        source = read_bytes(path, limits)
    except (OSError, ValueError):
        return ReadFile(b"", record=read(path, limits))
    hash_ = b"" if known is None else content_hash(source)
    if hash_ and hash_ == known:
        return ReadFile(hash_)
    record = parse(path, source, limits)
    text = encode(record, full=full, identities=identities)
    return ReadFile(hash_, text, None if text.brief else _without_bulk(record))


class IndexedCards:
    """The cards of some files, without their bulky fields, from an index, which is brought up to date.

    With ``full`` they have all other fields, else perhaps only those in ``encoding.BRIEF``. With
    ``identities``, their ``identities`` are set. Cards that are not ``wanted`` may be left out.

    A position (``at``) is the index of a file in ``paths`` and in the snapshot. Files that changed, and those
    of cards without a stored text, are read in parallel, in the order of positions; all others come from the
    index, a batch at a time.
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
        self._wanted_ids: set[int] | None = None  # None: all
        self._without_text = set[int]()  # the positions of unchanged files whose cards have no stored text
        self._unread = set[int]()  # the positions of changed files that are still to be read
        self._begun = time.time_ns()
        self._files = Snapshot.of(found.names(), found.paths if index.has_file else ())

    def __iter__(self) -> Iterator[CardOrUnreadable]:
        """Yield the card of each path, or why it cannot be read; update the index at the end."""
        files, index = self._files, self._index
        changed = files.reuse_ids(index.snapshot)
        stored_hashes = index.hashes([files.ids[at] for at in changed])
        self._wanted_ids = self._wanted.ids(index, files.ids) if self._wanted else None
        if ids := index.ids_without_text():
            self._without_text = {at for at, each in enumerate(files.ids) if each in ids} - {*changed}
        self._unread = set(changed)
        to_read = sorted({*changed, *self._without_text})
        hashes = {at: stored_hashes.get(files.ids[at], b"") for at in to_read}
        reads = parallel(lambda positions: (self._read(at, hashes[at]) for at in positions), to_read)
        try:
            for start in range(0, len(self._paths), _CARDS_PER_BATCH):
                batch = range(start, min(start + _CARDS_PER_BATCH, len(self._paths)))
                yield from self._batch(batch, hashes.keys(), reads)
        finally:
            for at in self._unread:
                files.forget(at)  # the iteration ended before it
            if index.has_file:
                if changed:
                    files.forget_racy(self._begun)
                index.finish(files)
            index.close()

    def _read(self, at: int, known: bytes | None) -> ReadFile:
        """Read a file; without an index, its card is encoded only as far as the caller needs it."""
        if self._index.has_file:
            return read_if_changed(self._paths[at], known, self._limits)
        file = read_if_changed(
            self._paths[at], None, self._limits, full=self._full, identities=self._identities
        )
        is_wanted = file.text is None or not file.text.brief or self._wants(file.text)
        return file if is_wanted else ReadFile(b"", _UNWANTED)

    def _batch(
        self, batch: range, to_read: Set[int], reads: Iterator[ReadFile]
    ) -> Iterator[CardOrUnreadable]:
        """Yield the wanted cards at some positions; ``reads`` are the files at those that are ``to_read``."""
        ids, wanted = self._files.ids, self._wanted_ids
        requested = [at for at in batch if wanted is None or ids[at] in wanted]
        requested_ids = [ids[at] for at in requested]
        texts = self._index.texts(requested_ids, full=self._full)
        identities = self._index.identities(requested_ids) if self._identities else {}
        is_whole = len(texts) == len(requested) and (
            len(identities) == len(requested) or not self._identities
        )
        if is_whole and to_read.isdisjoint(batch):  # nearly always: the index has all of them
            cards = decode([self._paths[at] for at in requested], [texts[each] for each in requested_ids])
            yield from (
                map(_with_identities, cards, map(identities.get, requested_ids)) if identities else cards
            )
            return
        yield from self._mixed_batch(batch, to_read, reads, texts, identities)

    def _mixed_batch(
        self,
        batch: range,
        to_read: Set[int],
        reads: Iterator[ReadFile],
        texts: Mapping[int, bytes],
        identities: Mapping[int, bytes],
    ) -> Iterator[CardOrUnreadable]:
        """Yield the cards of a batch, some of them read from their files, and store what is new.

        ``texts`` and ``identities`` are those that the index has of the wanted cards, by id. A text is empty
        for a card that has none, and missing where there is no row or a damaged one.
        """
        ids, wanted = self._files.ids, self._wanted_ids
        to_decode: dict[int, bytes] = {}
        records: dict[int, CardOrUnreadable] = {}
        found_identities: dict[int, bytes] = {}
        for at in batch:
            text, file = texts.get(ids[at]), next(reads) if at in to_read else ReadFile(b"")
            is_stored = at in self._without_text or not (file.text or file.record)
            is_known = text and (ids[at] in identities or not self._identities)
            is_wanted = wanted is None or ids[at] in wanted
            if is_wanted and not (is_known or file.text or file.record):  # the row is damaged, or has no text
                file = read_if_changed(self._paths[at], b"", self._limits)
                is_stored = text is not None
            found_identities[at] = file.text.identities if file.text else identities.get(ids[at], b"")
            if not is_stored or (file.text and file.text.brief):
                text = self._store(at, file)
            self._unread.discard(at)  # only now: after an interruption before, the next run reads it again
            if file.record:
                records[at] = file.record
            elif text:
                to_decode[at] = text
        decoded = decode([self._paths[at] for at in to_decode], to_decode.values())
        records |= zip(to_decode, decoded, strict=True)
        for at in batch:
            if record := records.get(at):
                yield _with_identities(record, found_identities[at])

    def _store(self, at: int, file: ReadFile) -> bytes | None:
        """Store the card of a file that was read; return its text if it has one and is wanted."""
        text = file.text or Encoded(b"", b"")
        self._files.ids[at] = self._index.add(file.hash, text) if file.hash else 0
        if self._index.has_file and not self._files.ids[at]:
            self._files.forget(at)
        return (text.full if self._full else text.brief) if self._wants(text) else None

    def _wants(self, text: Encoded) -> bool:
        return self._wanted is None or self._wanted.has(text)


_UNWANTED = Encoded(b"", b"", ())


def _with_identities(record: CardOrUnreadable, identities: bytes | None) -> CardOrUnreadable:
    """Return a card with its identities, if they are known."""
    if identities and isinstance(record, Card):
        record.identities = identities
    return record


def _without_bulk(record: CardOrUnreadable) -> CardOrUnreadable:
    return record.without_bulk() if isinstance(record, Card) else record
