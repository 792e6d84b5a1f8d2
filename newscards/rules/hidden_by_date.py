"""The flag shows the card, but a date in the future keeps its page from being written.

Jekyll writes no page of a card that is dated in the future, by a field `date` or at the beginning of the
file's name. It still lists the card in `site.news`: lists and feeds show it, and link to a page that is not
there. `publishedDateTime` does not schedule anything.

Fails:

    # 2199-01-01-gauges.md
    published: true
    publishedDateTime: 2198-12-31T15:44:00Z

Passes:

    # 2023-06-20-gauges.md
    published: true

Fix: correct the date, or write `published: false` until then.
"""

from collections.abc import Sequence

from newscards import clock
from newscards.cards.card import Card
from newscards.frontmatter.nodes import Step
from newscards.jekyll.site import Cause, Fate, View
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.rules.common import shows

_DATES = (Cause.DATE, Cause.FILE_DATE)


def check(view: View) -> Sequence[Problem]:
    """Return the problem of a card that has no page only because of a date."""
    if view.fate not in (Fate.LISTED, Fate.HIDDEN) or view.cause not in _DATES or not shows(view.record):
        return ()
    explains: tuple[tuple[str, tuple[Step, ...]], ...] = ()
    if view.cause is Cause.DATE:
        what, advice = "`date`", "correct the date"
    else:
        day = view.record.date if isinstance(view.record, Card) else None
        what, advice = "the date in the file's name", "correct the date"
        if day and clock.is_past(day):
            advice = f"rename the file to begin with `{day.date()}-`"
        explains = (("NC610", ("publishedDateTime",)),)
    help_text = f"{advice}, or hide the card until then"
    return [Problem(f"{what} is in the future", view.path, help=help_text, site=True, explains=explains)]


RULE = Rule("NC203", "hidden-by-date", Severity.ERROR, view=check)
