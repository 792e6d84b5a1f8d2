"""A file in `_news` is no card by its ending or its folder, and Jekyll takes it for one.

Jekyll does not look at endings. Each file whose first line is `---` is a document for it: `x.md.orig` and
`x.md.bak`, which editors and merges leave, `x.MD`, `x.mkdn`, `x.html`, or a name without an ending. A folder
whose name begins with `_` or `.` is left out only directly below `_news`: `_news/2023/_old/x.md` is part of
the site. newscards does not find such files, so `list`, `set-published` and all other rules know nothing of
them. It is an error if such a file shows what its card hides, or if the build fails because of it, and else a
warning. Tested with Jekyll 4.3.1.

Fails:

    # site/_news/2023-06-20-gauges.md
    published: false
    heat: 0
    # site/_news/2023-06-20-gauges.md.orig
    published: true

Passes:

    # site/_news/2023-06-20-gauges.md
    published: false
    heat: 0
    # site/_news/2023-06-20-gauges.md~
    published: true

Fix: delete the file, or move it out of `_news`; to make it a card, give it the ending `.md`, or rename
its folder.
"""

import os
from collections.abc import Sequence

from newscards.corpus.discovery import ENDINGS
from newscards.jekyll.site import Cause, Fate
from newscards.layout import is_skipped_name
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.lint.strays import Stray
from newscards.rules.common import hides
from newscards.text import path_text

_ADVICE = "delete it, move it out of `_news`, or make it a card with the ending `.md`"


def check(stray: Stray) -> Sequence[Problem]:
    """Return the problem of a file that Jekyll takes for a card."""
    view = stray.view
    if view is not None and view.cause is Cause.NAME and view.fate is Fate.HIDDEN:
        return ()  # hidden-by-name reports it
    if view is not None and view.cause is Cause.LINK:
        return [Problem("the link leads to nothing", help="delete it, or correct it", site=True)]
    what, advice = "name", _ADVICE
    if stray.record.path.endswith(ENDINGS):
        in_folder = not is_skipped_name(os.path.basename(stray.record.path))
        what = "folder" if in_folder else "name"
        advice = f"rename {'the folder' if in_folder else 'it'}, or move it out of `_news`"
    message = f"no card by its {what}, but Jekyll takes it for one"
    is_shown = view.is_shown if view is not None else not hides(stray.record)
    is_hidden = stray.card_view is not None and stray.card_view.fate is Fate.HIDDEN
    if is_shown and is_hidden:
        message += f", though `{path_text(os.path.basename(stray.card))}` is hidden"
        return [Problem(message, help=advice, site=True)]
    fails = view is not None and view.fate is Fate.FAILS
    return [Problem(message, help=advice, site=True, is_minor=not fails)]


RULE = Rule("NC209", "stray-document", Severity.ERROR, stray=check)
