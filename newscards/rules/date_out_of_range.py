"""A date is before the year 1 or after 9999 in UTC.

`0001-01-01T00:00:00+14:00` is a moment of the year 0. Many programs cannot represent it, those in Python
among them, and others sort such a card in their own way. It is a typo, or a stand-in for an unknown date.

Fails:

    publishedDateTime: 0001-01-01T00:00:00+14:00

Passes:

    publishedDateTime: 2023-06-20T15:44:00Z

Fix: write the date of the article.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from newscards.cards.card import moment
from newscards.cards.fields import Field, FieldType
from newscards.frontmatter.nodes import Step
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem of a moment that overflows in UTC: a field, or the key `date` of a card.

    `date` is no field of a card. Jekyll schedules pages by it, so a late one is left to hidden-by-date.
    """
    if field.kind is FieldType.DATE:
        return _problems(field.name, value, ())
    when = value.get("date") if isinstance(value, dict) else None
    return _problems("date", when, ("date",)) if isinstance(when, datetime) and when.year == 1 else ()


def _problems(name: str, value: Any, path: tuple[Step, ...]) -> Sequence[Problem]:
    if not isinstance(value, datetime) or value.tzinfo is UTC or moment(value) is not None:
        return ()
    end = "before the year 1" if value.year == 1 else "after the year 9999"
    return [Problem(f"`{name}` is {end} in UTC", path, help="write the date of the article")]


RULE = Rule(
    "NC418",
    "date-out-of-range",
    Severity.ERROR,
    value=check,
    applies=lambda field: field.kind is FieldType.DATE or not field.name,
)
