"""An invisible character stands in the title or the excerpt.

Control, zero-width and bidirectional characters get in when text is copied. They break searches, comparisons
and the order of letters, and nobody sees them. 64 real cards have one, mostly a carriage return (CARDS.md).
Joiners in emoji and between letters, as in Persian and Hindi, are not reported.

Fails:

    title: "Tide gauges<U+200B> get a second life"

Passes:

    title: "Tide gauges get a second life"

Fix: remove it.
"""

from collections.abc import Iterable, Iterator

from newscards.cards.card import Card
from newscards.cards.text_cleanup import character_name, invisible, without_invisible
from newscards.lint.findings import Severity
from newscards.lint.rule import Fixes, Problem, Rule
from newscards.rules.common import and_more, cleaning, own_texts


def check(card: Card) -> Iterable[Problem]:
    """Return a problem for each text with invisible characters."""
    return () if card.title.isprintable() and card.excerpt.isprintable() else _problems(card)


def _problems(card: Card) -> Iterator[Problem]:
    for name, text in own_texts(card):
        if found := invisible(text):
            first = and_more(character_name(found[0]), len(found))
            yield Problem(
                f"`{name}` has the invisible {first}", (name,), help="remove what cannot be seen",
                fix=cleaning(name, text, without_invisible),
            )  # fmt: skip


RULE = Rule("NC503", "invisible-character", Severity.WARNING, card=check, fixes=Fixes.SAFE)
