"""The front matter is larger or deeper than newscards reads.

The limits, 1 MiB, 64 levels and 100,000 values after aliases are expanded, are far beyond any real card
(143 KB, 5 levels). What exceeds them is an accident, or meant to exhaust the memory of its reader.

Fails:

    topics: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[

Passes:

    topics: [Oceans]

Fix: look at what stands there.
"""

from newscards.lint.findings import Severity
from newscards.lint.rule import Rule, of_kind

RULE = Rule(
    "NC106",
    "beyond-limits",
    Severity.ERROR,
    unreadable=of_kind("limits", advice="no real card comes near this; look at what stands there"),
)
