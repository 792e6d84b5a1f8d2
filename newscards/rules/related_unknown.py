"""An entry of `related` names no card of the corpus.

Each of 161,223 real entries copies one card of the same corpus: same `webUrl`, title and date (CARDS.md). One
that does not leads readers to something that the site does not have, often a deleted card.

Fails:

    related:
      - webUrl: "https://www.tide.example/nowhere"

Passes:

    # 2023-06-20-gauges.md
    webUrl: "https://www.tide.example/gauges"
    related:
      - webUrl: "https://www.tide.example/wells"
    # 2023-06-20-wells.md
    webUrl: "https://www.tide.example/wells"
    related:
      - webUrl: "https://www.tide.example/gauges"

Fix: delete the entry, or bring its card back.
"""

from collections.abc import Iterator, Sequence

from newscards.cards.card import Identity
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Severity, listed_others
from newscards.lint.rule import Problem, Rule, Spot
from newscards.rules.common import same_elsewhere


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each card that entries name and the corpus does not have."""
    unknown = {
        entry: copy
        for entry, copy in facts.entries.items()
        if copy and copy.names_something and not facts.meant[entry]
        if copy.url not in facts.urls_of_unreadable
    }
    spots: dict[Identity, list[Spot]] = {}
    for row in facts.rows if unknown else ():
        if not unknown.keys().isdisjoint(map(id, row.related)):
            for index, copy in enumerate(row.related):
                if copy and id(copy) in unknown:
                    path = ("related", index, "webUrl" if copy.url else "title")
                    spots.setdefault(copy.identity, []).append(Spot(row, path))
    for identity, found in spots.items():
        yield from _problem(facts, identity, facts.unignored(RULE, found))


def _problem(facts: Facts, identity: Identity, spots: Sequence[Spot]) -> Iterator[tuple[Row, Problem]]:
    for at in facts.places_to_report(spot.row for spot in spots):
        yield (
            spots[at].row,
            Problem(
                f"no card of the corpus has this {'URL' if identity[0] else 'title and date'}",
                spots[at].path,
                help="bring the card back, or delete the entry",
                others=listed_others(spots, at),
                suffix=same_elsewhere(len(spots) - 1, "other copy", "other copies"),
            ),
        )


RULE = Rule("NC605", "related-unknown", Severity.WARNING, corpus=check, yields=True)
