"""Jekyll cannot read the card, or reads another flag than is written, although its YAML is valid.

Debian's package of Jekyll 4.3.1 reads YAML with Psych. Upstream's 3.9.5, 3.10.0 (which GitHub Pages runs),
4.3.1 and 4.4.1 read it with safe_yaml. To Psych, a value without quotes that begins with a colon is a symbol,
which Jekyll does not permit, and a tab between a date and a time is an error; safe_yaml shifts all keys and
values behind a key without a name (`~: x`), and refuses some merges. None reads a block that begins with a
byte order mark, or whose `categories` are neither a text nor a list. Then the card is published without its
data, whatever its flag says. The message names the Jekyll if the other one reads the card.

Fails:

    excerpt: :-)

Passes:

    excerpt: ":-)"

Fix: put the value in double quotes.
"""

from collections.abc import Iterator

from newscards.cards.card import Card
from newscards.jekyll.site import Cause, Fate, View
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.rules.common import hides, shows


def check(view: View) -> Iterator[Problem]:
    """Yield the problem of a card that newscards can read, but Jekyll cannot, or reads in another way."""
    if not isinstance(view.record, Card) or view.record.before_fence:
        return
    if view.cause is Cause.UNREADABLE:
        advice = "write a text, or a list" if view.path == ("categories",) else view.advice
        explains = (("NC109", view.path),)
        yield Problem("Jekyll cannot read this card", view.path, help=advice, site=True, explains=explains)
    elif view.cause is Cause.FLAG and _is_another(view):
        flag = "false" if hides(view.record) else "true"
        advice = "write the card without merges, tags and keys without a name"
        yield Problem(f"Jekyll does not read `published` as {flag}", view.path, help=advice, site=True)


def _is_another(view: View) -> bool:
    """Return whether the flag that Jekyll reads is not the one that PyYAML reads."""
    return (view.fate is Fate.PUBLISHED and hides(view.record)) or (
        view.fate is Fate.HIDDEN and shows(view.record)
    )


RULE = Rule("NC208", "unread-by-jekyll", Severity.ERROR, view=check)
