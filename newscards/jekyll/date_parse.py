"""Texts as dates, as Ruby's ``Time.parse`` reads them: the heuristic of date_parse.c and time.rb (Ruby 3.1).

It takes the time out of the text first, then looks for a date in a dozen forms, in a fixed order; the first
that it finds anywhere in the text is the date. ``tests/jekyll/test_date_parse.py`` compares the results with
those of a real Ruby.
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

from newscards import clock
from newscards.jekyll.readers import FAR_FUTURE, LONG_AGO

MAX_BYTES = 128
"""The longest text of a date; Ruby raises an error for a longer one."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ZONES = {"UTC": 0, "Z": 0, "UT": 0, "GMT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7}
_ZONES |= {"MDT": -6, "PST": -8, "PDT": -7}
_ZONES |= {letter: hours for hours, letter in enumerate("ABCDEFGHIKLM", 1)}
_ZONES |= {letter: -hours for hours, letter in enumerate("NOPQRSTUVWXY", 1)}
_ERAS = {"m": 1867, "t": 1911, "s": 1925, "h": 1988, "r": 2018}  # the year before the first of each
_MAX_INT = 2**31

Parts = dict[str, Any]
"""The parts of a date that a text has: year, month, day, yday, hour, minute, second, fraction and zone.

``short`` is false if a year below 100 is not meant to be one of this century or the last; ``bc`` is true for
a year before Christ.
"""


class _RangeError(Exception):
    """A number that is too large even to be compared: Jekyll ignores this error, and so the date."""


def _pattern(text: str) -> re.Pattern[str]:
    text = text.replace("MONTH", f"({'|'.join(_MONTHS)})").replace("SIGNED", r"('?-?\d+)")
    text = text.replace("ERA", r"(c(?:e|\.e\.)|b(?:ce|\.c\.e\.)|a(?:d|\.d\.)|b(?:c|\.c\.))?")
    text = text.replace(r"\d", "[0-9]").replace(r"\D", "[^0-9]")
    return re.compile(text.replace("ALPHA", r"[^\W\d_]"), re.IGNORECASE)


_OTHER = re.compile(r"(?:(?![-+',./:@\[\]])[\W_])+")
_WEEKDAY = _pattern(r"\b(?:sun|mon|tue|wed|thu|fri|sat)[^-/0-9\s]*")
_TIME = _pattern(
    r"((?:\d+\s*:\s*\d+(?:\s*:\s*\d+(?:[,.]\d*)?)?|\d+\s*h(?:\s*\d+m?(?:\s*\d+s?)?)?)"
    r"(?:\s*[ap](?:m\b|\.m\.))?|\d+\s*[ap](?:m\b|\.m\.))"
    r"(?:\s*((?:gmt|utc?)?[-+]\d+(?:[,.:]\d+(?::\d+)?)?"
    r"|(?:ALPHA|[.\s])+(?:standard|daylight)\stime\b|ALPHA+(?:\sdst)?\b))?"
)
_CLOCK = _pattern(r"(\d+)h?(?:\s*:?\s*(\d+)m?(?:\s*:?\s*(\d+)(?:[,.]\d+)?s?)?)?(?:\s*([ap])(?:m\b|\.m\.))?")


def parse_date(text: str, zone: tzinfo) -> datetime | None:
    """Return the moment of a date; ``None`` if Ruby raises an error for it, with which Jekyll gives up.

    A date without a zone is in ``zone``. What is missing of it is taken from the present moment. If Ruby
    fails in a way that Jekyll survives, the date stays text, and the number at its beginning is compared with
    the seconds since 1970.
    """
    if len(text.encode(errors="surrogatepass")) > MAX_BYTES:
        return None
    try:
        return _make_time(_find_parts(text), zone)
    except _RangeError:
        return _since_1970(int(match[0]) if (match := re.match(r"\s*[-+]?[0-9]+", text)) else 0)
    except ValueError:
        return None


