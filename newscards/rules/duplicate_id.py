"""Two files have one name, but for their folder or ending.

A file's name is the card's id and, on the site, its address: one page overwrites the other, or both have
one id in every list.

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

from newscards.facts import Facts, Row, grouped
from newscards.harmless import path_text
from newscards.rules.rule import Problem, Rule, Severity
from newscards.rules.several import told_on_each


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield the cards whose id another card has."""
    for name, rows in grouped((row.id, row) for row in facts.rows).items():
        if len(rows) > 1:
            places = " and ".join(path_text(row.path) for row in rows[:2])
            more = f" and {len(rows) - 2} more" if len(rows) > 2 else ""
            yield from told_on_each(
                rows, lambda row: (), f"`{path_text(name)}` is the id of {places}{more}", "rename all but one"
            )


RULE = Rule("NC611", "duplicate-id", Severity.WARNING, corpus=check)
