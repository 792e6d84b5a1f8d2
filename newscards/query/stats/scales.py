"""Scales (time and quality) in a limited number of bins, even if a typo stretches them to the year 9999."""

from __future__ import annotations

from collections.abc import Mapping

from newscards.query.stats.dimensions import MONTH, QUALITY, QUARTER, YEAR, Dimension, GroupKey
from newscards.query.stats.groups import Group
from newscards.query.stats.tally import Count, Tally, merged

_MIN_SHARE_SHOWN = 0.98
"""A unit of time is used if the bins that can be shown hold at least this share of the dated cards."""


def timeline(months: Tally, max_bins: int) -> tuple[Dimension, list[Group]]:
    """Return a unit of time and the groups by it: the finest where ``max_bins`` bins hold nearly all cards.

    The groups have no gaps. Cards before and after the bins are one group each, first and last; cards without
    a date are a last group without a name.
    """
    dated = _bins(months)
    enough = _MIN_SHARE_SHOWN * sum(count.cards for count in dated.values())
    for unit, size in ((MONTH, 1), (QUARTER, 3)):
        bins = _wider(dated, size)
        first, last = _window(bins, max_bins)
        if sum(count.cards for place, count in bins.items() if first <= place <= last) >= enough:
            return unit, _groups(unit, bins, first, last) + _group_without(months)
    years = _wider(dated, 12)
    return YEAR, _groups(YEAR, years, *_window(years, max_bins)) + _group_without(months)


def histogram(tens: Tally, max_bins: int) -> list[Group]:
    """Return at most ``max_bins`` groups by quality, around most of the cards; else as ``timeline``."""
    bins = _bins(tens)
    return _groups(QUALITY, bins, *_window(bins, max_bins), ("below", "above")) + _group_without(tens)


def filled(tally: Tally, max_bins: int) -> list[tuple[GroupKey, Count]]:
    """Return the groups of a tally in order, with empty ones in the gaps of a scale of up to ``max_bins``."""
    (by,) = tally.dimensions
    bins = _bins(tally) if by.is_scale else {}
    if not bins or max(bins) - min(bins) >= max_bins:
        return tally.ordered()
    groups: list[tuple[GroupKey, Count]] = [
        (place, bins.get(place, Count())) for place in range(min(bins), max(bins) + 1)
    ]
    return groups + [(None, count) for key, count in tally.ordered() if key is None]


def _bins(tally: Tally) -> dict[int, Count]:
    return {key: count for (key,), count in tally.groups.items() if isinstance(key, int)}


def _wider(bins: Mapping[int, Count], size: int) -> dict[int, Count]:
    """Return wider bins, each the sum of ``size`` bins."""
    wider: dict[int, list[Count]] = {}
    for place, count in bins.items():
        wider.setdefault(place // size, []).append(count)
    return {place: merged(counts) for place, counts in wider.items()}


def _window(bins: Mapping[int, Count], max_bins: int) -> tuple[int, int]:
    """Return the first and the last of at most ``max_bins`` adjacent places that hold the most cards.

    Of several such windows it is the last. Without bins it is ``(0, -1)``, which is empty.
    """
    places, begin, held, best = sorted(bins), 0, 0, 0
    first, last = 0, -1
    for place in places:
        held += bins[place].cards
        while places[begin] <= place - max_bins:
            held -= bins[places[begin]].cards
            begin += 1
        if held >= best:
            first, last, best = places[begin], place, held
    return first, last


def _groups(
    by: Dimension,
    bins: Mapping[int, Count],
    first: int,
    last: int,
    words: tuple[str, str] = ("before", "after"),
) -> list[Group]:
    """Return a group for each place from the first to the last, and one each for all before and after."""
    groups = [Group(by.text(place), bins.get(place, Count())) for place in range(first, last + 1)]
    before = [count for place, count in bins.items() if place < first]
    after = [count for place, count in bins.items() if place > last]
    if before:
        groups.insert(0, Group(f"{words[0]} {by.values(first)[0]}", merged(before)))
    if after:
        groups.append(Group(f"{words[1]} {by.values(last)[-1]}", merged(after)))
    return groups


def _group_without(tally: Tally) -> list[Group]:
    count = tally.groups.get((None,))
    return [Group("", count)] if count else []