def _since_1970(seconds: int) -> datetime:
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except OverflowError:
        return FAR_FUTURE if seconds > 0 else LONG_AGO


def _find_parts(text: str) -> Parts:
    parts: Parts = {}
    text = _WEEKDAY.sub(" ", _OTHER.sub(" ", text), count=1)
    text = _take(_TIME, text, parts, _time)
    for pattern, read in _FORMS:
        if pattern.search(text):
            rest = _take(pattern, text, parts, read)
            if rest is not text:
                text = rest
                break
    if _BC.search(text):
        parts["bc"], text = True, _BC.sub(" ", text, count=1)
    if lone := _LONE.fullmatch(text):
        number = int(lone[1])
        if "hour" in parts and "day" not in parts and 1 <= number <= 31:
            parts["day"] = number
        if "day" in parts and "hour" not in parts and number <= 24:
            parts["hour"] = number
    year = parts.get("year")
    if year is not None:
        year = 1 - year if parts.get("bc") else year
        if parts.get("short", True) and 0 <= year <= 99:
            year += 1900 if year >= 69 else 2000
        parts["year"] = year
    return parts


Reader = Callable[[re.Match[str], Parts], bool | None]
"""A function that adds what a match says to the parts; false if it is not a match after all."""


def _take(pattern: re.Pattern[str], text: str, parts: Parts, read: Reader) -> str:
    """Return the text without the first match of a pattern, which ``read`` adds to ``parts``."""
    match = pattern.search(text)
    if match is None or read(match, parts) is False:
        return text
    return f"{text[: match.start()]} {text[match.end() :]}"


def _time(match: re.Match[str], parts: Parts) -> None:
    if match[2]:
        parts["zone"] = match[2]
    if numbers := _CLOCK.match(match[1]):
        hour = int(numbers[1])
        if numbers[4]:
            _check_size(hour)
            hour = hour % 12 + 12 * (numbers[4] in "pP")
        parts["hour"] = hour
        parts |= {name: int(numbers[n]) for name, n in (("minute", 2), ("second", 3)) if numbers[n]}


def _three(parts: Parts, year: str | None, month: str | None, day: str | None) -> None:
    """Add a year, a month and a day; where they do not look like that, they change places."""
    if year and month and not day:
        year, month, day = None, year, month
    if not year and day and (len(day) > 2 or day[0] == "'"):
        year, day = day, None
    if year and (digits := _DIGITS.search(year)) and digits.end() < len(year):
        year, day = day, digits[0]
    if month and (month[0] == "'" or len(month) > 2):
        year, month, day = month, day, year
    if day and (day[0] == "'" or len(day) > 2):
        year, day = day, year
    if year and (digits := _DIGITS.search(year)):
        if digits[0][0] in "+-" or len(digits[0]) > 2:
            parts["short"] = False
        parts["year"] = int(digits[0])
    for name, value in (("month", month), ("day", day)):
        if value and (digits := _UNSIGNED.search(value)):
            parts[name] = int(digits[0])


_DIGITS, _UNSIGNED = re.compile(r"[-+]?[0-9]+"), re.compile(r"[0-9]+")


def _month(name: str) -> str:
    return str(_MONTHS.index(name[:3].lower().replace("ſ", "s")) + 1)


def _european(match: re.Match[str], parts: Parts) -> None:
    if match[3] and match[3][0] in "bB":
        parts["bc"] = True
    _three(parts, match[4], _month(match[2]), match[1])


def _american(match: re.Match[str], parts: Parts) -> None:
    if match[3] and match[3][0] in "bB":
        parts["bc"] = True
    _three(parts, match[4], _month(match[1]), match[2])


def _numbers(match: re.Match[str], parts: Parts) -> None:
    _three(parts, match[1], match[2], match[3])


def _japanese(match: re.Match[str], parts: Parts) -> None:
    parts["year"] = int(match[2]) + _ERAS[match[1].lower().replace("ſ", "s")]
    parts["month"], parts["day"] = int(match[3]), int(match[4])


