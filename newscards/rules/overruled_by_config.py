"""The site's `_config.yml` shows a card that its flag hides, or hides one that it shows.

`unpublished: true` shows every hidden card, `exclude` leaves cards out, and `defaults` decides if `published`
has no value (CARDS.md). If `published` is missing, missing-field says what the site does.

Without a collection `news`, Jekyll shows no card, and without `output: true` it lists them and writes no
page. That is a warning, once for all cards: the pages of such a site may be made by another program.

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

from collections.abc import Iterator, Sequence

from newscards.cards.card import Card
from newscards.jekyll.config import Collection
from newscards.jekyll.site import Cause, Fate, View
from newscards.lint.facts import Facts, Row
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


def check_collection(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield the problem of a site that makes no pages of its cards, at the first published one."""
    if facts.collection is Collection.WRITTEN:
        return
    row = next((row for row in facts.rows if row.published and facts.is_reported(row)), None)
    if row is not None:
        does = "writes no page of a card" if facts.collection.is_read else "shows no card"
        message = f"`published` is true, and Jekyll {does}, because {facts.collection.value}"
        yield row, Problem(message, ("published",), help=_ADVICE, is_minor=True)


_ADVICE = "declare `collections: {news: {output: true}}` in `_config.yml`, if Jekyll is to make the pages"

RULE = Rule("NC205", "overruled-by-config", Severity.ERROR, view=check, corpus=check_collection)
