"""Text stands below the front matter.

The body of every real card is empty (CARDS.md), because pages are made of the fields. Jekyll puts the body on
the page of the card. It is usually text that belongs into a field, or a note that is not for readers.
The markers of an unresolved merge are reported as such.

Fails:

    ---
    …
    ---
    Ask the harbour master for a better picture.

Passes:

    ---
    …
    ---

Fix: move the text into a field, or delete it.
"""

import re
from collections.abc import Sequence

from newscards.cards.card import Card
from newscards.frontmatter.locations import Anchor
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.rules import card_in_body


def check(card: Card) -> Sequence[Problem]:
    """Return the problem of a body with text, unless card-in-body reports it."""
    if not card.body or card_in_body.FRONT_MATTER.search(card.body):
        return ()
    if _MERGE_MARKER.search(card.body):
        message = "an unresolved merge conflict below the front matter"
        return [Problem(message, place=Anchor.BODY, help="delete the markers, and one of the two sides")]
    message = "text below the front matter, which every real card ends with"
    return [Problem(message, place=Anchor.BODY, help="move it into a field, or delete it")]


_MERGE_MARKER = re.compile(rb"^(?:<{7}|>{7})(?: |\r?$)", re.MULTILINE)

RULE = Rule("NC113", "text-in-body", Severity.WARNING, card=check)