def _vms(match: re.Match[str], parts: Parts) -> None:
    _three(parts, match[3], _month(match[2]), match[1])


def _vms_month_first(match: re.Match[str], parts: Parts) -> None:
    _three(parts, match[3], _month(match[1]), match[2])


def _week(match: re.Match[str], parts: Parts) -> None:
    """Ignore a week, which ``Time.parse`` does not read."""


def _month_and_day(match: re.Match[str], parts: Parts) -> None:
    parts |= {name: int(match[n]) for name, n in (("month", 1), ("day", 2)) if match[n]}


def _year_and_day(match: re.Match[str], parts: Parts) -> bool:
    if _YEAR_DAY_IN_NUMBER.search(match.string):
        return False
    parts["year"], parts["yday"] = int(match[1]), int(match[2])
    return True


def _day_of_year(match: re.Match[str], parts: Parts) -> bool:
    if _DAY_IN_NUMBER.search(match.string):
        return False
    parts["yday"] = int(match[1])
    return True


def _digits(match: re.Match[str], parts: Parts) -> None:
    """Add what a row of digits means by its length: ``20230620``, ``230620``, ``2023171``, ``0620`` …"""
    sign, digits, more, fraction, zone = match.groups()
    if not more and fraction is not None:  # seconds, and before them what is longer
        _from_the_end(digits, parts, ("second", "minute", "hour", "day", "month"))
        if len(digits) == 12:
            parts["year"] = int(sign + digits[:2])
        elif len(digits) == 14:
            parts["year"], parts["short"] = int(sign + digits[:4]), False
    elif len(digits) in _LAYOUTS:
        at = 0
        for name, width in _LAYOUTS[len(digits)]:
            parts[name] = int((sign if name == "year" else "") + digits[at : at + width])
            at += width
        if len(digits) in (8, 10, 12, 14):
            parts["short"] = False
    if more and len(more) % 2 == 0:
        if fraction is not None:
            _from_the_end(more, parts, ("second", "minute", "hour"))
        else:
            names = ("hour", "minute", "second")
            parts |= {
                name: int(more[n : n + 2]) for name, n in zip(names, range(0, len(more), 2), strict=False)
            }
    if fraction is not None:
        parts["fraction"] = True
    if zone:
        if zone[0] == "[":
            zone = zone[1:-1].partition(":")[2] or zone[1:-1]
            zone = "+" + zone if zone[0].isdigit() and ":" not in match[5] else zone
        parts["zone"] = zone


_DATE = (("year", 4), ("month", 2), ("day", 2))
_LAYOUTS: Mapping[int, tuple[tuple[str, int], ...]] = {
    2: (("day", 2),),
    3: (("yday", 3),),
    4: (("month", 2), ("day", 2)),
    5: (("year", 2), ("yday", 3)),
    6: (("year", 2), ("month", 2), ("day", 2)),
    7: (("year", 4), ("yday", 3)),
    8: _DATE,
    10: (*_DATE, ("hour", 2)),
    12: (*_DATE, ("hour", 2), ("minute", 2)),
    14: (*_DATE, ("hour", 2), ("minute", 2), ("second", 2)),
}
"""The parts of a row of digits, with their widths, by its length."""


def _from_the_end(digits: str, parts: Parts, names: tuple[str, ...]) -> None:
    """Add pairs of digits, the last first; of an odd number of digits, the first stands alone."""
    if len(digits) in (9, 11, 13):
        return
    end = len(digits)
    for name in names:
        if end > 0:
            parts[name] = int(digits[max(0, end - 2) : end])
            end -= 2


