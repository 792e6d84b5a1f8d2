"""A text or a list is empty, and must not be.

No real card has an empty title, an empty topic or no topics at all (CARDS.md); the site would show a
headline that cannot be clicked. An empty excerpt is fine.

Fails:

    title: ""
    topics: []

Passes:

    title: "Ports"
    topics:
      - Oceans

Fix: fill it in.
"""

from collections.abc import Sequence
from typing import Any

from newscards.cards.fields import Field
from newscards.cards.text_cleanup import plain
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.rules.common import USUAL_TEXT


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem of a text of nothing but blanks, or of an empty list."""
    if (isinstance(value, str) and not plain(value)) or value == []:
        return [Problem(f"`{field.name}` is empty", help="fill it in")]
    return ()


RULE = Rule(
    "NC404",
    "empty-value",
    Severity.ERROR,
    value=check,
    usual=USUAL_TEXT.fullmatch,
    applies=lambda field: field.filled,
)
