"""A file cannot be read: it is missing, is not a file, or has no read permission.

The usual cases are a link whose target is gone, and a file without permission. The other cards are checked
anyway. Jekyll is less patient: a link that leads to nothing, or to itself, aborts the whole build.

Fails:

    # 2023-06-20-a-card.md -> gone.md

Passes:

    # 2023-06-20-a-card.md

Fix: correct the link, or the permissions.
"""

from newscards.lint.findings import Severity
from newscards.lint.rule import Rule, of_kind

RULE = Rule(
    "NC101",
    "unreadable-file",
    Severity.ERROR,
    unreadable=of_kind("io", advice="check the link, or the permissions"),
)
