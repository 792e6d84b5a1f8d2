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

from newscards.lint.findings import Severity
from newscards.lint.rule import Rule, of_kind

RULE = Rule(
    "NC103",
    "missing-fence",
    Severity.ERROR,
    unreadable=of_kind(
        "empty",
        "no-opening-fence",
        "no-closing-fence",
        advice="a card is a line `---`, `key: value` lines, and a line `---`, each ended by LF or CRLF",
    ),
)
