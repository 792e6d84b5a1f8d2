"""Two cards have the same initialisation vector in `secured`.

The part after the `;` is the cipher's iv, which is new for each card. If two are equal, one value was copied
from the other card, and does not hold its own card's data. In 5,632 real cards all are different (CARDS.md).

Fails:

    # 2023-06-20-gauges.md
    secured: "AAAAAAAAAAAAAAAAAAAAAA==;VGhlIGl2IG9mIG9uZSEhIQ=="
    # 2023-06-20-wells.md
    secured: "BBBBBBBBBBBBBBBBBBBBBA==;VGhlIGl2IG9mIG9uZSEhIQ=="

Passes:

    # 2023-06-20-gauges.md
    secured: "AAAAAAAAAAAAAAAAAAAAAA==;VGhlIGl2IG9mIG9uZSEhIQ=="
    # 2023-06-20-wells.md
    secured: "BBBBBBBBBBBBBBBBBBBBBA==;VGhlIGl2IG9mIG90aGVyIQ=="

Fix: take the value from the card's history, or have it made again.
"""

from collections.abc import Iterator

from newscards.cards.related import grouped
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule, Spot
from newscards.rules.common import problem_of_group


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each iv that several cards have."""
    for rows in grouped((row.iv, row) for row in facts.rows if row.iv).values():
        if len(rows) > 1:
            yield from problem_of_group(
                facts,
                RULE,
                [Spot(row, ("secured",)) for row in rows],
                lambda others: f"its iv, after the `;`, is also that of {others}",
                "restore the value from the card's history",
            )


RULE = Rule("NC614", "secured-reused-iv", Severity.WARNING, corpus=check)
