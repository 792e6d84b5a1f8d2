"""Cards found by a URL: the files that mention it, and the copies of a card in the ``related`` of others."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any, NamedTuple

from newscards.cards.card import Card, Identity, identity
from newscards.cards.fields import field_at
from newscards.cards.reader import read, read_bytes
from newscards.cards.related import url_checksum, url_checksums_in
from newscards.corpus.discovery import FoundCards
from newscards.corpus.index.database import Index
from newscards.corpus.index.encoding import Encoded
from newscards.corpus.index.summaries import IndexedCards, index_of
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.parallel import parallel

if TYPE_CHECKING:
    from newscards.frontmatter.nodes import Step

_PLAIN = rb"""[^\x00- \x7f-\xff"'\\,\[\]{}#]+"""
"""The beginning of a URL, up to a character that YAML can write in several ways or that may end it."""
_BEGINNING = re.compile(_PLAIN)
_URL = re.compile(rb"""webUrl["']?[ \t]*:[ \t]*["']?(""" + _PLAIN + rb")")
_UNCOMMON = re.compile(rb"""webUrl["']?[ \t]*(?:[\r\n]|:[ \t]*(?:"[^"\n]*\\|[\r\n|>&*!]))""")
"""A URL that may be written differently in the file: with an escape, on another line, as an alias."""
_ESCAPED = re.compile(rb"\\(?:x|u00|U000000)(?:77|65|62|55|72|6[cC])")
"""An escaped letter of ``webUrl``, which may be part of that key."""


class WithUrls(NamedTuple):
    """The cards that have one of some URLs, or name one under ``related``; given by ``url_checksum``."""

    checksums: Set[int]

    def ids(self, index: Index, ids: Iterable[int]) -> set[int]:
        """Return as ``summaries.Wanted`` has it."""
        return index.with_urls(self.checksums, ids)

    def has(self, text: Encoded) -> bool:
        """Return as ``summaries.Wanted`` has it."""
        return not self.checksums.isdisjoint(url_checksums_in(text.identities))


def files_mentioning(found: FoundCards, limits: Limits, cache: str, urls: Iterable[str]) -> Sequence[str]:
    """Return the files that may mention one of some URLs; a file that does is never missing.

    They are found through the index in a cache folder, or without one, by the bytes of each file. An empty
    URL is that of a card or an entry that has none.
    """
    urls = frozenset(urls)
    index = index_of(found, limits, cache)
    if index.has_file:
        wanted = WithUrls(frozenset(map(url_checksum, urls)))
        return [record.path for record in IndexedCards(found, limits, index, full=False, wanted=wanted)]
    beginnings = frozenset(map(_beginning, urls))
    if b"" in beginnings:
        return found.paths
    checks = parallel(lambda paths: (_may_mention(path, beginnings, limits) for path in paths), found.paths)
    return [path for path, mentions in zip(found.paths, checks, strict=True) if mentions]


def _beginning(url: str) -> bytes:
    match = _BEGINNING.match(url.encode(errors="replace"))
    return match[0] if match else b""


def _may_mention(path: str, beginnings: Collection[bytes], limits: Limits) -> bool:
    """Return whether a file may contain a URL with one of these beginnings."""
    try:
        source = read_bytes(path, limits)
    except (OSError, ValueError):
        return False
    if any(url in beginnings for url in _URL.findall(source)):
        return True
    return any(pattern.search(source) for pattern in (_UNCOMMON, _ESCAPED))


class RelatedCopy(NamedTuple):
    """An entry of ``related`` that copies a card: its file, its position in the list, and its fields."""

    path: str
    position: int
    entry: Mapping[Any, Any]


def is_copied(path: tuple[Step, ...]) -> bool:
    """Return whether entries of ``related`` copy a field; they do not copy ``images``, which may differ."""
    return bool(path) and path[0] != "images" and field_at(("related", 0, *path)) is not None


def find_copies(
    identities: Collection[Identity], paths: Iterable[str], limits: Limits = LIMITS
) -> dict[Identity, list[RelatedCopy]]:
    """Return the entries that copy the cards of some identities (``card.identity``), by identity.

    An entry that names no card but has the URL of exactly one is a copy of it, too: only one of both got
    another title or date, as the rule ``related-stale`` reports. ``paths`` are the files of all cards that
    may have or name one of the URLs (``files_mentioning``). Cards that cannot be read are skipped.
    """
    found: dict[Identity, list[RelatedCopy]] = {}
    strays: dict[Identity, list[RelatedCopy]] = {}
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
                    RelatedCopy(path, index, entry)
                )
    for named, listed in strays.items():
        cards = owners.get(named[0], set()) if named[0] else set()
        if len(cards) == 1 and named not in cards and cards <= set(identities):
            found.setdefault(next(iter(cards)), []).extend(listed)
    return found
