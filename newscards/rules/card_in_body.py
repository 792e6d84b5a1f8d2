"""The front matter of a second card, or a part of it, stands in the body.

A line `---` or a `secured` below the front matter is what is left where two files were joined, or where a
conflict was solved badly. Jekyll reads the first front matter alone: the second card does not exist for the
site, and its text is published on the page of the first one, `secured` included.

Fails:

    ---
    …
    ---
    ---
    layout: news
    ---

Passes:

    ---
    …
    ---

Fix: move the second card into a file of its own, or delete it.
"""

import re
from collections.abc import Sequence

from newscards.cards.card import Card
from newscards.cards.fields import card_field
from newscards.frontmatter.locations import Anchor
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.rules.common import missing

FRONT_MATTER = re.compile(
    rb"^(?:\xef\xbb\xbf)?(?P<fence>---[ \t\r]*$)|^[ \t]*[\"']?secured[\"']?[ \t]*:",
    re.MULTILINE | re.IGNORECASE,
)
"""A fence, or the key `secured`, on a line of the body."""
_KEY = re.compile(rb"[ \t]*[\"']?([A-Za-z]+)[\"']?[ \t]*:")


def check(card: Card) -> Sequence[Problem]:
    """Return the problem of a body with front matter in it.

    A body that begins with a field that the card must have and lacks is the rest of the card's own front
    matter, which ended too early: missing-field reports the card.
    """
    if not card.body or not (found := FRONT_MATTER.search(card.body)):
        return ()
    key = _KEY.match(card.body)
    if key and key[1].decode() in missing(card_field(), dict(card.fields)):
        return ()
    has_secured = b"secured" in card.body.lower()
    what = "a second front matter" if found["fence"] else "a field of a front matter"
    message = f"{what} below the first one{', with `secured` in it' if has_secured else ''}"
    advice = "move it into a file of its own, or delete it"
    return [Problem(message, place=Anchor.BODY, help=advice, site=True)]


RULE = Rule("NC114", "card-in-body", Severity.ERROR, card=check)
