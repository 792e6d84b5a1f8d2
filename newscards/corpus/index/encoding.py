"""Cards as JSON texts, which the index stores and processes exchange; only where JSON is exact."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from math import isfinite
from typing import Any, NamedTuple

from newscards.cards.card import Card, Unreadable, text
from newscards.cards.fields import BULKY
from newscards.cards.names import name_key
from newscards.cards.related import identities_of
from newscards.corpus.index.topics import Topics

BRIEF = (
    "title",
    "publishedDateTime",
    "webUrl",
    "type",
    "quality",
    "heat",
    "removed",
    "published",
    "provider",
    "topics",
)
"""The fields that most listings show and filters use."""
_DOTTED = ("provider.name", "provider.domain")
"""The stored parts of a provider; a card may also have a field with such a dotted name."""
BRIEF_NAMES = frozenset({"path", "id", *BRIEF, *_DOTTED} - {"provider"})
"""The dotted names of the values that a brief text contains."""

_JSON = (str, int, bool, type(None))
_DATES = (datetime, date)
_MAX_DATE = len("2023-06-20")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


class Encoded(NamedTuple):
    """A card as two texts, ``brief`` and with ``full`` fields, both without ``related`` and ``secured``.

    If the card cannot be read, both contain the reason. Both are empty for a card that JSON cannot express
    exactly; it must be read from its file each time. ``identities`` are those of the card and of the entries
    of its ``related`` (``related.identities_of``).
    """

    brief: bytes
    full: bytes
    topics: Topics = None
    identities: bytes = b""


def _names_in_brief(fields: Mapping[Any, Any]) -> list[str]:
    """Return the names of the fields in a brief text, with ``originalUrl`` if there is no ``webUrl``."""
    names = [name for name in (*BRIEF, *_DOTTED) if name in fields]
    return names if text(fields.get("webUrl")) else [*names, *({"originalUrl"} & fields.keys())]


def encode(record: Card | Unreadable, *, full: bool = True, identities: bool = True) -> Encoded:
    """Return a card as texts, or the reason why it cannot be read; empty texts where JSON is not exact.

    Without ``full`` both texts are brief; without ``identities`` these are empty.
    """
    if isinstance(record, Unreadable):
        reason = _text([record.kind, record.reason, record.line, record.column])
        return Encoded(reason, reason) if record.kind != "io" else Encoded(b"", b"")
    found = identities_of(record) if identities else b""
    without_text = Encoded(b"", b"", identities=found)
    if record.before_fence:
        return without_text
    fields: dict[str, Any] = {}
    dates: list[str] = []
    in_brief = _names_in_brief(record.fields)
    names = record.fields if full else in_brief
    for name in names:
        value = record.fields[name]
        if name in BULKY:
            continue
        if type(name) is not str:
            return without_text
        if type(value) in _DATES:
            dates.append(name)
            value = value.isoformat()
        elif not _is_json(value):
            return without_text
        fields[name] = value
    brief = {name: fields[name] for name in in_brief if name in fields}
    if isinstance(provider := brief.get("provider"), dict):
        brief["provider"] = {name: provider[name] for name in ("name", "domain") if name in provider}
    short = _text([brief, [name for name in dates if name in brief]])
    whole = _text([fields, dates]) if full else short
    topics = tuple(map(name_key, record.topics))
    return Encoded(short, whole, topics, found) if short and whole else without_text


def decode(paths: Iterable[str], texts: Iterable[bytes]) -> Iterator[Card | Unreadable]:
    """Yield the cards from texts of ``encode``, each with its path; no text may be empty."""
    read = json.loads(b"[" + b",".join(texts) + b"]")
    for path, (first, *more) in zip(paths, read, strict=True):
        if type(first) is not dict:
            yield Unreadable(path, first, *more)
            continue
        for name in more[0]:
            iso = first[name]
            first[name] = (datetime if len(iso) > _MAX_DATE else date).fromisoformat(iso)
        yield Card(path, first)


def _text(value: Any) -> bytes:
    """Return a value as JSON; nothing for a lone surrogate, or a number with too many digits for Python."""
    try:
        return _encode(value).encode()
    except (ValueError, RecursionError):
        return b""


def _is_json(value: Any) -> bool:
    """Return whether a value survives a round trip through JSON."""
    waiting = [value]  # no recursion: the configuration may allow 500 levels
    while waiting:
        inner = waiting.pop()
        kind = type(inner)
        if kind is dict and all(type(key) is str for key in inner):
            waiting += inner.values()
        elif kind is list:
            waiting += inner
        elif kind not in _JSON and not (kind is float and isfinite(inner)):
            return False
    return True
