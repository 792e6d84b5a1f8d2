"""A date has no time zone, or no time.

Every date of 5,632 real cards ends with `Z` (CARDS.md). Without it, readers guess: newscards and YAML assume
UTC, others the zone of their own computer, and the order of cards changes.

Fails:

    publishedDateTime: 2023-06-20T15:44:00

Passes:

    publishedDateTime: 2023-06-20T15:44:00Z

Fix: append `Z` to a time in UTC, or an offset such as `+02:00`.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from newscards.cards.fields import Field
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem of a date without a zone."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            advice = f"if it is in UTC, write `{value.isoformat()}Z`"
            return [Problem(f"`{field.name}` has no time zone", help=advice)]
    elif isinstance(value, date):
        advice = f"add both, for example `{value.isoformat()}T15:44:00Z`"
        return [Problem(f"`{field.name}` is a day alone, without time and time zone", help=advice)]
    return ()


RULE = Rule(
    "NC409",
    "date-without-zone",
    Severity.WARNING,
    value=check,
    applies=lambda field: field.has_zone,
)
