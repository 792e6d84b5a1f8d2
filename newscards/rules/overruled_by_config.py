"""The site's `_config.yml` shows a card that its flag hides, or hides one that it shows.

`unpublished: true` shows every hidden card, `exclude` leaves cards out, and `defaults` decides if `published`
has no value (CARDS.md). If `published` is missing, missing-field says what the site does.

Fails:

    # site/_config.yml
    collections: {news: {output: true}}
    unpublished: true
    # site/_news/2023-06-20-gauges.md
    published: false
    heat: 0

Passes:

    # site/_config.yml
    collections: {news: {output: true}}
    unpublished: false
    # site/_news/2023-06-20-gauges.md
    published: false
    heat: 0

Fix: correct `_config.yml`, or the flag.
"""

from collections.abc import Sequence

from newscards.cards.card import Card
from newscards.jekyll.site import Cause, Fate, View
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.rules.common import hides, shows


def check(view: View) -> Sequence[Problem]:
    """Return the problem of a card whose flag is overruled by the site's configuration."""
    if view.cause is not Cause.SETTING:
        return ()
    empty = isinstance(view.record, Card) and view.record.fields.get("published") is None
    if view.fate is Fate.LISTED and empty:
        return ()  # it is listed because its flag is empty (wrong-type), not because of a setting
    if view.is_shown and hides(view.record):
        flag = "empty" if empty else "false"
        return [Problem(f"`published` is {flag}", view.path, help="correct `_config.yml`", site=True)]
    if not view.is_shown and shows(view.record):
        return [Problem("`published` is true", view.path, help="correct `_config.yml`", site=True)]
    return ()


RULE = Rule("NC205", "overruled-by-config", Severity.ERROR, view=check)
