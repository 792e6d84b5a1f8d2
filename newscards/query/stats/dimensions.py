"""Dimensions: the properties that cards can be counted by, as topic or month, and a card's groups in each."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

from newscards.cards.card import Card, text
from newscards.cards.fields import Field, FieldType, card_field, own_fields
from newscards.cards.names import as_read
from newscards.cards.values import cell, full_name, own_column, own_name
from newscards.errors import NewscardsError
from newscards.text import nearest_or_all

GroupKey: TypeAlias = str | int | None
"""The key of a group of cards; ``None`` for the cards without a topic, a date, …."""


class Dimension(NamedTuple):
    """A property that cards are counted by: its name, the fields it needs, and the keys of a card's groups.

    A card is in at least one group, whose key may be ``None``, and in several if it has several topics.
    ``values`` turns a key into the cells of ``columns`` in machine formats, ``label`` into text for people.
    The keys of a scale (``is_scale``) are whole numbers and its groups are sorted by them; the groups of
    other dimensions are sorted by their number of cards.
    """

    name: str
    fields: frozenset[str]
    keys: Callable[[Card], Sequence[GroupKey]]
    columns: tuple[str, ...]
    values: Callable[[Any], tuple[GroupKey, ...]] = lambda key: (key,)
    label: Callable[[Any], str] = str
    is_scale: bool = False

    def row(self, key: GroupKey) -> dict[str, GroupKey]:
        """Return a group's key as JSON members; none for the key ``None``."""
        return {} if key is None else dict(zip(self.columns, self.values(key), strict=True))

    def text(self, key: GroupKey) -> str:
        """Return a group's name; empty for the key ``None``."""
        return "" if key is None else self.label(key)


def _topics(card: Card) -> Sequence[GroupKey]:
    """Return the topics of a card as a reader sees them, each once, without empty ones."""
    return tuple(dict.fromkeys(filter(None, map(as_read, card.topics)))) or (None,)


def _provider(card: Card) -> Sequence[GroupKey]:
    """Return the provider's name, or its domain if it has no name."""
    return (text(card.provider.get("name")) or text(card.provider.get("domain")).casefold() or None,)


def _domain(card: Card) -> Sequence[GroupKey]:
    return (text(card.provider.get("domain")).casefold() or None,)


def _tens(card: Card) -> Sequence[GroupKey]:
    number = finite(card.quality)
    return (None if number is None else math.floor(number) // _POINTS_PER_GROUP,)


_POINTS_PER_GROUP = 10
"""How many points of quality make a group."""


def _tens_values(tens: int) -> tuple[GroupKey, GroupKey]:
    """Return the lowest and the highest quality of a group."""
    return tens * _POINTS_PER_GROUP, tens * _POINTS_PER_GROUP + _POINTS_PER_GROUP - 1


def _of_time(name: str, months: int, label: Callable[[int], str]) -> Dimension:
    """Return a dimension of time whose groups are ``months`` long; keys count them from year 0."""

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
"""The dimensions that are built in; dates are in UTC, quality in tens."""
_OF_FIELDS = {"provider.name": PROVIDER, "provider.domain": DOMAIN}
"""The dimensions that a user may also call by the name of their field."""


def dimensions() -> dict[str, Dimension]:
    """Return all dimensions by name: also the fields that the configuration declares, but for mappings."""
    found = [_of_field(name) for name, field in own_fields(card_field()).items() if _has_groups(field)]
    return {each.name: each for each in (*found, *DIMENSIONS)}


def _has_groups(field: Field) -> bool:
    return (field.item or field).kind is not FieldType.MAPPING


def _of_field(name: str) -> Dimension:
    """Return the dimension of a field; a card is in a group for each item of a list."""

    def keys(card: Card) -> Sequence[GroupKey]:
        value = own_column(card, name)
        values = value if isinstance(value, list) else [value]
        return tuple(dict.fromkeys(as_read(text) for each in values if (text := cell(each)))) or (None,)

    return Dimension(name, frozenset({full_name(name)}), keys, (name,))


def dimension(name: str) -> Dimension:
    """Return a dimension by name; raises ``NewscardsError`` with the nearest names if there is none."""
    names = dimensions()
    dotted = own_name(name)
    found = names.get(name) or names.get(dotted) or _OF_FIELDS.get(dotted)
    if found is None:
        hint = nearest_or_all(name, names)
        raise NewscardsError(f"cards cannot be counted by `{name}`", hint)
    return found


def finite(number: float | None) -> int | float | None:
    """Return a number that can be averaged; ``None`` for NaN, infinity and what is too large for a float."""
    try:
        return number if number is not None and math.isfinite(number) else None
    except OverflowError:  # a whole number of more than 308 digits
        return None
