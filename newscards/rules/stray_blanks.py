"""The title begins or ends with a blank.

5 % of real titles do (CARDS.md). The site does not show it, but tools that compare titles no longer find
equal ones. A no-break space is a blank too.

Fails:

    title: "Tide gauges get a second life "

Passes:

    title: "Tide gauges get a second life"

Fix: remove the blanks.
"""

from collections.abc import Sequence

from newscards.cards.card import Card
from newscards.lint.findings import Severity
from newscards.lint.rule import Fixes, Problem, Rule
from newscards.rules.common import cleaning


def check(card: Card) -> Sequence[Problem]:
    """Return the problem of blanks around a title; empty-value reports a title of blanks alone."""
    title = card.title
    stripped = title.strip()
    if stripped and stripped != title:
        sides = ((title[0], "begins"), (title[-1], "ends"))
        where = " and ".join(word for character, word in sides if character.isspace())
        problem = Problem(
            f"`title` {where} with a blank",
            ("title",),
            help="remove it",
            fix=cleaning("title", title, str.strip),
        )
        return [problem]
    return ()


RULE = Rule("NC502", "stray-blanks", Severity.WARNING, card=check, fixes=Fixes.SAFE)
