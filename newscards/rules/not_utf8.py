"""The front matter is not UTF-8.

Jekyll aborts the whole build at an invalid byte, even in a card that is hidden (CARDS.md).

Fails: a card saved as Latin-1, whose `é` is the byte E9. Passes: the same card saved as UTF-8.
Fix: save the file as UTF-8.
"""

from newscards.rules.rule import Rule, Severity, of_kind

RULE = Rule(
    "NC102",
    "not-utf8",
    Severity.ERROR,
    unreadable=of_kind("not-utf8", advice="save the file as UTF-8; until then the site cannot be built"),
)
