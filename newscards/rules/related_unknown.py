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
from newscards.lint.findings import MAX_LISTED, Severity
from newscards.lint.rule import Problem, Rule, Spot
from newscards.text import counted


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
        if left := facts.unignored(RULE, found):
            yield _problem(facts, identity, left)


def _problem(facts: Facts, identity: Identity, spots: Sequence[Spot]) -> tuple[Row, Problem]:
    at = next((spot for spot in spots if facts.is_reported(spot.row)), spots[0])
    others = tuple(spot for spot in spots[: MAX_LISTED + 1] if spot is not at)[:MAX_LISTED]
    suffix = f"; the same in {counted(len(spots) - 1, 'other copy', 'other copies')}" if others else ""
    return at.row, Problem(
        f"no card of the corpus has this {'URL' if identity[0] else 'title and date'}",
        at.path,
        help="bring the card back, or delete the entry",
        others=others,
        suffix=suffix,
    )


RULE = Rule("NC605", "related-unknown", Severity.WARNING, corpus=check, yields=True)