_YEAR_DAY_IN_NUMBER = _pattern(r"[,.](?:\d{2}|\d{4})-\d{3}\b")
_DAY_IN_NUMBER = _pattern(r"\d-\d{3}\b")
_BC = _pattern(r"\b(?:bc\b|bce\b|b\.c\.|b\.c\.e\.)")
_LONE = _pattern(r"\s*(\d{1,2})\s*")
_FORMS: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (_pattern(text), read)
    for text, read in (
        (r"('?\d+)[^-0-9\s]*\s*MONTH[^-0-9\s']*(?:\s*ERA\s*('?-?\d+(?:(?:st|nd|rd|th)\b)?))?", _european),
        (r"\bMONTH[^-0-9\s']*\s*('?\d+)[^-0-9\s']*(?:\s*,?\s*ERA\s*SIGNED)?", _american),
        (r"('?[-+]?\d+)-(\d+)-SIGNED", _numbers),
        (r"\b([mtshr])(\d+)\.(\d+)\.(\d+)", _japanese),
        (r"SIGNED-MONTH[^-/.]*-SIGNED", _vms),
        (r"\bMONTH[^-/.]*-SIGNED(?:-SIGNED)?", _vms_month_first),
        (r"SIGNED/\s*('?\d+)(?:\D\s*SIGNED)?", _numbers),
        (r"SIGNED\.\s*('?\d+)\.\s*SIGNED", _numbers),
        (r"\b(?:\d{2}|\d{4})?-?w\d{2}(?:-?\d)?\b", _week),
        (r"-w-\d\b", _week),
        (r"--(\d{2})?-(\d{2})\b", _month_and_day),
        (r"--(\d{2})(\d{2})?\b", _month_and_day),
        (r"\b(\d{2}|\d{4})-(\d{3})\b", _year_and_day),
        (r"\b-(\d{3})\b", _day_of_year),
        (r"'(\d+)\b", lambda match, parts: parts.update(year=int(match[1]))),
        (r"\bMONTH\S*", lambda match, parts: parts.update(month=int(_month(match[1])))),
        (r"(\d+)(?:st|nd|rd|th)\b", lambda match, parts: parts.update(day=int(match[1]))),
        (
            (
                r"([-+]?)(\d{2,14})(?:\s*t?\s*(\d{2,6})?(?:[,.](\d*))?)?"
                r"(?:\s*(z\b|[-+]\d{1,4}\b|\[[-+]?\d[^\]]*\]))?"
            ),
            _digits,
        ),
    )
)
"""The forms of a date, in the order in which Ruby looks for them."""


def _make_time(parts: Parts, zone: tzinfo) -> datetime:
    """Return the moment of what was found; raise ``ValueError`` where Ruby raises an ``ArgumentError``."""
    found = [parts.get(name) for name in ("year", "month", "day", "hour", "minute", "second")]
    yday = parts.get("yday")
    if yday is None and found == [None] * 6 and "fraction" not in parts:
        raise ValueError("no time information")
    offset = _offset(parts.get("zone", ""), found[0], zone)
    if offset is not None and abs(offset) >= 86400:
        raise ValueError("offset out of range")
    here = zone if offset is None else timezone(timedelta(seconds=offset))
    now = clock.now().astimezone(here)
    if found[0] is None:
        clock.is_past(_next_midnight(now))  # the answer changes with the day
    year = now.year if found[0] is None else found[0]
    if yday is None:
        for index, value in enumerate((now.year, now.month, now.day, now.hour, now.minute, now.second)):
            if found[index] is not None:
                break
            found[index] = value  # what is missing above the first part is that of the present moment
    else:
        if not 1 <= yday <= 366:
            raise ValueError("day of the year out of range")
        month, day = divmod(yday - 1, 31)
        found[:3] = year, month + 1, day + 1
    rest = [default if value is None else value for value, default in zip(found[1:], _FIRST, strict=True)]
    moment = _moment(year, rest, offset, zone)
    if yday is None:
        return moment
    # Ruby corrects the day by that of a moment which it made of a guess; 24:00 is one of the next day.
    like = 2000 if isleap(year) else 2001
    rest[1] += yday - _moment(like, rest, offset, zone).astimezone(here).timetuple().tm_yday
    if rest[1] > 28 and rest[1] > (length := monthrange(like, rest[0])[1]):
        rest[:2] = rest[0] + 1, rest[1] - length
        if rest[0] > 12:
            raise ValueError("day of the year out of range")
    return _moment(year, rest, offset, zone)


