"""Filters: predicates over cards. They never read files."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from newscards.cards.card import Card
from newscards.cards.names import name_key
from newscards.errors import NewscardsError

if TYPE_CHECKING:
    from dateutil.relativedelta import relativedelta


@dataclass(frozen=True, slots=True)
class Filter:
    """A predicate over cards; ``&``, ``|`` and ``~`` combine them."""

    test: Callable[[Card], bool]

    def __call__(self, card: Card) -> bool:
        """Return whether the card is selected."""
        return self.test(card)

    def __and__(self, other: Filter) -> Filter:
        """Return a filter for the cards that both select."""
        return Filter(lambda card: self.test(card) and other.test(card))

    def __or__(self, other: Filter) -> Filter:
        """Return a filter for the cards that either selects."""
        return Filter(lambda card: self.test(card) or other.test(card))

    def __invert__(self) -> Filter:
        """Return a filter for the cards that this one does not select."""
        return Filter(lambda card: not self.test(card))


EVERYTHING = Filter(lambda card: True)
NOTHING = Filter(lambda card: False)


def topic(name: str) -> Filter:
    """Return a filter for the cards of a topic, compared by ``name_key``."""
    wanted = name_key(name)
    return Filter(lambda card: wanted in map(name_key, card.topics))


def provider(name: str) -> Filter:
    """Return a filter for the cards of a provider by its name or domain, compared by ``name_key``."""
    wanted = name_key(name)
    return Filter(
        lambda card: any(
            isinstance(value := card.provider.get(key), str) and name_key(value) == wanted
            for key in ("name", "domain")
        )
    )


def card_type(name: str) -> Filter:
    """Return a filter for the cards of a ``type`` such as ``video``, spelled exactly so."""
    return Filter(lambda card: card.fields.get("type") == name)


def published(wanted: bool) -> Filter:
    """Return a filter for the cards that are published, or those that are hidden."""
    return Filter(lambda card: card.published is wanted)


def number(name: str, *, minimum: int | None = None, maximum: int | None = None) -> Filter:
    """Return a filter by ``quality`` or ``heat``, bounds included, without the cards that lack the number."""

    def test(card: Card) -> bool:
        value = card.quality if name == "quality" else card.heat
        if value is None:
            return False
        return (minimum is None or value >= minimum) and (maximum is None or value <= maximum)

    return Filter(test)


def since(moment: datetime) -> Filter:
    """Return a filter for the cards from ``moment`` on; one without a date is not selected."""
    return Filter(lambda card: card.date is not None and card.date >= moment)


def before(moment: datetime) -> Filter:
    """Return a filter for the cards before ``moment``; one without a date is not selected."""
    return Filter(lambda card: card.date is not None and card.date < moment)


_AGE = r"(\d{1,5})([dwmy])"
_DAYS_AGO = {"today": 0, "yesterday": 1}
_DAY = r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?"


def parse_days(text: str, now: datetime) -> tuple[datetime, datetime]:
    """Return the start of a day, month or year in UTC, and the start of the next one.

    ``text`` is a day (``2023-06-20``), a month (``2023-06``), a year (``2023``) or an age: ``14d``, ``6w``,
    ``3m`` (calendar months) or ``1y`` is the day that long before ``now``; ``today`` and ``yesterday`` are
    days, too. Raises ``NewscardsError`` for other texts.
    """
    from dateutil.relativedelta import relativedelta

    try:
        age = re.fullmatch(_AGE, f"{_DAYS_AGO[text]}d" if text in _DAYS_AGO else text)
        if age:
            count = int(age[1])
            ages = {
                "d": relativedelta(days=count),
                "w": relativedelta(weeks=count),
                "m": relativedelta(months=count),
                "y": relativedelta(years=count),
            }
            day = now.astimezone(UTC).date() - ages[age[2]]
            return _midnight(day), _after(day, relativedelta(days=1))
        if match := re.fullmatch(_DAY, text):
            first = date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
            step = relativedelta(days=1) if match[3] else relativedelta(months=1 if match[2] else 12)
            return _midnight(first), _after(first, step)
    except (ValueError, OverflowError) as error:
        raise NewscardsError(f"{text} is not a date: {error}") from None
    raise NewscardsError(
        f"{text} is not a date",
        "a day 2023-06-20, today or yesterday, a month 2023-06, a year 2023, or an age 14d, 6w, 3m, 1y is"
        " expected",
    )


def _after(day: date, step: relativedelta) -> datetime:
    try:
        return _midnight(day + step)
    except (ValueError, OverflowError):  # beyond the year 9999, which is the last of `datetime`
        return datetime.max.replace(tzinfo=UTC)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
