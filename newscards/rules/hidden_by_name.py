"""The flag shows the card, but its file's name hides it.

Jekyll leaves out files and folders whose names begin with `_`, `.`, `#` or `~`, and files whose names end
with `~` or a dot (of the folders below `_news` only the outermost counts). newscards does not find them
either: `list` and all other rules know nothing of such a file, unless it is named on the command line. A copy
beside its card (`_x.md` beside `x.md`) is fine. In `_posts` Jekyll also leaves out files whose names do not
begin with a date, as `2023-06-20-gauges.md` does.

Fails:

    # _2023-06-20-gauges.md
    published: true

Passes:

    # 2023-06-20-gauges.md
    published: true

Fix: rename the file.
"""

from collections.abc import Sequence

from newscards.jekyll.site import Cause, Fate, View
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.lint.strays import Stray
from newscards.rules.common import hides, shows


def check(view: View) -> Sequence[Problem]:
    """Return the problem of a card that only its name hides."""
    if view.cause is Cause.UNDATED and not hides(view.record):  # few posts have a flag
        return [Problem("no date in the file's name", view.path, help="rename the file", site=True)]
    if view.fate is not Fate.HIDDEN or view.cause is not Cause.NAME or not shows(view.record):
        return ()
    message = "Jekyll leaves out files and folders with such a name"
    return [Problem(message, view.path, help="rename the file", site=True)]


def check_stray(stray: Stray) -> Sequence[Problem]:
    """Return the problem of a published card that newscards does not find either."""
    return [problem._replace(path=()) for problem in check(stray.view)] if stray.view else ()


RULE = Rule("NC204", "hidden-by-name", Severity.ERROR, view=check, stray=check_stray)
