"""The copies of a card: the entries of ``related``, in other cards, that name it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from newscards.cards.card import Card, Identity, identity
from newscards.cards.fields import field_at
from newscards.cards.reader import read
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.frontmatter.nodes import Step


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
