"""A value is not one of those that the field can have.

`category` is `news`, `type` is `article` or `video` (CARDS.md). Values are case-sensitive, as on the site.

Fails:

    type: Article

Passes:

    type: article

Fix: use one of the values.
"""

from collections.abc import Sequence
from typing import Any

from newscards.cards.fields import Field
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.text import did_you_mean


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem of a text that is not among the field's choices."""
    if value in field.choices or not isinstance(value, str):
        return ()
    expected = " or ".join(f"`{choice}`" for choice in field.choices)
    message = f"`{field.name}` is `{value}`, {expected} is expected"
    return [Problem(message, help=did_you_mean(value, field.choices) or f"write {expected}")]


RULE = Rule(
    "NC403",
    "unknown-choice",
    Severity.ERROR,
    value=check,
    applies=lambda field: bool(field.choices),
)
