"""A card is both `removed` and published.

`removed: true` says that the card was taken down; every real card that has it has `published: false` too
(CARDS.md). The site only looks at the flag, and shows the card.

Fails:

    removed: true
    published: true

Passes:

    removed: true
    published: false
    heat: 0

Fix: `newscards set-published false CARD`, or delete `removed`.
"""

from collections.abc import Sequence

from newscards.cards.card import Card
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule


def check(card: Card) -> Sequence[Problem]:
    """Return the problem of a removed card whose flag shows it."""
    if card.is_taken_down and card.published and "published" in card.fields:
        problem = Problem(
            "the card is `removed`, and its flag shows it",
            ("published",),
            help="hide it, or delete `removed`",
            site=True,
        )
        return [problem]
    return ()


RULE = Rule("NC207", "removed-but-published", Severity.ERROR, card=check)
