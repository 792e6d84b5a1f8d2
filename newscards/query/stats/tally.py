"""Tallies: the number of cards in each group, their quality and dates, by one dimension or two.

Nothing here reads files.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from typing import Any, NamedTuple

from newscards.cards.card import Card
from newscards.cards.values import iso
from newscards.query.stats.dimensions import Dimension, GroupKey, finite

_MAX_EXACT_FLOAT = 1 << 53
"""From here on a float holds no fractions, and not every whole number."""


class CountedValues(NamedTuple):
    """The values of a card that are counted; ``quality`` is in hundredths, so that sums are exact."""

    published: bool
    date: datetime | None
    quality: int | None

    @staticmethod
    def of(card: Card) -> CountedValues:
        """Return the values of a card that are counted."""
        number = finite(card.quality)
        return CountedValues(card.published, card.date, None if number is None else _hundredths(number))


def _hundredths(number: float) -> int:
    whole = math.floor(number)
    return whole * 100 + round((number - whole) * 100)


@dataclass(slots=True)
class Count:
    """The number of cards in a group, how many are published, and their first and last dates.

    ``numbers`` is how many have a quality, ``hundredths`` the sum of those, in hundredths.
    """

    cards: int = 0
    published: int = 0
    first: datetime | None = None
    last: datetime | None = None
    numbers: int = field(default=0, repr=False)
    hundredths: int = field(default=0, repr=False)

    def add(self, values: CountedValues) -> None:
        """Count a card."""
        self.cards += 1
        self.published += values.published
        if (date := values.date) is not None:
            if self.first is None or date < self.first:
                self.first = date
            if self.last is None or date > self.last:
                self.last = date
        if values.quality is not None:
            self.numbers += 1
            self.hundredths += values.quality

    @property
    def hidden(self) -> int:
        """The number of hidden cards."""
        return self.cards - self.published

    @property
    def share(self) -> float | None:
        """The published share of the cards, from 0 to 1, rounded to a thousandth; ``None`` without cards."""
        return round(self.published / self.cards, 3) if self.cards else None

    @property
    def quality(self) -> int | float | None:
        """The mean quality, rounded to a tenth (to a whole if huge); ``None`` if no card has a quality."""
        if not self.numbers:
            return None
        tenths = (self.hundredths + 5 * self.numbers) // (10 * self.numbers)
        return tenths / 10 if abs(tenths) < _MAX_EXACT_FLOAT else tenths // 10


def merged(counts: Iterable[Count]) -> Count:
    """Return the sum of several groups that share no card."""
    total, firsts, lasts = Count(), list[datetime](), list[datetime]()
    for each in counts:
        total.cards += each.cards
        total.published += each.published
        total.numbers += each.numbers
        total.hundredths += each.hundredths
        firsts += [each.first] if each.first else []
        lasts += [each.last] if each.last else []
    total.first, total.last = min(firsts, default=None), max(lasts, default=None)
    return total


MEASURES = ("cards", "published", "share", "quality", "first", "last")
"""The columns of the counts in machine formats."""


def measures(count: Count) -> dict[str, Any]:
    """Return the counts as JSON members named as in MEASURES, without those that have no value."""
    members = {
        "cards": count.cards,
        "published": count.published,
        "share": count.share,
        "quality": count.quality,
        "first": iso(count.first) if count.first else None,
        "last": iso(count.last) if count.last else None,
    }
    return {name: value for name, value in members.items() if value is not None}


COUNTED = frozenset({"published", "publishedDateTime", "quality"})
"""The card fields that every tally needs, whatever its dimensions."""


class Tally:
    """Cards counted by dimensions; without any, all cards are one group."""

    def __init__(self, *dimensions: Dimension) -> None:
        self.dimensions = dimensions
        # With one dimension `zip` gives the same keys as `product`, but faster.
        self._combined = zip if len(dimensions) == 1 else product
        self.groups: dict[tuple[GroupKey, ...], Count] = {}
        """The counts, by one key of each dimension."""

    def add(self, card: Card, values: CountedValues) -> None:
        """Count a card in each of its groups."""
        for key in self._combined(*[each.keys(card) for each in self.dimensions]):
            count = self.groups.get(key)
            if count is None:
                count = self.groups[key] = Count()
            count.add(values)

    @property
    def total(self) -> Count:
        """The counts of all cards, for a tally without dimensions."""
        return self.groups.get((), Count())

    def ordered(self) -> list[tuple[GroupKey, Count]]:
        """Return the groups of a tally of one dimension, sorted; the key ``None`` is last."""
        (by,) = self.dimensions
        return sorted(
            ((key, count) for (key,), count in self.groups.items()),
            key=lambda pair: (pair[0] is None, *_rank(by, *pair)),
        )


def _rank(by: Dimension, key: GroupKey, count: Count) -> tuple[Any, ...]:
    if key is None:
        return ()
    return (key,) if by.is_scale else (-count.cards, str(key).casefold(), key)


def count(cards: Iterable[Card], *tallies: Tally) -> None:
    """Count cards in several tallies, in one pass."""
    for card in cards:
        values = CountedValues.of(card)
        for tally in tallies:
            tally.add(card, values)


class CrossTable:
    """Cards counted in its ``tallies`` by two dimensions, one for the rows and one for the columns.

    The sums are counted separately: a card of several topics is in several cells, but only once in a sum.
    """

    def __init__(self, down: Dimension, across: Dimension) -> None:
        self.down, self.across = down, across
        self._cells, self._all = Tally(down, across), Tally()
        self.rows, self.columns = Tally(down), Tally(across)
        """The sums of each row and of each column."""
        self.tallies = (self._cells, self.rows, self.columns, self._all)

    @property
    def total(self) -> Count:
        """The counts of all cards."""
        return self._all.total

    def cards(self, down: GroupKey, across: GroupKey) -> int:
        """Return the number of cards that are in both groups."""
        count = self._cells.groups.get((down, across))
        return count.cards if count else 0

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of ``long_rows``."""
        return (*self.down.columns, *self.across.columns, *MEASURES)

    def long_rows(self) -> Iterator[dict[str, Any]]:
        """Yield each cell with cards as a JSON object: its two groups, and the counts."""
        across = self.columns.ordered()
        for row, _ in self.rows.ordered():
            for column, _ in across:
                if count := self._cells.groups.get((row, column)):
                    yield {**self.down.row(row), **self.across.row(column), **measures(count)}

    def header(self) -> list[str]:
        """Return the header of ``grid``: the dimension of the rows, "total", the groups of the columns."""
        return [self.down.name, "total", *(self.across.text(key) for key, _ in self.columns.ordered())]

    def grid(self) -> Iterator[list[str]]:
        """Yield a row of texts for each group of the rows: its name, its sum, and each cell."""
        across = [key for key, _ in self.columns.ordered()]
        for row, count in self.rows.ordered():
            cells = (self.cards(row, column) for column in across)
            yield [self.down.text(row), str(count.cards), *map(str, cells)]
