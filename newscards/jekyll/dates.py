"""Dates as Ruby reads them, in ``date`` and in a file's name.

Jekyll parses the text of a date with ``Time.parse`` (utils.rb, ``parse_date``). It accepts many texts,
turns February 30 into a day in March, and raises an error for the rest: then the whole build fails.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

_DAY = re.compile(r"(-?\d{1,4})-(\d{1,2})-(\d{1,2})(?!\d)", re.ASCII)
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_INVALID = re.compile(r"\d{4}-\d{1,2}|.*[T ](?:2[5-9]|[3-9]\d):\d\d.*", re.ASCII)
"""A month alone, or an hour after 24: Ruby raises an error."""
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(?:\d{4}|\d{6})?", re.ASCII)
_FAR_ZONE = re.compile(r"[+-](?:2[4-9]|[3-9]\d):?\d\d\s*\Z", re.ASCII)
_MAX_TEXT = 128  # Date.parse raises an error for a longer text
LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""The moment that stands for all dates before the year 1, which Ruby can represent and Python cannot."""


def moment(value: Any, zone: tzinfo) -> datetime | None:
    """Return the moment of a date in a front matter; ``None`` if Ruby raises an error.

    A date without a zone is in the site's ``zone``; but a YAML timestamp without one is in UTC.
    """
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), zone)
    if isinstance(value, list | dict):  # Jekyll parses the text of a list, as `[2199-01-01]`
        inner = list(value.values()) if isinstance(value, dict) else value
        return moment(inner[0], zone) if inner else None
    if value is None or isinstance(value, bool | float):
        return None
    return _parse(str(value), zone)


def _parse(text: str, zone: tzinfo) -> datetime | None:
    if len(text) > _MAX_TEXT or _FAR_ZONE.search(text) or _INVALID.fullmatch(text):
        return None
    if match := _SLASHES.fullmatch(text):
        return _day(match[3], int(match[2]), int(match[1]), zone)
    if match := _DIGITS.fullmatch(text) or _DAY.search(text):
        day = _day(match[1], int(match[2]), int(match[3]), zone)
        with_time = ":" in text[match.end() :] and day is not None
        return (_parse_with_dateutil(text, zone) if with_time else None) or day
    return None if text.isdigit() else _parse_with_dateutil(text, zone)


def _parse_with_dateutil(text: str, zone: tzinfo) -> datetime | None:
    from dateutil import parser  # not at the top, because only unusual dates need it

    try:
        parsed = parser.parse(
            text, fuzzy=True, tzinfos=lambda name, offset: zone if offset is None else offset
        )
        # dateutil accepts any number as the zone's offset; an invalid one fails only in `astimezone`.
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, ArithmeticError):
        return None


def _day(year_text: str, month: int, day: int, zone: tzinfo) -> datetime | None:
    year = int(year_text)
    if len(year_text) <= 2 and year >= 0:
        year += 2000 if year < 69 else 1900
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    if year < 1:
        return LONG_AGO
    return datetime(year, month, 1, tzinfo=zone) + timedelta(days=day - 1)
