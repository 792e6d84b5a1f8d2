"""A number is below its minimum.

`quality` begins at 0, `heat` at -1 (another card of the story is better), an image has at least one
pixel (CARDS.md). There is no maximum: qualities of 189 and heats of 3694 are real.

Fails:

    quality: -67

Passes:

    quality: 67

Fix: correct the number.
"""

from collections.abc import Sequence
from typing import Any

from newscards.cards.card import whole_number
from newscards.cards.fields import Field
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem where a number is below the field's minimum."""
    found = whole_number(value)
    if found is not None and field.minimum is not None and found < field.minimum:
        message = f"`{field.name}` is {value}, {field.minimum} or more is expected"
        return [Problem(message, help=f"the minimum is {field.minimum}", explains=(("NC412", ()),))]
    return ()


RULE = Rule(
    "NC402",
    "below-minimum",
    Severity.ERROR,
    value=check,
    applies=lambda field: field.minimum is not None,
)
