"""Entries of ``related``: what they copy and whom they name, and the sets of cards that list one another.

By the numbers the stories of a corpus are found, and who names whom, without a look at ``related`` itself.
"""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar
from zlib import crc32

from newscards.cards.card import Card, Identity, identity, whole_number

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Copy(NamedTuple):
    """What an entry of ``related`` says of the card that it copies.

    Texts are as ``text_cleanup.plain`` has them; what is not there, or of another type, is ``None``.
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
        """Whether there is a URL or a title by which a card could be found."""
        return bool(self.url or self.title)


def copy_from(fields: Mapping[Any, Any]) -> Copy:
    """Return what an entry for a card would say, from the fields of the card or of an entry."""
    from newscards.cards.text_cleanup import plain  # only here: most listings need nothing of it

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


_ENTRIES: dict[int, Any] = {}
_COPIES: dict[int, Copy] = {}
"""The entries that were read, by their ids, which are theirs as long as they are kept; and what they say."""
_MOST_ENTRIES = 8192


def copies_of(card: Card) -> tuple[Copy | None, ...]:
    """Return what the entries of ``related`` say, each at its index; ``None`` for one that is no mapping.

    Equal ones are one object wherever they stand, and read once.
    """
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
        if len(_ENTRIES) >= _MOST_ENTRIES:
            _ENTRIES.clear()
            _COPIES.clear()
        _ENTRIES[id(entry)] = entry
        copy = _COPIES[id(entry)] = copy_from(entry)
    return copy


def joined(listed: Mapping[K, Iterable[K]]) -> list[list[K]]:
    """Return the sets of what lists one another, directly or by way of others, in the order of ``listed``.

    All that is listed must itself be among the keys.
    """
    # Each begins as a set of its own; of those that meet, the smaller go into the largest.
    of = {key: number for number, key in enumerate(listed)}
    members = {number: [key] for key, number in of.items()}
    for key, others in listed.items():
        met = {of[key], *map(of.__getitem__, others)}
        if len(met) > 1:
            largest = max(met, key=lambda number: len(members[number]))
            for number in met - {largest}:
                moved = members.pop(number)
                members[largest] += moved
                of |= dict.fromkeys(moved, largest)
    return [*grouped((of[key], key) for key in listed).values()]


def grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """Return values by key, in the order in which they come."""
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


NAMELESS = 0
"""The number of what names no card: an entry without URL and title, or that is no mapping."""


def identities_of(card: Card) -> bytes:
    """Return the identities of a card and of the entries of its ``related``, in their order.

    First come the checksums of all URLs, then those of the rest, four bytes each.
    """

    named = [card.identity, *(copy.identity if copy else None for copy in copies_of(card))]
    urls = array("I", [url_checksum(each[0]) if each else NAMELESS for each in named])
    return (urls + array("I", map(_rest_sum, named))).tobytes()


def urls_in(encoded: bytes) -> array[int]:
    """Return the checksums (``url_checksum``) of the URLs in what ``identities_of`` made."""
    return array("I", encoded[: len(encoded) // 2])


def numbers_of(card: Card) -> list[int]:
    """Return the identities of a card and of the entries of its ``related``, as ``numbers_in``.

    Of one that is without its bulk they must have been asked for when it was read.
    """
    return numbers_in(card.identities or identities_of(card))


def numbers_in(encoded: bytes) -> list[int]:
    """Return the identities in what ``identities_of`` made, the card's own first; ``NAMELESS`` names none."""
    rest = array("I", encoded[len(encoded) // 2 :])
    pairs = zip(urls_in(encoded), rest, strict=True)
    return [url << 32 | other if other else NAMELESS for url, other in pairs]


@lru_cache(maxsize=16384)
def url_checksum(url: str) -> int:
    """Return a checksum of a URL, which stands in as many cards as its story has."""
    return crc32(url.encode(errors="surrogatepass"))


@lru_cache(maxsize=16384)
def _rest_sum(identity: Identity | None) -> int:
    """Return a checksum of title and date, never 0 where something is named."""
    if identity is None or not (identity[0] or identity[1]):
        return NAMELESS
    _, title, date = identity
    return crc32(f"{title}\0{date}".encode(errors="surrogatepass")) or 1
