"""Jekyll cannot build the site with this card, whether it is hidden or not.

An impossible date, in a field `date` or at the beginning of the file's name, aborts the whole build. So does
a byte that is not UTF-8, even in the body, and a file's name that is not UTF-8 (CARDS.md). The message names
the Jekyll, Debian's or the one that GitHub Pages runs, if the other one reads the date.

Fails:

    # 2020-13-45-gauges.md
    published: false
    heat: 0

Passes:

    # 2023-06-20-gauges.md
    published: false
    heat: 0

Fix: correct the date, or the file's encoding.
"""

from collections.abc import Sequence

from newscards.cards.card import Unreadable
from newscards.jekyll.site import Cause, Fate, View
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule

_MESSAGES = {
    Cause.DATE: "Jekyll cannot read `date`",
    Cause.FILE_DATE: "the file's name begins with an impossible date",
    Cause.BYTES: "the body holds bytes that are not UTF-8",
    Cause.NAME: "the file's name is not UTF-8",
}


def check(view: View) -> Sequence[Problem]:
    """Return the problem of a readable card that breaks the build; other rules report unreadable ones."""
    if view.fate is not Fate.FAILS or view.cause in (Cause.UNREADABLE, Cause.LINK):
        return ()
    if isinstance(view.record, Unreadable) and view.cause is Cause.BYTES:
        return ()
    explains = (("NC401", view.path),) if view.cause is Cause.DATE else ()
    advice = "correct it, or rename the file"
    return [Problem(_MESSAGES[view.cause], view.path, help=advice, site=True, explains=explains)]


RULE = Rule("NC206", "build-fails", Severity.ERROR, view=check)
