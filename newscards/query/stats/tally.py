"""Count cards: how many each group has, of what quality and when; by one dimension, or by two at once.

Knows cards, never the disk.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any, NamedTuple

from newscards.cards.card import Card
from newscards.cards.values import iso
from newscards.query.stats.dimensions import Dimension, GroupKey, finite

_EXACT = 1 << 53
"""From here on a float has no fractions, nor all whole numbers."""


class Seen(NamedTuple):
    """What of a card is counted; ``quality`` in hundredths, in which sums are exact."""

    published: bool
    date: datetime | None
    quality: int | None

    @staticmethod
    def of(card: Card) -> Seen:
        """Return what of a card is counted."""
        number = finite(card.quality)
        return Seen(card.published, card.date, None if number is None else _hundredths(number))


def _hundredths(number: float) -> int:
    whole = math.floor(number)
    return whole * 100 + round((number - whole) * 100)


@dataclass(slots=True)
class Count:
    """How many cards a group has, how many of them the site shows by their flag, and when they are of.

    ``numbers`` of them have a quality, ``hundredths`` is the sum of these.
    """

    cards: int = 0
    published: int = 0
    first: datetime | None = None
    last: datetime | None = None
    numbers: int = 0
    hundredths: int = 0

    def add(self, seen: Seen) -> None:
        """Take in a card."""
        self.cards += 1
        self.published += seen.published
        if (date := seen.date) is not None:
            if self.first is None or date < self.first:
                self.first = date
            if self.last is None or date > self.last:
                self.last = date
        if seen.quality is not None:
            self.numbers += 1
            self.hundredths += seen.quality

    @property
    def hidden(self) -> int:
        """How many cards the site does not show."""
        return self.cards - self.published

    @property
    def share(self) -> float | None:
        """Which part of the cards is published, from 0 to 1, to a thousandth; ``None`` without cards."""
        return round(self.published / self.cards, 3) if self.cards else None

    @property
    def quality(self) -> int | float | None:
        """The mean of the qualities, to a tenth (of huge ones to a whole); ``None`` where no card has any."""
        if not self.numbers:
            return None
        tenths = (self.hundredths + 5 * self.numbers) // (10 * self.numbers)
        return tenths / 10 if abs(tenths) < _EXACT else tenths // 10


def merged(counts: Iterable[Count]) -> Count:
    """Return several groups, none of whose cards is in another one of them, as one."""
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
"""The columns of what is counted, in machine formats."""


def measures(count: Count) -> dict[str, Any]:
    """Return what is counted as JSON has it, by MEASURES, without what there is not."""
    found = {
        "cards": count.cards,
        "published": count.published,
        "share": count.share,
        "quality": count.quality,
        "first": iso(count.first) if count.first else None,
        "last": iso(count.last) if count.last else None,
    }
    return {name: value for name, value in found.items() if value is not None}


COUNTED = frozenset({"published", "publishedDateTime", "quality"})
"""The fields that are counted, whatever the dimension."""


class Tally:
    """The cards counted by some dimensions; by none, which is all of them as one group."""

    def __init__(self, *dimensions: Dimension) -> None:
        self.dimensions = dimensions
        self._combined = zip if len(dimensions) == 1 else product  # the same keys, found faster
        self.groups: dict[tuple[GroupKey, ...], Count] = {}
        """What was counted, by a key of each dimension."""

    def add(self, card: Card, seen: Seen) -> None:
        """Take in a card, in each group that it is in."""
        for key in self._combined(*[each.keys(card) for each in self.dimensions]):
            count = self.groups.get(key)
            if count is None:
                count = self.groups[key] = Count()
            count.add(seen)

    @property
    def total(self) -> Count:
        """The one group there is without dimensions; empty where there was no card."""
        return self.groups.get((), Count())

    def ordered(self) -> list[tuple[GroupKey, Count]]:
        """Return the groups of the one dimension in its order; the cards without stand last."""
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
    """Count cards in several tallies at once."""
    for card in cards:
        seen = Seen.of(card)
        for tally in tallies:
            tally.add(card, seen)


class CrossTable:
    """Cards counted by a dimension, down, and another one, across, in its ``tallies``.

    The sums are counted on their own: a card of several topics is in several cells, and once in a sum.
    """

    def __init__(self, down: Dimension, across: Dimension) -> None:
        self.down, self.across = down, across
        self._cells, self._all = Tally(down, across), Tally()
        self.rows, self.columns = Tally(down), Tally(across)
        """The sums: how many cards each group down has, and each group across."""
        self.tallies = (self._cells, self.rows, self.columns, self._all)

    @property
    def total(self) -> Count:
        """All cards."""
        return self._all.total

    def cards(self, down: GroupKey, across: GroupKey) -> int:
        """Return how many cards are in both groups."""
        count = self._cells.groups.get((down, across))
        return count.cards if count else 0

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of ``long_rows``."""
        return (*self.down.columns, *self.across.columns, *MEASURES)

    def long_rows(self) -> Iterator[dict[str, Any]]:
        """Yield each cell that holds cards, as JSON has it: its two groups, and what was counted."""
        across = self.columns.ordered()
        for row, _ in self.rows.ordered():
            for column, _ in across:
                if count := self._cells.groups.get((row, column)):
                    yield {**self.down.row(row), **self.across.row(column), **measures(count)}

    def header(self) -> list[str]:
        """Return the header of ``grid``: what stands down, the sum, then the groups across."""
        return [self.down.name, "total", *(self.across.text(key) for key, _ in self.columns.ordered())]

    def grid(self) -> Iterator[list[str]]:
        """Yield a row of texts for each group down: its name, how many cards it has, and each cell."""
        across = [key for key, _ in self.columns.ordered()]
        for row, count in self.rows.ordered():
            cells = (self.cards(row, column) for column in across)
            yield [self.down.text(row), str(count.cards), *map(str, cells)]
