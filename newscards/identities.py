"""What names cards, as numbers: a card's own identity, and those of the entries of its ``related``.

By these numbers the stories of a corpus are found, and who names whom, without a look at ``related`` itself.
"""

from __future__ import annotations

from array import array
from functools import lru_cache
from zlib import crc32

from newscards.card import Card, Identity

NAMELESS = 0
"""The number of what names no card: an entry without URL and title, or that is no mapping."""


def identities_of(card: Card) -> bytes:
    """Return the identities of a card and of the entries of its ``related``, in their order.

    First come the checksums of all URLs, then those of the rest, four bytes each.
    """
    from newscards.facts import copies_of  # only here: most listings need nothing of it

    named = [card.identity, *(copy.identity if copy else None for copy in copies_of(card))]
    urls = array("I", [url_sum(each[0]) if each else NAMELESS for each in named])
    return (urls + array("I", map(_rest_sum, named))).tobytes()


def urls_in(encoded: bytes) -> array[int]:
    """Return the checksums (``url_sum``) of the URLs in what ``identities_of`` made."""
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
def url_sum(url: str) -> int:
    """Return a checksum of a URL, which stands in as many cards as its story has."""
    return crc32(url.encode(errors="surrogatepass"))


@lru_cache(maxsize=16384)
def _rest_sum(identity: Identity | None) -> int:
    """Return a checksum of title and date, never 0 where something is named."""
    if identity is None or not (identity[0] or identity[1]):
        return NAMELESS
    _, title, date = identity
    return crc32(f"{title}\0{date}".encode(errors="surrogatepass")) or 1
