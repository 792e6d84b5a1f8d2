"""A value is not one of those that the field can have.

`category` is `news`, `type` is `article` or `video` (CARDS.md), if the configuration does not say otherwise.
Values are case-sensitive, as on the site.

Fails:

    type: Article

Passes:

    type: article

Fix: use one of the values.
"""

from collections.abc import Sequence
from typing import Any

from newscards.cards.fields import Field, FieldType
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.rules.common import choices_text
from newscards.text import did_you_mean


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem of a value that is not among the field's choices; wrong-type reports other types."""
    if value in field.choices or not isinstance(value, _TYPES[field.kind]) or isinstance(value, bool):
        return ()
    expected = choices_text(field)
    message = f"`{field.name}` is `{value}`, {expected} is expected"
    near = did_you_mean(str(value), map(str, field.choices))
    return [Problem(message, help=near or f"write {expected}")]


_TYPES: dict[FieldType, tuple[type, ...]] = {
    FieldType.TEXT: (str,),
    FieldType.INTEGER: (int,),
    FieldType.NUMBER: (int, float),
}


RULE = Rule(
    "NC403",
    "unknown-choice",
    Severity.ERROR,
    value=check,
    applies=lambda field: bool(field.choices),
)
