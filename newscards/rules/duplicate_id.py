"""Two files have the same name, except for their folder or ending.

A file's name is the card's id and, on the site, its address: one page overwrites the other, or both have
the same id in every list.

Fails:

    # 2023-06-20-gauges.md
    quality: 67
    # old/2023-06-20-gauges.md
    quality: 67

Passes:

    # 2023-06-20-gauges.md
    quality: 67
    # old/2023-06-20-gauges-too.md
    quality: 67

Fix: rename one of them.
"""

from collections.abc import Iterator

from newscards.cards.related import grouped
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule, Spot
from newscards.rules.common import problem_of_group


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each id that several cards have."""
    for rows in grouped((row.id, row) for row in facts.rows).values():
        if len(rows) > 1:
            yield from problem_of_group(
                facts,
                RULE,
                [Spot(row) for row in rows],
                lambda others: f"the file's name, which is the card's id, is also that of {others}",
                "rename all but one",
                lambda row: row.path,
            )


RULE = Rule("NC611", "duplicate-id", Severity.WARNING, corpus=check)
