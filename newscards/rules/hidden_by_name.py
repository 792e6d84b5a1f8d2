"""The flag shows the card, but its file's name hides it.

Jekyll leaves out files and folders whose names begin with `_`, `.`, `#` or `~`, and files whose names end
with `~` or a dot (of the folders below `_news` only the outermost counts). newscards does not find them
either: such a file is checked only if it is named on the command line.

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
from newscards.rules.common import shows


def check(view: View) -> Sequence[Problem]:
    """Return the problem of a card that only its name hides."""
    if view.fate is not Fate.HIDDEN or view.cause is not Cause.NAME or not shows(view.record):
        return ()
    message = "Jekyll leaves out files and folders with such a name"
    return [Problem(message, view.path, help="rename the file", site=True)]


RULE = Rule("NC204", "hidden-by-name", Severity.ERROR, view=check)
