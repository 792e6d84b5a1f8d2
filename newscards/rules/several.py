"""Problems that concern several cards: each is told of it, and the others are named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from newscards.edits.operations import SetValue
from newscards.frontmatter.nodes import Step
from newscards.lint.facts import Row
from newscards.lint.findings import Fix
from newscards.lint.rule import Problem, Spot
from newscards.text import path_text

Path = tuple[Step, ...]

_LONGEST_ID = 50

_NAMED, _LISTED = 2, 100
"""How many other cards a message names, and how many a finding lists: one URL may be in all of 100,000."""


def told_on_each(
    rows: Sequence[Row],
    path: Callable[[Row], Path],
    message: Callable[[str], str],
    advice: str,
    name: Callable[[Row], str] = lambda row: row.id,
) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each of several cards; ``message`` is made of the names of the others."""
    spots = [Spot(row, path(row)) for row in rows[: _LISTED + 1]]
    for row in rows:
        others = tuple(spot for spot in spots if spot.row is not row)[:_LISTED]
        text = message(named([spot.row for spot in others], len(rows) - 1, name))
        yield row, Problem(text, path(row), help=advice, others=others)


def named(rows: Sequence[Row], count: int = 0, name: Callable[[Row], str] = lambda row: row.id) -> str:
    """Return the names, by default the ids, of the first of ``count`` rows, and how many more there are."""
    count = count or len(rows)
    names = [f"`{_short(path_text(name(row)))}`" for row in rows[:_NAMED]]
    if count > len(names):
        return f"{', '.join(names)} and {count - len(names)} more"
    return " and ".join(names)


def _short(name: str) -> str:
    """Return the beginning of an id, by which a card is found as well."""
    return name if len(name) <= _LONGEST_ID else f"{name[: _LONGEST_ID - 1]}…"


def told_on_minority(
    found: Iterable[tuple[str, Spot]], what: str, advice: Callable[[str], str], *, fixes: bool = False
) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each card that spells something otherwise than most do, with its place.

    Where no spelling is the most common, each is told of another one. ``what`` says what is spelt;
    ``advice`` is made of the other spelling; with ``fixes``, the usual one may be written.
    """
    places: dict[str, list[Spot]] = {}
    for spelling, spot in found:
        places.setdefault(spelling, []).append(spot)
    if len(places) < 2:
        return
    (usual, most), (second, next_most) = Counter(
        {spelling: len(spots) for spelling, spots in places.items()}
    ).most_common(2)
    for spelling, spots in places.items():
        if spelling == usual and next_most < most:
            continue
        right = second if spelling == usual else usual
        for spot in spots:
            others = [other for other in places[right][: _LISTED + 1] if other.row is not spot.row]
            if others:
                names = named([other.row for other in others], len(places[right]))
                message = f"{what}`{spelling}` is `{right}` in {names}"
                fix = Fix(f"write `{right}`", SetValue(right)) if fixes and next_most < most else None
                listed = tuple(others[:_LISTED])
                problem = Problem(message, spot.path, help=advice(right), others=listed, fix=fix)
                yield spot.row, problem
