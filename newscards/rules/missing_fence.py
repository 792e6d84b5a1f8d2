"""The line `---` that opens or closes the front matter is missing.

Without the opening line, Jekyll copies the file to the site verbatim, including `secured`. Without the
closing line, it publishes the YAML as the page's text (CARDS.md).

Fails:

    …
    ---

Passes:

    ---
    …
    ---

Fix: add it as a line of its own, in column 0.
"""

from collections.abc import Iterator

from newscards.cards.card import Unreadable
from newscards.frontmatter.fences import (
    CLOSED_BEHIND_TEXT,
    CLOSED_BY_ANOTHER,
    LONE_CRS,
    NOT_CLOSED,
    NOT_OPENED,
    OPENED_BY_ANOTHER,
)
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule

_KINDS = ("empty", "no-opening-fence", "no-closing-fence")
_ADVICE = {
    NOT_OPENED: "add a line `---` above line 1",
    OPENED_BY_ANOTHER: "write `---`, and nothing else, on this line",
    LONE_CRS: "end each line with LF or CRLF",
    NOT_CLOSED: "add a line `---` below the last field",
    CLOSED_BY_ANOTHER: "write `---`, and nothing else, on this line",
    CLOSED_BEHIND_TEXT: "write it on a line of its own",
}
"""Advice by reason."""
_GENERAL = "a card is a line `---`, `key: value` lines, and a line `---`, each ended by LF or CRLF"


def check(card: Unreadable) -> Iterator[Problem]:
    """Yield the problem of a file without its fences, with what is to be written."""
    if card.kind in _KINDS:
        yield Problem(card.reason, help=_ADVICE.get(card.reason, _GENERAL), site=True)


RULE = Rule("NC103", "missing-fence", Severity.ERROR, unreadable=check)
