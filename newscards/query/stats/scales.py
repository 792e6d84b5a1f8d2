"""What is shown of a scale that may be long, or stretched by a slip: time, and quality."""

from __future__ import annotations

from collections.abc import Mapping

from newscards.query.stats.dimensions import MONTH, QUALITY, QUARTER, YEAR, Dimension, GroupKey
from newscards.query.stats.groups import Group
from newscards.query.stats.tally import Count, Tally, merged

_ENOUGH = 0.98
"""A unit of time is fine enough where the bins that can be shown hold this part of the cards."""


def timeline(months: Tally, most: int) -> tuple[Dimension, list[Group]]:
    """Return a tally by months as lines of the finest unit of which ``most`` hold nearly all cards.

    No month, quarter or year in between is left out; what is outside is a line at the beginning and one at
    the end, and the cards without a date are the last one, of no name.
    """
    dated = _bins(months)
    enough = _ENOUGH * sum(count.cards for count in dated.values())
    for unit, size in ((MONTH, 1), (QUARTER, 3)):
        bins = _wider(dated, size)
        first, last = _window(bins, most)
        if sum(count.cards for place, count in bins.items() if first <= place <= last) >= enough:
            return unit, _lines(unit, bins, first, last) + _without(months)
    years = _wider(dated, 12)
    return YEAR, _lines(YEAR, years, *_window(years, most)) + _without(months)


def histogram(tens: Tally, most: int) -> list[Group]:
    """Return a tally by quality as ``most`` lines at most, around most of the cards; otherwise as above."""
    bins = _bins(tens)
    return _lines(QUALITY, bins, *_window(bins, most), ("below", "above")) + _without(tens)


def filled(tally: Tally, most: int) -> list[tuple[GroupKey, Count]]:
    """Return the groups of one dimension in its order; a scale's with its gaps, if ``most`` are enough."""
    (by,) = tally.dimensions
    bins = _bins(tally) if by.is_scale else {}
    if not bins or max(bins) - min(bins) >= most:
        return tally.ordered()
    groups: list[tuple[GroupKey, Count]] = [
        (place, bins.get(place, Count())) for place in range(min(bins), max(bins) + 1)
    ]
    return groups + [(None, count) for key, count in tally.ordered() if key is None]


def _bins(tally: Tally) -> dict[int, Count]:
    return {key: count for (key,), count in tally.groups.items() if isinstance(key, int)}


def _wider(bins: Mapping[int, Count], size: int) -> dict[int, Count]:
    """Return bins of which each takes the place of several."""
    wider: dict[int, list[Count]] = {}
    for place, count in bins.items():
        wider.setdefault(place // size, []).append(count)
    return {place: merged(counts) for place, counts in wider.items()}


def _window(bins: Mapping[int, Count], most: int) -> tuple[int, int]:
    """Return the first and the last of the places, ``most`` at most in a row, that hold most cards.

    Of several such rows it is the last. Without any bins it is an empty row.
    """
    places, begin, held, best = sorted(bins), 0, 0, 0
    first, last = 0, -1
    for place in places:
        held += bins[place].cards
        while places[begin] <= place - most:
            held -= bins[places[begin]].cards
            begin += 1
        if held >= best:
            first, last, best = places[begin], place, held
    return first, last


def _lines(
    by: Dimension,
    bins: Mapping[int, Count],
    first: int,
    last: int,
    words: tuple[str, str] = ("before", "after"),
) -> list[Group]:
    """Return a line for each place from the first to the last, and one each for all before and after."""
    lines = [Group(by.text(place), bins.get(place, Count())) for place in range(first, last + 1)]
    before = [count for place, count in bins.items() if place < first]
    after = [count for place, count in bins.items() if place > last]
    if before:
        lines.insert(0, Group(f"{words[0]} {by.values(first)[0]}", merged(before)))
    if after:
        lines.append(Group(f"{words[1]} {by.values(last)[-1]}", merged(after)))
    return lines


def _without(tally: Tally) -> list[Group]:
    count = tally.groups.get((None,))
    return [Group("", count)] if count else []
