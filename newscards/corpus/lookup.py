"""Find cards by a URL: the files that mention it, and the copies of a card in the ``related`` of others."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from typing import Any, NamedTuple

from newscards.cards.card import Card, Identity, identity
from newscards.cards.fields import field_at
from newscards.cards.reader import read, read_bytes
from newscards.cards.related import url_checksum, url_checksums_in
from newscards.corpus.discovery import FoundCards
from newscards.corpus.index.database import Index
from newscards.corpus.index.encoding import Encoded
from newscards.corpus.index.summaries import Records, index_of
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.frontmatter.nodes import Step
from newscards.parallel import parallel

_PLAIN = rb"""[^\x00- \x7f-\xff"'\\,\[\]{}#]+"""
"""The beginning of a URL up to the first character that may be written in several ways, or end it."""
_BEGINNING = re.compile(_PLAIN)
_URL = re.compile(rb"""webUrl["']?[ \t]*:[ \t]*["']?(""" + _PLAIN + rb")")
_UNCOMMON = re.compile(rb"""webUrl["']?[ \t]*(?:[\r\n]|:[ \t]*(?:"[^"\n]*\\|[\r\n|>&*!]))""")
"""A URL that need not stand in the file as it is: with an escape, on another line, an alias."""
_ESCAPED = re.compile(rb"\\(?:x|u00|U000000)(?:77|65|62|55|72|6[cC])")
"""A letter of ``webUrl`` that is escaped, perhaps in that key."""


class WithUrls(NamedTuple):
    """The cards that have one of some URLs, or name one under ``related``; by ``url_checksum``."""

    sums: Set[int]

    def ids(self, index: Index, ids: Iterable[int]) -> set[int]:
        """Return as ``records.Wanted`` has it."""
        return index.with_urls(self.sums, ids)

    def has(self, text: Encoded) -> bool:
        """Return as ``records.Wanted`` has it."""
        return not self.sums.isdisjoint(url_checksums_in(text.identities))


def holding(found: FoundCards, limits: Limits, cache: str, urls: Iterable[str]) -> Sequence[str]:
    """Return the files that may hold one of some URLs: all that do, whatever way it is written in.

    By way of the index in a cache folder; without one, by the bytes of each file. An empty URL is that of a
    card, or an entry, that has none.
    """
    urls = frozenset(urls)
    index = index_of(found, limits, cache)
    if index.keeps:
        wanted = WithUrls(frozenset(map(url_checksum, urls)))
        return [record.path for record in Records(found, limits, index, full=False, wanted=wanted)]
    beginnings = frozenset(map(_beginning, urls))
    if b"" in beginnings:
        return found.paths
    checks = parallel(lambda some: (_may_hold(path, beginnings, limits) for path in some), found.paths)
    return [path for path, holds in zip(found.paths, checks, strict=True) if holds]


def _beginning(url: str) -> bytes:
    match = _BEGINNING.match(url.encode(errors="replace"))
    return match[0] if match else b""


def _may_hold(path: str, beginnings: Collection[bytes], limits: Limits) -> bool:
    """Tell whether a URL that begins so may stand in a file."""
    try:
        source = read_bytes(path, limits)
    except (OSError, ValueError):
        return False
    if any(url in beginnings for url in _URL.findall(source)):
        return True
    return any(pattern.search(source) for pattern in (_UNCOMMON, _ESCAPED))


class Listed(NamedTuple):
    """An entry that copies a card: the file in which it stands, at which index, and what it says."""

    path: str
    at: int
    entry: Mapping[Any, Any]


def is_copied(path: tuple[Step, ...]) -> bool:
    """Tell whether entries of ``related`` repeat a field; their images are images of their own (CARDS.md)."""
    return bool(path) and path[0] != "images" and field_at(("related", 0, *path)) is not None


def find_copies(
    identities: Collection[Identity], paths: Iterable[str], limits: Limits = LIMITS
) -> dict[Identity, list[Listed]]:
    """Return the entries that copy the cards of some identities (``card.identity``), by it.

    An entry that names no card, but has the URL of a single one, copies that: title or date were changed in
    one of them alone, which is what ``related-stale`` tells. ``paths`` are of all cards that may have one of
    their URLs, or name one (``holding``). Cards that cannot be read have no copies.
    """
    found: dict[Identity, list[Listed]] = {}
    strays: dict[Identity, list[Listed]] = {}
    owners: dict[str, set[Identity]] = {}
    for path in paths if identities else ():
        record = read(path, limits)
        if not isinstance(record, Card):
            continue
        owners.setdefault(record.identity[0], set()).add(record.identity)
        related = record.fields.get("related")
        for index, entry in enumerate(related if isinstance(related, list) else ()):
            if isinstance(entry, dict):
                named = identity(entry)
                (found if named in identities else strays).setdefault(named, []).append(
                    Listed(path, index, entry)
                )
    for named, listed in strays.items():
        cards = owners.get(named[0], set()) if named[0] else set()
        if len(cards) == 1 and named not in cards and cards <= set(identities):
            found.setdefault(next(iter(cards)), []).extend(listed)
    return found
