"""The copies of a card: the entries of ``related``, in other cards, that name it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from newscards.card import Card, Identity, identity
from newscards.fields import field_at
from newscards.limits import LIMITS, Limits
from newscards.nodes import Step
from newscards.reading import parse, read_bytes

_PLAIN = rb"""[^\x00- \x7f-\xff"'\\,\[\]{}#]+"""
"""The beginning of a URL up to the first character that may be written in several ways, or end it."""
_BEGINNING = re.compile(_PLAIN)
_URL = re.compile(rb"""webUrl["']?[ \t]*:[ \t]*["']?(""" + _PLAIN + rb")")
_UNCOMMON = re.compile(rb"""webUrl["']?[ \t]*(?:[\r\n]|:[ \t]*(?:"[^"\n]*\\|[\r\n|>&*!]))""")
"""A URL that need not stand in the file as it is: with an escape, on another line, an alias."""


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
    one of them alone, which is what ``related-stale`` tells. Looks at the bytes of every card, and reads
    those that may hold an entry. Cards that cannot be read have none.
    """
    beginnings = {_beginning(url) for url, _, _ in identities}
    found: dict[Identity, list[Listed]] = {}
    strays: dict[Identity, list[Listed]] = {}
    owners: dict[str, set[Identity]] = {}
    for path in paths if identities else ():
        try:
            source = read_bytes(path, limits)
        except (OSError, ValueError):
            continue
        if not _may_hold(source, beginnings):
            continue
        record = parse(path, source, limits)
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


def _beginning(url: str) -> bytes:
    match = _BEGINNING.match(url.encode(errors="replace"))
    return match[0] if match else b""


def _may_hold(source: bytes, beginnings: Collection[bytes]) -> bool:
    """Tell whether an entry whose URL begins so may stand in a file; a video's, without one, always may."""
    if b"" in beginnings:
        return b"related" in source
    return any(url in beginnings for url in _URL.findall(source)) or bool(_UNCOMMON.search(source))
