"""The date in the file's name is not that of the card.

A file is named after the day on which its card arrived: the day of `publishedDateTime` in UTC or the day
after. No other difference occurs in 5,632 real cards (CARDS.md): one of the two is a typo. The day that a
date with an offset writes itself is fine, too. Jekyll takes the page's date from the file's name. The name
of a page bundle, `2023-06-21-gauges/index.md`, is its folder's.

Fails:

    # 2023-06-27-gauges.md
    publishedDateTime: 2023-06-20T15:44:00Z

Passes:

    # 2023-06-21-gauges.md
    publishedDateTime: 2023-06-20T15:44:00Z

Fix: correct the date, or rename the file.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from newscards.cards.card import Card
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.rules.common import thing_named

_NAME = re.compile(r"(\d{4})-(\d\d)-(\d\d)-", re.ASCII)


def check(card: Card) -> Iterable[Problem]:
    """Return the problem of a file name whose date is neither the card's UTC day nor the day after."""
    found, moment = _NAME.match(card.id), card.date
    if found is None or moment is None:
        return ()
    day = moment.date()
    if found[0][:-1] == day.isoformat():
        return ()
    written = card.fields["publishedDateTime"]
    written_day = written.date() if isinstance(written, datetime) else day
    return _problems(found, day, written_day, thing_named(card.path))


def _problems(found: re.Match[str], day: date, written_day: date, thing: str) -> Iterator[Problem]:
    try:
        named = date(*map(int, found.groups()))
    except ValueError:
        year, month, day_of_month = map(int, found.groups())
        if year and 1 <= month <= 12 and 1 <= day_of_month <= 31:  # build-fails reports others
            message = f"the {thing} is named after {found[0][:-1]}, which is not a date"
            yield Problem(message, help=f"rename the {thing}")
        return
    days = (named - day).days
    if days not in (0, 1) and named != written_day:
        yield Problem(
            f"the {thing}'s name has the date {named}, {_distance(days)} this one",
            ("publishedDateTime",),
            help=f"correct the date, or rename the {thing}",
        )


def _distance(days: int) -> str:
    count = f"{abs(days):,} day{'s' * (abs(days) != 1)}"
    return f"{count} {'after' if days > 0 else 'before'}"


RULE = Rule("NC610", "file-date", Severity.WARNING, card=check)
