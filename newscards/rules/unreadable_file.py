"""A file could not be opened or read: it is not there, not a file, or not allowed.

A link whose target is gone and a file without permission are the usual cases. The other cards are
checked all the same.

Fails:

    # 2023-06-20-a-card.md -> gone.md

Passes:

    # 2023-06-20-a-card.md

Fix: mend the link, or the permission.
"""

from newscards.lint.findings import Severity
from newscards.lint.rule import Rule, of_kind

RULE = Rule(
    "NC101",
    "unreadable-file",
    Severity.ERROR,
    unreadable=of_kind("io", advice="see to the link, or the permission"),
)
