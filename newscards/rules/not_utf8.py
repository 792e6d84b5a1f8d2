"""The front matter is not UTF-8.

Jekyll aborts the whole build at an invalid byte, even in a hidden card (CARDS.md). In a card that was saved
as Latin-1, `é` is the byte E9.

Fails:

    title: "A caf<E9> on the quay"

Passes:

    title: "A café on the quay"

Fix: save the file as UTF-8.
"""

from newscards.lint.findings import Severity
from newscards.lint.rule import Rule, of_kind

RULE = Rule(
    "NC102",
    "not-utf8",
    Severity.ERROR,
    unreadable=of_kind("not-utf8", advice="save the file as UTF-8"),
)
