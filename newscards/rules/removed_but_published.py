"""A card is `removed` and published.

`removed: true` says that it was taken down, which goes together with `published: false` in every real card
(CARDS.md); the site looks at the flag alone, and shows it.

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
    """Return the problem where a card that was taken down has a flag that shows it."""
    if card.fields.get("removed") is True and card.published and "published" in card.fields:
        problem = Problem(
            "the card is `removed`, and its flag shows it",
            ("published",),
            help="hide it, or delete `removed`",
            site=True,
        )
        return [problem]
    return ()


RULE = Rule("NC207", "removed-but-published", Severity.ERROR, card=check)
