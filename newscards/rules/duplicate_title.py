"""Two published cards have exactly the same title.

Readers see the same headline twice and cannot tell the cards apart. In 4,958 real cards, 150 titles occur
twice or more (CARDS.md), mostly the same report from two providers, of which at most one is published.
Translations of one card (`duplicate-id`) are one card here.

Fails:

    # 2023-06-20-gauges.md
    title: "Tide gauges get a second life"
    published: true
    heat: 67
    # 2023-06-21-gauges-too.md
    publishedDateTime: 2023-06-21T15:44:00Z
    title: "Tide gauges get a second life"
    published: true
    heat: 67

Passes:

    # 2023-06-20-gauges.md
    title: "Tide gauges get a second life"
    published: true
    heat: 67
    # 2023-06-21-gauges-too.md
    publishedDateTime: 2023-06-21T15:44:00Z
    published: true
    heat: 67
    title: "Old wells, new sensors"

Fix: keep the better card, or tell the two apart in their titles.
"""

from collections.abc import Iterator

from newscards.cards.related import grouped
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule, Spot
from newscards.rules.common import problem_of_group, without_translations


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each title that several published cards have."""
    shown = ((row.title, row) for row in facts.rows if row.published and row.title.strip())
    for rows in grouped(shown).values():
        if len(rows) > 1 and len(rows := without_translations(rows)) > 1:
            yield from problem_of_group(
                facts,
                RULE,
                [Spot(row, ("title",)) for row in rows],
                lambda others: f"the title is also that of {others}, published too",
                "hide one, or tell them apart",
            )


RULE = Rule("NC602", "duplicate-title", Severity.WARNING, corpus=check)
