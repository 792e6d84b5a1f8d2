"""Problems that concern several cards: each is told of it, and the others are named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from newscards.facts import Row
from newscards.harmless import path_text
from newscards.nodes import Step
from newscards.rules.rule import Problem, Spot

T = TypeVar("T", bound=Hashable)
Path = tuple[Step, ...]

_LONGEST_ID = 50

_NAMED, _LISTED = 2, 100
"""How many other cards a message names, and how many a finding lists: one URL may be in all of 100,000."""


def told_on_each(
    rows: Sequence[Row], path: Callable[[Row], Path], message: str, advice: str
) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each of several cards. ``{others}`` in ``message`` is where they are named."""
    spots = [Spot(row, path(row)) for row in rows[: _LISTED + 1]]
    for row in rows:
        others = tuple(spot for spot in spots if spot.row is not row)[:_LISTED]
        text = message.replace("{others}", named([spot.row for spot in others], len(rows) - 1))
        yield row, Problem(text, path(row), help=advice, others=others)


def named(rows: Sequence[Row], count: int = 0) -> str:
    """Return the ids of the first of some rows, and how many more there are of ``count``."""
    count = count or len(rows)
    names = [f"`{_short(path_text(row.id))}`" for row in rows[:_NAMED]]
    if count > len(names):
        return f"{', '.join(names)} and {count - len(names)} more"
    return " and ".join(names)


def _short(name: str) -> str:
    """Return the beginning of an id, by which a card is found as well."""
    return name if len(name) <= _LONGEST_ID else f"{name[: _LONGEST_ID - 1]}…"


def minority(found: Iterable[tuple[T, Spot]]) -> Iterator[tuple[T, Spot, T, list[Spot]]]:
    """Yield what is spelt otherwise than mostly: its spelling and place, the usual spelling and its places.

    Where no spelling is the most common, each is told of another one.
    """
    places: dict[T, list[Spot]] = {}
    for spelling, spot in found:
        places.setdefault(spelling, []).append(spot)
    if len(places) < 2:
        return
    counts = Counter({spelling: len(spots) for spelling, spots in places.items()})
    (usual, most), (second, next_most) = counts.most_common(2)
    for spelling, spots in places.items():
        if spelling == usual and next_most < most:
            continue
        right = second if spelling == usual else usual
        for spot in spots:
            yield spelling, spot, right, places[right][:_LISTED]
