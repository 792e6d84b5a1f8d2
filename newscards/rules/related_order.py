"""The entries of `related` are not ordered by quality, best first.

They are in all 5,632 real cards (CARDS.md), and the site shows only the first few. An entry that stands in
the wrong place in several cards is reported once. If only an outdated quality is out of order, related-stale
reports that.

Fails:

    related:
      - webUrl: "https://www.tide.example/north"
        quality: 60
      - webUrl: "https://www.tide.example/south"
        quality: 70

Passes:

    # 2023-06-20-gauges.md
    webUrl: "https://www.tide.example/gauges"
    related:
      - webUrl: "https://www.tide.example/wells"
    # 2023-06-20-wells.md
    webUrl: "https://www.tide.example/wells"
    related:
      - webUrl: "https://www.tide.example/gauges"

Fix: move the entry up to where its quality belongs.
"""

from collections.abc import Hashable, Iterator, Sequence
from itertools import pairwise

from newscards.edits.operations import Reorder
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Fix, FixElsewhere, Severity, listed_others
from newscards.lint.rule import Fixes, Problem, Rule, Spot
from newscards.rules.common import same_elsewhere


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each entry that is better than the one before it, once for all cards with both."""
    found: dict[tuple[Hashable, Hashable], list[tuple[Row, int, str]]] = {}
    for row in facts.rows:
        qualities = [copy.quality if copy else None for copy in row.related]
        if _is_ordered(qualities) or _is_ordered(facts.qualities(row)):
            continue
        before, at, message = _first_misplaced(qualities)
        found.setdefault((_named(row, before), _named(row, at)), []).append((row, at, message))
    for places in found.values():
        yield from _problem(facts, places)


def _named(row: Row, index: int) -> Hashable:
    """Return what is equal for entries of one card; of an entry that names none, it is the entry itself."""
    copy = row.related[index]
    return copy.identity if copy and copy.names_something else (row.path, index)


def _is_ordered(qualities: Sequence[float | None]) -> bool:
    known = [quality for quality in qualities if quality is not None and quality == quality]  # not NaN
    return known == sorted(known, reverse=True)


def _first_misplaced(qualities: Sequence[float | None]) -> tuple[int, int, str]:
    """Return the positions of the first entry that is better than the one before it, that one first."""
    known = [(at, value) for at, value in enumerate(qualities) if value is not None and value == value]
    for (before, worse), (at, better) in pairwise(known):
        if better > worse:
            return before, at, f"the entries are not ordered by quality: {better} comes after {worse}"
    raise AssertionError("the entries are in order")


def _problem(facts: Facts, places: Sequence[tuple[Row, int, str]]) -> Iterator[tuple[Row, Problem]]:
    spots = [Spot(row, ("related", index, "quality")) for row, index, _ in places]
    rows = [spot.row for spot in spots]
    for at in facts.places_to_report(rows):
        yield (
            rows[at],
            Problem(
                places[at][-1],
                spots[at].path,
                help="put the best first",
                others=listed_others(spots, at),
                suffix=same_elsewhere(len(places) - 1, "other copy", "other copies"),
                fix=_fix(facts, rows, at),
            ),
        )


def _fix(facts: Facts, rows: Sequence[Row], at: int) -> Fix | None:
    """Return the fix that orders the entries of the row at the position ``at``, and those of the others."""
    if not (order := best_first(facts, rows[at])):
        return None
    rest = [*rows[:at], *rows[at + 1 :]] if not facts.apart else ()
    orders = [(other.path, best_first(facts, other)) for other in rest]
    return Fix(
        "order the entries by quality",
        Reorder(order),
        safe=False,
        steps=("related",),
        elsewhere=tuple(FixElsewhere(path, ("related",), Reorder(order)) for path, order in orders if order),
    )


def best_first(facts: Facts, row: Row) -> tuple[int, ...]:
    """Return the order of the entries by quality, best first; empty if an entry has none, or NaN."""
    qualities = facts.qualities(row)
    known = [quality for quality in qualities if quality is not None and quality == quality]
    if len(known) < len(qualities):
        return ()
    return tuple(sorted(range(len(known)), key=lambda index: -known[index]))


RULE = Rule("NC607", "related-order", Severity.WARNING, corpus=check, yields=True, fixes=Fixes.UNSAFE)
