"""`heat` is above 0, but below `quality`.

In all 5,632 real cards `heat` is -1, 0, or at least the quality (CARDS.md). Cards are sorted by it.

Fails:

    quality: 67
    heat: 60

Passes:

    quality: 67
    heat: 67

Fix: correct the one that is wrong.
"""

from collections.abc import Sequence

from newscards.cards.card import Card
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule


def check(card: Card) -> Sequence[Problem]:
    """Return the problem of a heat above 0 and below the quality."""
    heat, quality = card.heat, card.quality
    if isinstance(heat, int) and isinstance(quality, int) and 0 < heat < quality:
        problem = Problem(
            f"`heat` is {heat}, below the `quality` of {quality}",
            ("heat",),
            help="heat is at least the quality, or 0, or -1 if another card of the story is better",
        )
        return [problem]
    return ()


RULE = Rule("NC411", "heat-below-quality", Severity.WARNING, card=check)
