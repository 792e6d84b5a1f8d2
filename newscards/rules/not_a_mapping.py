"""The front matter is not a mapping: it is empty, a list or a single value.

Jekyll publishes such a page with no data (CARDS.md).

Fails:

    ---
    - title: "Ports"
    ---

Passes:

    ---
    title: "Ports"
    …
    ---

Fix: write it as `key: value` lines.
"""

from newscards.lint.findings import Severity
from newscards.lint.rule import Rule, of_kind

RULE = Rule(
    "NC105",
    "not-a-mapping",
    Severity.ERROR,
    unreadable=of_kind("not-a-mapping", advice="write `title: …` and the other fields, one a line"),
)
