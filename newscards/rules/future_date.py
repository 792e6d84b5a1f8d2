"""A card is dated in the future.

The site shows it anyway, above all others: only `date` schedules a card, `publishedDateTime` does not (tested
with Jekyll). Usually a digit or the time zone is wrong.

Fails:

    publishedDateTime: 2199-06-20T15:44:00Z

Passes:

    publishedDateTime: 2023-06-20T15:44:00Z

Fix: correct the date; to hide the card until then, set `published: false`.
"""

from collections.abc import Sequence
from typing import Any

from newscards import clock
from newscards.cards.card import moment
from newscards.cards.fields import Field
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem of a date later than now."""
    when = moment(value)
    if when is None or clock.is_past(when):
        return ()
    message = f"`{field.name}` is {when:%Y-%m-%d %H:%M} UTC, in the future"
    return [
        Problem(message, help="correct it; the site does not wait for that date", explains=(("NC610", ()),))
    ]


RULE = Rule(
    "NC410",
    "future-date",
    Severity.WARNING,
    value=check,
    applies=lambda field: field.name == "publishedDateTime",
)
