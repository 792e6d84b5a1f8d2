"""Dimensions: what cards can be counted by, and which groups a card is in."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

from newscards.cards.card import Card, text
from newscards.errors import NewscardsError
from newscards.text import nearest_or_all

GroupKey: TypeAlias = str | int | None
"""What names a group of cards; ``None`` for those that have no topic, no date, …."""


class Dimension(NamedTuple):
    """What cards are counted by: its name, the fields it needs, and the groups that a card is in.

    A card is in one group at least, which may be ``None``, and in several where it has several topics.
    ``columns`` are those of ``values`` in machine formats, ``label`` is for people. The groups of a scale are
    whole numbers, and stand in their order; others stand by how many cards they have.
    """

    name: str
    fields: frozenset[str]
    keys: Callable[[Card], Sequence[GroupKey]]
    columns: tuple[str, ...]
    values: Callable[[Any], tuple[GroupKey, ...]] = lambda key: (key,)
    label: Callable[[Any], str] = str
    is_scale: bool = False

    def row(self, key: GroupKey) -> dict[str, GroupKey]:
        """Return a group's name as JSON has it; nothing for the cards without."""
        return {} if key is None else dict(zip(self.columns, self.values(key), strict=True))

    def text(self, key: GroupKey) -> str:
        """Return a group's name; empty for the cards without."""
        return "" if key is None else self.label(key)


def _topics(card: Card) -> Sequence[GroupKey]:
    """Each topic counts once, also where it is repeated; an empty text is none."""
    return tuple(dict.fromkeys(filter(None, card.topics))) or (None,)


def _provider(card: Card) -> Sequence[GroupKey]:
    """A provider is its name; without one, its domain."""
    return (text(card.provider.get("name")) or text(card.provider.get("domain")).casefold() or None,)


def _domain(card: Card) -> Sequence[GroupKey]:
    return (text(card.provider.get("domain")).casefold() or None,)


def _tens(card: Card) -> Sequence[GroupKey]:
    number = finite(card.quality)
    return (None if number is None else math.floor(number) // _TEN,)


_TEN = 10
"""How many points of quality are one group."""


def _tens_values(tens: int) -> tuple[GroupKey, GroupKey]:
    """Return the first and the last whole number of a group."""
    return tens * _TEN, tens * _TEN + _TEN - 1


def _of_time(name: str, months: int, label: Callable[[int], str]) -> Dimension:
    """Return a dimension of time, the groups of which are so many months long, and counted from year 0."""

    def keys(card: Card) -> Sequence[GroupKey]:
        date = card.date
        return (None if date is None else (date.year * 12 + date.month - 1) // months,)

    fields = frozenset({"publishedDateTime"})
    return Dimension(name, fields, keys, (name,), lambda key: (label(key),), label, is_scale=True)


TOPIC = Dimension("topic", frozenset({"topics"}), _topics, ("topic",))
PROVIDER = Dimension(
    "provider", frozenset({"provider.name", "provider.domain"}), _provider, ("provider",)
)  # fmt: skip
DOMAIN = Dimension("domain", frozenset({"provider.domain"}), _domain, ("domain",))
TYPE = Dimension("type", frozenset({"type"}), lambda card: (card.type or None,), ("type",))
PUBLISHED = Dimension(
    "published", frozenset({"published"}),
    lambda card: ("published" if card.published else "hidden",), ("state",),
)  # fmt: skip
QUALITY = Dimension(
    "quality", frozenset({"quality"}), _tens, ("from", "to"), _tens_values,
    lambda tens: "{}–{}".format(*_tens_values(tens)), is_scale=True,
)  # fmt: skip
MONTH = _of_time("month", 1, lambda month: f"{month // 12:04}-{month % 12 + 1:02}")
QUARTER = _of_time("quarter", 3, lambda quarter: f"{quarter // 4:04}-Q{quarter % 4 + 1}")
YEAR = _of_time("year", 12, lambda year: f"{year:04}")

DIMENSIONS = (TOPIC, PROVIDER, DOMAIN, TYPE, PUBLISHED, QUALITY, MONTH, QUARTER, YEAR)
"""All that cards can be counted by; dates are UTC, quality is in tens."""


def dimension(name: str) -> Dimension:
    """Return the dimension of a name; raises ``NewscardsError`` with the nearest where there is none."""
    names = {each.name: each for each in DIMENSIONS}
    if name not in names:
        hint = nearest_or_all(name, names)
        raise NewscardsError(f"cards cannot be counted by `{name}`", hint)
    return names[name]


def finite(number: float | None) -> int | float | None:
    """Return a number that a mean can be made of; ``None`` for NaN, infinity and what no float can hold."""
    try:
        return number if number is not None and math.isfinite(number) else None
    except OverflowError:  # a whole number of more than 308 digits
        return None
