"""A line `---` that opens or ends the front matter is missing.

Without the opening one Jekyll copies the file to the site verbatim, `secured` included; without the
closing one it publishes the YAML as the page's text (CARDS.md).

Fails:

    …
    ---

Passes:

    ---
    …
    ---

Fix: add the line, alone, in column 0.
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
