"""Dates as Ruby reads them: what Jekyll makes of ``date``, and of the date in a file's name.

Jekyll hands the text of a date to ``Time.parse`` (utils.rb, ``parse_date``), which takes much for a date,
rolls February 30 over into March, and raises for the rest: then the whole build fails.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

_DAY = re.compile(r"(-?\d{1,4})-(\d{1,2})-(\d{1,2})(?!\d)", re.ASCII)
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_BEYOND = re.compile(r"\d{4}-\d{1,2}|.*[T ](?:2[5-9]|[3-9]\d):\d\d.*", re.ASCII)
"""A month alone, and an hour that no day has."""
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(?:\d{4}|\d{6})?", re.ASCII)
_FAR_ZONE = re.compile(r"[+-](?:2[4-9]|[3-9]\d):?\d\d\s*\Z", re.ASCII)
_LONGEST = 128  # Date.parse raises for a longer text
LONG_AGO = datetime.min.replace(tzinfo=UTC)


def moment(value: Any, zone: tzinfo) -> datetime | None:
    """Return the moment of a date in a front matter; ``None`` where Ruby raises.

    One without zone is of the site's ``zone``, but for a YAML timestamp, which is UTC then.
    """
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), zone)
    if isinstance(value, list | dict):  # `[2199-01-01]` is shown with its brackets, and parsed
        inner = list(value.values()) if isinstance(value, dict) else value
        return moment(inner[0], zone) if inner else None
    if value is None or isinstance(value, bool | float):
        return None
    return _of_text(str(value), zone)


def _of_text(text: str, zone: tzinfo) -> datetime | None:
    if len(text) > _LONGEST or _FAR_ZONE.search(text) or _BEYOND.fullmatch(text):
        return None
    if found := _SLASHES.fullmatch(text):
        return _day(found[3], int(found[2]), int(found[1]), zone)
    if found := _DIGITS.fullmatch(text) or _DAY.search(text):
        day = _day(found[1], int(found[2]), int(found[3]), zone)
        with_time = ":" in text[found.end() :] and day is not None
        return (_parsed(text, zone) if with_time else None) or day
    return None if text.isdigit() else _parsed(text, zone)


def _parsed(text: str, zone: tzinfo) -> datetime | None:
    from dateutil import parser  # only for dates that no card has

    try:
        parsed = parser.parse(
            text, fuzzy=True, tzinfos=lambda name, offset: zone if offset is None else offset
        )
        # dateutil takes any number for the zone's offset; what is none shows when it is asked for.
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
