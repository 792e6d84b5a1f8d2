"""Two cards of one story are published.

A story is a set of cards that list each other under `related`. None of 534 real stories has more than one
published card (CARDS.md): the best, from which readers reach the others.

Fails:

    # 2023-06-20-gauges.md
    webUrl: "https://www.tide.example/gauges"
    related:
      - webUrl: "https://www.tide.example/wells"
    # 2023-06-20-wells.md
    webUrl: "https://www.tide.example/wells"
    published: true
    related:
      - webUrl: "https://www.tide.example/gauges"

Passes:

    # 2023-06-20-gauges.md
    webUrl: "https://www.tide.example/gauges"
    related:
      - webUrl: "https://www.tide.example/wells"
    # 2023-06-20-wells.md
    webUrl: "https://www.tide.example/wells"
    published: false
    related:
      - webUrl: "https://www.tide.example/gauges"

Fix: `newscards set-published false CARD` for all but the best of them.
"""

from collections.abc import Iterator

from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule, Spot
from newscards.rules.common import problem_of_group


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each story with several published cards, at the worst of them."""
    for story in facts.stories:
        shown = sorted((row for row in story if row.published), key=lambda row: -(row.copy.quality or 0))
        if len(shown) > 1:
            yield from problem_of_group(
                facts,
                RULE,
                [Spot(row, ("published",)) for row in shown],
                lambda others: f"the card is of the same story as {others}, published too",
                "hide all but the best of them",
                explains=(("NC412", ("heat",)),),
            )


RULE = Rule("NC609", "story-published-twice", Severity.WARNING, corpus=check)
