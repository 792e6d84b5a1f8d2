"""Cards counted by two dimensions at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from newscards.query.stats.dimensions import Dimension, Key
from newscards.query.stats.tally import MEASURES, Count, Tally, measures


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

    def cards(self, down: Key, across: Key) -> int:
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
