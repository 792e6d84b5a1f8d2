"""A card lists another card under `related`, which does not list it in turn.

Cards of a story list each other, in all but one of 161,223 real entries (CARDS.md). If one does not, its
readers miss a part of the story.

Fails:

    # 2023-06-20-gauges.md
    webUrl: "https://www.tide.example/gauges"
    related:
      - webUrl: "https://www.tide.example/wells"
    # 2023-06-20-wells.md
    webUrl: "https://www.tide.example/wells"

Passes:

    # 2023-06-20-gauges.md
    webUrl: "https://www.tide.example/gauges"
    related:
      - webUrl: "https://www.tide.example/wells"
    # 2023-06-20-wells.md
    webUrl: "https://www.tide.example/wells"
    related:
      - webUrl: "https://www.tide.example/gauges"

Fix: add the entry to the card that lacks it, or delete the other one.
"""

from collections.abc import Iterator

from newscards.frontmatter.locations import Anchor
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule, Spot
from newscards.rules.common import card_names


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for both cards, if only one of them lists the other."""
    stale: dict[Row, set[str]] = {}
    rows = _not_mutual(facts)
    listed = {row: frozenset(facts.listed[row]) for row in rows}
    for row in rows:
        itself = facts.named_by(row.copy)  # of cards with one identity, the one that entries name
        if all(itself in listed[other] for other in listed[row] if other):
            continue
        visited: set[Row] = set()
        for index, (copy, other) in enumerate(zip(row.related, facts.listed[row], strict=True)):
            if other is None or other is itself or other in visited:
                continue
            visited.add(other)
            if itself in listed[other]:
                continue
            if other not in stale:  # in a stale entry only the URL is right
                stale[other] = set(_stale_urls(other, facts))
            if row.web_url in stale[other]:
                continue
            here, there = ("related", index, "webUrl" if copy and copy.url else "title"), ("related",)
            yield row, Problem(
                f"{card_names([other])} does not list this card in turn", here,
                help="add this card there, or delete the entry", others=(Spot(other, there),),
            )  # fmt: skip
            yield other, Problem(
                f"{card_names([row])} lists this card, and is not listed here", there,
                Anchor.KEY if other.related else Anchor.FIRST_LINE,
                help="add an entry for it, or delete the one there", others=(Spot(row, here),),
            )  # fmt: skip


def _not_mutual(facts: Facts) -> list[Row]:
    """Return the cards of the few stories in which not every card lists all the others."""
    rows: set[Row] = set()
    for story in facts.stories:
        others = (set(facts.listed[row]) - {row, None} for row in story)
        if any(len(each) < len(story) - 1 for each in others):
            rows.update(story)
    return [row for row in facts.rows if row in rows]


def _stale_urls(row: Row, facts: Facts) -> Iterator[str]:
    for copy, other in zip(row.related, facts.listed[row], strict=True):
        if copy and copy.url and not other:
            yield copy.url


RULE = Rule("NC608", "related-one-way", Severity.WARNING, corpus=check)
