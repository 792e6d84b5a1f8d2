"""A published card has no heat.

`heat` is -1 if another card of the same story is better; that one should be shown instead. Every published
card of two live sites has a heat above 0 (CARDS.md).

Fails:

    heat: -1
    published: true

Passes:

    heat: -1
    published: false

Fix: hide the card with `newscards set-published false CARD`, or correct the heat.
"""

from collections.abc import Sequence

from newscards.cards.card import Card
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule


def check(card: Card) -> Sequence[Problem]:
    """Return the problem of a card whose flag is true and whose heat is 0 or below.

    published-not-boolean reports other flags, missing-field a missing one.
    """
    heat = card.heat
    if card.fields.get("published") is True and isinstance(heat, int) and heat <= 0:
        why = ": another card of the story is better" if heat == -1 else ""
        problem = Problem(
            f"the card is published, and its `heat` is {heat}{why}",
            ("heat",),
            help="hide it with `newscards set-published false CARD`, or correct the heat",
        )
        return [problem]
    return ()


RULE = Rule("NC412", "published-without-heat", Severity.WARNING, card=check)
