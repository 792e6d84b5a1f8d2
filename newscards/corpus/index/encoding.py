"""Cards as the text that the index keeps, and processes send: JSON, and only where that is exact."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from newscards.cards.card import Card, Unreadable, text
from newscards.cards.fields import BULKY
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
"""The fields of which most listings are made, and by which cards are chosen."""
_DOTTED = ("provider.name", "provider.domain")
"""What is kept of a provider; a field may also have such a name itself."""
BRIEF_NAMES = frozenset({"path", "id", *BRIEF, *_DOTTED} - {"provider"})
"""What can be asked of a card that was kept in brief, by dotted names."""

_JSON = (str, int, bool, type(None))
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


class Encoded(NamedTuple):
    """A card without ``related`` and ``secured`` as two texts: in brief, and with all its fields.

    Where the card cannot be read both are of the reason; both are empty for what JSON cannot say exactly:
    such a card is to be read from its file. ``identities`` are those of the card and of the entries of its
    ``related`` (``related.identities_of``).
    """

    brief: bytes
    full: bytes
    topics: Topics = None
    identities: bytes = b""


def _names_in_brief(fields: Mapping[Any, Any]) -> list[str]:
    """Return the names of what is kept of a card in brief: also the URL of one that has no ``webUrl``."""
    names = [name for name in (*BRIEF, *_DOTTED) if name in fields]
    return names if text(fields.get("webUrl")) else [*names, *({"originalUrl"} & fields.keys())]


def encode(record: Card | Unreadable, *, full: bool = True, identities: bool = True) -> Encoded:
    """Return a card as text, or why it cannot be read; without text where it is out of the ordinary.

    Without ``full``, in brief alone, and without ``identities``, none of these.
    """
    if isinstance(record, Unreadable):
        told = _text([record.kind, record.reason, record.line, record.column])
        return Encoded(told, told) if record.kind != "io" else Encoded(b"", b"")
    found = identities_of(record) if identities else b""
    odd = Encoded(b"", b"", identities=found)
    if record.irregular or record.before_fence:
        return odd
    fields: dict[str, Any] = {}
    dates: list[str] = []
    in_brief = _names_in_brief(record.fields)
    names = record.fields if full else in_brief
    for name in names:
        value = record.fields[name]
        if name in BULKY:
            continue
        if type(name) is not str:
            return odd
        if type(value) is datetime and value.tzinfo is UTC:
            dates.append(name)
            value = value.isoformat()
        elif not _is_json(value):
            return odd
        fields[name] = value
    brief = {name: fields[name] for name in in_brief if name in fields}
    if isinstance(provider := brief.get("provider"), dict):
        brief["provider"] = {name: provider[name] for name in ("name", "domain") if name in provider}
    short = _text([brief, [name for name in dates if name in brief]])
    whole = _text([fields, dates]) if full else short
    topics = tuple(map(str.casefold, record.topics))
    return Encoded(short, whole, topics, found) if short and whole else odd


def decode(paths: Iterable[str], texts: Iterable[bytes]) -> Iterator[Card | Unreadable]:
    """Yield what texts of ``encode`` say, each of the file at its path; none may be empty."""
    read = json.loads(b"[" + b",".join(texts) + b"]")
    for path, (first, *more) in zip(paths, read, strict=True):
        if type(first) is not dict:
            yield Unreadable(path, first, *more)
            continue
        for name in more[0]:
            first[name] = datetime.fromisoformat(first[name])
        yield Card(path, first)


def _text(value: Any) -> bytes:
    """Return a value as JSON; nothing for half a surrogate pair, or a number that Python will not print."""
    try:
        return _encode(value).encode()
    except (ValueError, RecursionError):
        return b""


def _is_json(value: Any) -> bool:
    """Tell whether JSON gives a value back as it was."""
    waiting = [value]  # no recursion: the configuration may allow 500 levels
    while waiting:
        inner = waiting.pop()
        kind = type(inner)
        if kind is dict and all(type(key) is str for key in inner):
            waiting += inner.values()
        elif kind is list:
            waiting += inner
        elif kind not in _JSON:
            return False
    return True
