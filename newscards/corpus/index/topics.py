"""The ids of cards by topic, so that the cards of a topic are found without reading the others."""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Iterable, Sequence
from itertools import accumulate

Topics = tuple[str, ...] | None
"""The keys of a card's topics (``name_key``); ``None`` for a card that cannot be read and may have any."""


class TopicIds:
    """The ids of cards by topic; those of cards that cannot be read are under ``None``."""

    def __init__(self, data: bytes = b"") -> None:
        """Decode the bytes of ``encode``; empty bytes are those of no cards."""
        self._ids: dict[str | None, array[int]] = {}
        if data:
            line, _, rest = data.partition(b"\n")
            names, sizes = json.loads(line)
            ends = [8 * end for end in accumulate(sizes)]
            parts = zip(names, [0, *ends], ends, strict=False)
            self._ids = {name: array("q", rest[start:end]) for name, start, end in parts}

    def encode(self) -> bytes:
        """Return a line of JSON (topics, and the counts of their ids), then the ids as native int64."""
        head = json.dumps([[*self._ids], [*map(len, self._ids.values())]])
        return b"\n".join((head.encode(), b"".join(ids.tobytes() for ids in self._ids.values())))

    def with_any(self, topics: Iterable[str]) -> set[int]:
        """Return the ids of the cards that have one of some topics, or that cannot be read."""
        return {each for name in (*topics, None) for each in self._ids.get(name, ())}

    def by_name(self) -> dict[str, Sequence[int]]:
        """Return the ids of the cards of each topic, without cards that cannot be read."""
        return {name: ids for name, ids in self._ids.items() if name is not None and ids}

    def add(self, identifier: int, topics: Topics) -> None:
        """Add a card."""
        for name in (None,) if topics is None else {*topics}:
            self._ids.setdefault(name, array("q")).append(identifier)

    def forget(self, removed: Collection[int]) -> None:
        """Remove cards."""
        for name, ids in [*self._ids.items()]:
            left = array("q", [each for each in ids if each not in removed])
            if left:
                self._ids[name] = left
            else:
                del self._ids[name]


def has_any(topics: Topics, wanted: Collection[str]) -> bool:
    """Return whether a card has one of the wanted topics, or may have it."""
    return topics is None or any(topic in wanted for topic in topics)
