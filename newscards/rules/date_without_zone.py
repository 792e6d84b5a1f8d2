"""A date without a time zone, or without a time.

Every date of 5,632 real cards ends with `Z` (CARDS.md). Without it, readers guess: newscards and YAML take
UTC, others the zone of their own computer, and cards change their order.

Fails:

    publishedDateTime: 2023-06-20T15:44:00

Passes:

    publishedDateTime: 2023-06-20T15:44:00Z

Fix: append `Z` to a time in UTC, or the offset, as `+02:00`.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from newscards.cards.fields import Field, FieldType
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem where a date has no zone."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            advice = f"if it is in UTC, write `{value.isoformat()}Z`"
            return [Problem(f"`{field.name}` has no time zone", help=advice)]
    elif isinstance(value, date):
        advice = f"write it as `{value.isoformat()}T15:44:00Z`"
        return [Problem(f"`{field.name}` is a day alone, without time and time zone", help=advice)]
    return ()


RULE = Rule(
    "NC409",
    "date-without-zone",
    Severity.WARNING,
    value=check,
    applies=lambda field: field.kind is FieldType.DATE,
)
