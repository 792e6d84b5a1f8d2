"""The front matter is larger or deeper than newscards reads.

The limits, 1 MiB, 64 levels and 100,000 values after aliases are expanded, are far beyond any real card
(143 KB, 5 levels). A card that exceeds them is an accident, or is meant to exhaust its reader's memory.

Fails:

    topics: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[

Passes:

    topics: [Oceans]

Fix: look at what is there.
"""

from newscards.lint.findings import Severity
from newscards.lint.rule import Rule, of_kind

RULE = Rule(
    "NC106",
    "beyond-limits",
    Severity.ERROR,
    unreadable=of_kind("limits", advice="no real card comes near this; look at what is there"),
)
