"""A card has no `secured`, and nearly all others have it.

All 5,632 real cards have it (CARDS.md). A card without it lost it in an edit, or never went through the
pipeline. Nothing is reported where more than one in twenty of the other cards has none either: there it is
not usual.

Fails:

    # 2023-06-20-gauges.md
    # 2023-06-20-wells.md
    # without secured

Passes:

    # 2023-06-20-gauges.md
    # 2023-06-20-wells.md
    heat: 67

Fix: restore it from the card's history. A card that never had it, such as a new one, gets it from the
pipeline.
"""

from collections.abc import Iterator

from newscards.frontmatter.locations import Anchor
from newscards.lint.conventions import Convention
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule

_PROBLEM = Problem(
    "`secured` is missing, which nearly every card has",
    ("secured",),
    Anchor.FIRST_LINE,
    "restore it from the card's history; a new card, which never had it, gets it from the pipeline",
)


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each of a few cards without `secured`; an empty value is reported by others."""
    for row in facts.exceptions(Convention.SECURED):
        yield row, _PROBLEM


RULE = Rule("NC617", "secured-lost", Severity.WARNING, corpus=check)
