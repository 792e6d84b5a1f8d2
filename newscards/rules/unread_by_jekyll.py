"""Jekyll cannot read the card, although its YAML is valid, and publishes it without its data.

In Ruby, a value without quotes that begins with a colon is a symbol, which Jekyll does not permit. Nor does
it read a block that begins with a byte order mark, or whose `categories` are neither a text nor a list. The
flag is not read either, whatever it says. Tested with Jekyll 4.3.1.

Fails:

    excerpt: :-)

Passes:

    excerpt: ":-)"

Fix: put the value in double quotes.
"""

from collections.abc import Sequence

from newscards.cards.card import Card
from newscards.jekyll.site import Cause, View
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule


def check(view: View) -> Sequence[Problem]:
    """Return the problem of a card that newscards can read, but Jekyll cannot."""
    if view.cause is Cause.UNREADABLE and isinstance(view.record, Card) and not view.record.before_fence:
        advice = "put it in double quotes" if view.path else "delete the byte order mark"
        if view.path == ("categories",):
            advice = "write a text, or a list"
        explains = (("NC109", view.path),)
        return [Problem("Jekyll cannot read this card", view.path, help=advice, site=True, explains=explains)]
    return ()


RULE = Rule("NC208", "unread-by-jekyll", Severity.ERROR, view=check)