_FIRST = (1, 1, 0, 0, 0)
"""The first month, day, hour, minute and second, which stand for those that are missing at the end."""


def _next_midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _moment(year: int, rest: Sequence[int], offset: int | None, zone: tzinfo) -> datetime:
    """Return a moment in UTC; a day that its month does not have is one of the next month."""
    month, day, hour, minute, second = rest
    if offset:
        year, month, day, hour, minute, second = _apply(offset, year, *rest)
    _check(month, day, hour, minute, second)
    if year < 1:
        return LONG_AGO
    if year > 9999:
        return FAR_FUTURE
    after = timedelta(days=day - 1, hours=hour, minutes=minute, seconds=second)
    try:
        return (datetime(year, month, 1, tzinfo=zone if offset is None else UTC) + after).astimezone(UTC)
    except OverflowError:
        return LONG_AGO if year == 1 else FAR_FUTURE


def _check(*values: int) -> None:
    """Raise the error that Ruby raises for a month, day, hour, minute and second out of their ranges."""
    for value, most in zip(values, (15, 31, 31, 63, 63), strict=True):  # it takes their bits first
        _check_size(value)
        if not 0 <= value <= most:
            raise ValueError("argument out of range")
    month, day, hour, minute, second = values
    if not (1 <= month <= 12 and day >= 1 and hour <= 24 and minute <= 59 and second <= 60):
        raise ValueError("argument out of range")
    if hour == 24 and (minute or second):
        raise ValueError("argument out of range")


def _check_size(number: int) -> None:
    if number >= _MAX_INT:
        raise _RangeError


def _offset(name: str, year: int | None, zone: tzinfo) -> int | None:
    """Return the seconds by which a zone is before UTC; ``None`` if it is not known, or empty."""
    name = name.upper()
    if match := _HOURS_AND_MINUTES.fullmatch(name):
        seconds = (int(match[2]) * 60 + int(match[4] or 0)) * 60 + int(match[5] or 0)
        return -seconds if match[1] == "-" else seconds
    if name in _ZONES:
        return _ZONES[name] * 3600
    for month in (1, 7) if name else ():
        there = datetime(min(max(year or clock.now().year, 1), 9999), month, 1, tzinfo=zone)
        if (there.tzname() or "").upper() == name:
            return int((there.utcoffset() or timedelta()).total_seconds())
    return None


_HOURS_AND_MINUTES = re.compile(r"([+-])([0-9]{2})(?:(:?)([0-9]{2})(?:\3([0-9]{2}))?)?")


def _apply(offset: int, *parts: int) -> tuple[int, ...]:
    """Return parts of a moment in UTC. Only what the offset changes comes into its range by that."""
    year, month, day, hour, minute, second = parts
    forth = -1 if offset > 0 else 1
    hours, rest = divmod(abs(offset), 3600)
    minutes, seconds = divmod(rest, 60)
    if seconds:
        carry, second = divmod(second + forth * seconds, 60)
        minutes, carry_hours = (minutes + forth * carry) % 60, (minutes + forth * carry) // 60
        hours += carry_hours
    if minutes:
        carry, minute = divmod(minute + forth * minutes, 60)
        hours += forth * carry
    days, hours = divmod(hours, 24)
    if hours:
        carry, hour = divmod(hour + forth * hours, 24)
        days += forth * carry
    if days:
        day += forth * days
        if forth > 0 and month <= 12 and day > _length(year, month):
            year, month, day = (year, month + 1, 1) if month < 12 else (year + 1, 1, 1)
        elif forth < 0 and day < 1:  # a month 13 becomes December by that
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)
            day = _length(year, month)
    return year, month, day, hour, minute, second


def _length(year: int, month: int) -> int:
    return monthrange(2000 if isleap(year) else 2001, month)[1] if 1 <= month <= 12 else 31
