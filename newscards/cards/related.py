"""Entries of ``related``: the cards that they copy and name, and groups of cards that list one another.

The identities of a card and of its entries can be encoded as numbers. The index stores them, so that stories
are found without reading ``related``.
"""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar
from zlib import crc32

from newscards.cards.card import Card, Identity, identity, whole_number

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Copy(NamedTuple):
    """The fields that an entry of ``related`` copies from another card.

    Texts are in the form of ``text_cleanup.plain``; a value that is missing or of another type is ``None``.
    """

    identity: Identity
    excerpt: str | None
    quality: int | float | None
    type: str | None
    provider: str | None

    @property
    def url(self) -> str:
        """``webUrl``; empty for a video."""
        return self.identity[0]

    @property
    def title(self) -> str:
        """The title; empty where there is none."""
        return self.identity[1]

    @property
    def date(self) -> datetime | None:
        """``publishedDateTime``."""
        return self.identity[2]

    @property
    def names_something(self) -> bool:
        """Whether it has a URL or a title by which a card can be found."""
        return bool(self.url or self.title)


def copy_from(fields: Mapping[Any, Any]) -> Copy:
    """Return the copy from the fields of a card, or of an entry of ``related``."""
    from newscards.cards.text_cleanup import plain  # not at the top, because most listings do not need it

    def text(value: Any) -> str | None:
        return plain(value) if isinstance(value, str) else None

    provider = fields.get("provider")
    return Copy(
        identity(fields),
        text(fields.get("excerpt")),
        whole_number(fields.get("quality")),
        text(fields.get("type")),
        text(provider.get("name")) if isinstance(provider, dict) else None,
    )


# Caches by `id()`, because an entry is a dict, which cannot be hashed, and `frontmatter` gives one object for
# equal entries: an entry that stands in many cards is copied once, without comparing its values. `_ENTRIES`
# keeps the entries alive, because Python may give the id of a deleted object to another one.
_ENTRIES: dict[int, Any] = {}
_COPIES: dict[int, Copy] = {}
_MAX_ENTRIES = 8192


def copies_of(card: Card) -> tuple[Copy | None, ...]:
    """Return the copies in ``related``, each at its index; ``None`` for an entry that is not a mapping."""
    related = card.fields.get("related")
    if not isinstance(related, list):
        return ()
    known = tuple(map(_COPIES.get, map(id, related)))
    return tuple(map(_entry, related)) if None in known else known


def _entry(entry: Any) -> Copy | None:
    if not isinstance(entry, dict):
        return None
    copy = _COPIES.get(id(entry))
    if copy is None:
        if len(_ENTRIES) >= _MAX_ENTRIES:
            _ENTRIES.clear()
            _COPIES.clear()
        _ENTRIES[id(entry)] = entry
        copy = _COPIES[id(entry)] = copy_from(entry)
    return copy


def connected_groups(listed: Mapping[K, Iterable[K]]) -> list[list[K]]:
    """Return the connected components of the graph in which each key is connected to those that it lists.

    The groups, and the keys in each, are in the order of ``listed``. All that is listed must be a key.
    """
    # Each key begins as a group of its own. A list of keys merges their groups, the smaller into the largest.
    group_of = {key: number for number, key in enumerate(listed)}
    members = {number: [key] for key, number in group_of.items()}
    for key, others in listed.items():
        merged = {group_of[key], *map(group_of.__getitem__, others)}
        if len(merged) > 1:
            largest = max(merged, key=lambda number: len(members[number]))
            for number in merged - {largest}:
                moved = members.pop(number)
                members[largest] += moved
                group_of |= dict.fromkeys(moved, largest)
    return [*grouped((group_of[key], key) for key in listed).values()]


def grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """Return the values of each key, in the order of ``pairs``."""
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


NAMELESS = 0
"""The number of an entry that names no card: one without URL and title, or that is not a mapping."""


def identities_of(card: Card) -> bytes:
    """Return the encoded identities of a card and of the entries of its ``related``, in their order.

    First come the checksums of all URLs, then those of title and date, four bytes each.
    """
    return _encoded([card.identity, *(copy.identity if copy else None for copy in copies_of(card))])


def _encoded(identities: Sequence[Identity | None]) -> bytes:
    urls = array("I", [url_checksum(each[0]) if each else NAMELESS for each in identities])
    return (urls + array("I", map(_rest_checksum, identities))).tobytes()


def url_checksums_in(encoded: bytes) -> array[int]:
    """Return the checksums (``url_checksum``) of the URLs in encoded identities."""
    return array("I", encoded[: len(encoded) // 2])


def identity_numbers(card: Card) -> list[int]:
    """Return the identities of a card and of the entries of its ``related``, as ``decode_identities`` does.

    A card that was read without its ``related`` must have its ``identities``.
    """
    return decode_identities(card.identities or identities_of(card))


def identity_number(card: Card) -> int:
    """Return the first of ``identity_numbers``, the card's own, without reading its ``related``."""
    encoded, half = card.identities, len(card.identities) // 2
    own = encoded[:4] + encoded[half : half + 4] if encoded else _encoded([card.identity])
    return decode_identities(own)[0]


def decode_identities(encoded: bytes) -> list[int]:
    """Return encoded identities as numbers, the card's own first; ``NAMELESS`` where no card is named."""
    rest = array("I", encoded[len(encoded) // 2 :])
    pairs = zip(url_checksums_in(encoded), rest, strict=True)
    return [url << 32 | other if other else NAMELESS for url, other in pairs]


@lru_cache(maxsize=16384)
def url_checksum(url: str) -> int:
    """Return the checksum of a URL, remembered because all cards of a story have the URL."""
    return crc32(url.encode(errors="surrogatepass"))


@lru_cache(maxsize=16384)
def _rest_checksum(identity: Identity | None) -> int:
    """Return the checksum of title and date, never 0 if a card is named."""
    if identity is None or not (identity[0] or identity[1]):
        return NAMELESS
    _, title, date = identity
    return crc32(f"{title}\0{date}".encode(errors="surrogatepass")) or 1
