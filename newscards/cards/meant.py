"""Guesses at the values that were meant by values of the wrong type or form; only advice uses them.

Each function takes the value as it was read, and returns the values that may be meant, as YAML writes them,
the most probable first; none if nothing is plausible.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from newscards.cards.urls import parse
from newscards.cards.values import iso

_MAX_LENGTH = 100
"""The longest text that is taken for a number, a boolean or a date."""

_SEPARATED = r"([+-]?[0-9]{1,3})(?:([,.' \xa0\u2009\u202f\u2019_])[0-9]{3})(?:\2[0-9]{3})*"
_FRACTION = r"([+-]?[0-9]{1,15})[.,]([0-9]{1,15})"
_POWER = r"([+-]?[0-9]{1,4}(?:\.[0-9]{1,4})?)[eE]\+?([0-9]|1[0-2])"
_SEXAGESIMAL = r"([0-9]{1,4}):([0-5]?[0-9])"
_WITH_UNIT = r"(?i)([+-]?[0-9]{1,15})(?: ?(?:px|%|/ ?[0-9]+)|[.,]-?)?"
_AROUND_NUMBERS = " \t\r\n\xa0\u200b\ufeff\"'“”„‘’`~≈<>;:#"
"""Blanks, quotes and marks that stand around a number without changing it."""
_LETTERS = str.maketrans("OolI", "0011")


def integers(value: object) -> list[str]:
    """Return the whole numbers that may be meant: thousands separators, powers, units, words for digits."""
    return list(dict.fromkeys(_integers(_digits_in(value))))


def numbers(value: object) -> list[str]:
    """Return the numbers that may be meant: as ``integers``, but `1,5` is a fraction, and `1,067` perhaps."""
    text = _digits_in(value)
    match = re.fullmatch(_FRACTION, text)
    if match is None:
        return list(dict.fromkeys(_integers(text)))
    fraction = f"{'-' if text.startswith('-') else ''}{abs(int(match[1]))}.{match[2]}"
    is_separated = "," in text and re.fullmatch(_SEPARATED, text)
    return [*_integers(text), fraction] if is_separated else [fraction]


def _digits_in(value: object) -> str:
    """Return the text in which a number is looked for, in ASCII; empty if a value holds none."""
    if isinstance(value, float):
        value = f"{value:.15g}"
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or len(value) > _MAX_LENGTH:
        return ""
    text = _in_ascii(value.strip(_AROUND_NUMBERS))
    if any(map(str.isdigit, text)) and not text.isalpha():
        text = text.translate(_LETTERS) if re.fullmatch(r"[0-9OolI]+", text) else text
    return text


def _integers(text: str) -> Iterator[str]:
    if match := re.fullmatch(_SEPARATED, text):
        yield _plain(re.sub(r"[^0-9+-]", "", text))
        if match[2] == "." and text.count(".") == 1:
            yield _plain(match[1])  # in English, a fraction
    elif match := re.fullmatch(_POWER, text):
        number = float(match[1]) * 10 ** int(match[2])
        if number == int(number):
            yield str(int(number))
    elif match := re.fullmatch(_WITH_UNIT, text):
        yield _plain(match[1])
    elif match := re.fullmatch(_FRACTION, text):
        yield _plain(match[1])
        if int(match[2]):
            yield str(int(match[1]) + (-1 if match[1].startswith("-") else 1))
    elif match := re.fullmatch(_SEXAGESIMAL, text):
        yield str(int(match[1]) * 60 + int(match[2]))  # as YAML 1.1 reads it without quotes
        yield _plain(match[1] + match[2])


def _plain(digits: str) -> str:
    return str(int(digits))


def _in_ascii(text: str) -> str:
    """Return a text with its digits of any script, and its minus signs, in ASCII."""
    signs = text.replace("\u2212", "-").replace("\u2013", "-")
    return "".join(
        str(digit) if (digit := unicodedata.digit(each, None)) is not None else each for each in signs
    )


_TRUE = frozenset(
    {
        "true",
        "yes",
        "y",
        "on",
        "1",
        "t",
        "ja",
        "oui",
        "si",
        "sí",
        "sim",
        "wahr",
        "vrai",
        "sure",
        "ok",
        "✓",
        "✔",
    }
)
_FALSE = frozenset(
    {"false", "no", "n", "off", "0", "f", "nein", "non", "não", "falsch", "faux", "never", "not", "✗", "✘"}
)


def booleans(value: object) -> list[str]:
    """Return ``true`` or ``false``, if a text or a number means it: its first word counts."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, bool):
        return [str(value).lower()]
    if not isinstance(value, str | int | float) or len(text := str(value)) > _MAX_LENGTH:
        return []
    word = _first_word(text)
    if not word:
        return []
    if word in _TRUE or word in _FALSE:
        return ["true" if word in _TRUE else "false"]
    return _nearest(word, ("true", "false"), 0.7) if word.isalpha() else []


def _nearest(word: str, known: Sequence[str], cutoff: float) -> list[str]:
    """Return the known word that resembles a word, if one does."""
    from difflib import get_close_matches  # only here: it takes long to import

    return get_close_matches(word, known, 1, cutoff)


def is_misspelt_boolean(value: object) -> bool:
    """Return whether the first word of a value only resembles a word for true or false."""
    word = _first_word(str(value)[:_MAX_LENGTH])
    return bool(word) and word not in _TRUE | _FALSE


def _first_word(text: str) -> str:
    """Return the first word or mark of a text in lower case; empty without one."""
    match = re.search(r"[\w✓✔✗✘-]+", text.casefold())
    return match[0] if match else ""


_DAY = r"((?:19|20)[0-9]{2})-?(0[1-9]|1[0-2])-?(0[1-9]|[12][0-9]|3[01])"
_DEFAULTS = datetime(2000, 1, 1, tzinfo=UTC), datetime(2004, 2, 2, 3, 4, 5, tzinfo=UTC)
"""Two dates that differ in every part: what a text does not say is read as that of either, and a time without
zone as UTC."""


def dates(value: object) -> list[str]:
    """Return the dates that may be meant: a day alone if no time is given, two if its order is unclear."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, date):
        return [iso(value)]
    if isinstance(value, int) and not isinstance(value, bool):
        return _dates_of_number(value)
    if not isinstance(value, str) or len(value) > _MAX_LENGTH:
        return []
    text = _in_ascii(" ".join(value.replace("T:", "T").split()))
    orders = (False,) if re.match("[0-9]{4}", text) else (True, False)
    found = [when for is_day_first in orders if (when := _date(text, is_day_first))]
    return list(dict.fromkeys(found))


def _dates_of_number(number: int) -> list[str]:
    """Return the day that a number spells, or the moment in seconds or milliseconds since 1970."""
    if match := re.fullmatch(_DAY, str(number)):
        with suppress(ValueError):
            return [date(*map(int, match.groups())).isoformat()]
    for seconds in (number, number // 1000):
        if 631_152_000 <= seconds < 4_102_444_800:  # 1990 to 2100
            return [f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"]
    return []


def _date(text: str, is_day_first: bool) -> str | None:
    """Return the date in a text, in ISO 8601; ``None`` if it says no whole day."""
    from dateutil.parser import parse as parse_date  # only here: it takes long to import

    try:
        one, other = (
            parse_date(text, default=default, dayfirst=is_day_first, tzinfos=_zone) for default in _DEFAULTS
        )
    except Exception:  # dateutil raises errors of many kinds
        return None
    if one.date() != other.date() or not 1900 <= one.year < 2200:
        return None
    if one.hour != other.hour:
        return f"{one:%Y-%m-%d}"
    with suppress(OverflowError, ValueError):
        return f"{one.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return None


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    """Return the time zone with an offset in seconds; ``None`` if only its name is known."""
    return None if offset is None else timezone(timedelta(seconds=offset))


_SCHEME = r"([A-Za-z]{2,7})?(?::/{0,3}|/{2,3})(?=[^/\s])"


def urls(value: object) -> list[str]:
    """Return the URL that may be meant: its scheme is missing or misspelt."""
    if not isinstance(value, str):
        return []
    text = value.strip()
    match = re.match(_SCHEME, text)
    scheme = match[1] if match and match[1] else ""
    if match and scheme and not _nearest(scheme.lower(), ("http", "https"), 0.6):
        return []
    whole = f"{'http' if scheme.lower() == 'http' else 'https'}://{text[match.end() if match else 0 :]}"
    found = parse(whole)
    return [whole] if found and re.search(r"\w\.\w\w", found.host) and not re.search(r"\s", whole) else []


def hosts(value: object) -> list[str]:
    """Return the host that may be meant by a URL, or by a host with a path or a port."""
    if not isinstance(value, str):
        return []
    found = parse(value.strip()) or next(map(parse, urls(value)), None)
    if found is None:
        return []
    host = found.host.rpartition("@")[2].partition(":")[0].removeprefix("www.")
    return [host] if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", host) else []


def items(value: object) -> Sequence[str]:
    """Return the items of a list that is written as one text."""
    if not isinstance(value, str) or len(value) > 10 * _MAX_LENGTH:
        return []
    parts = re.split(r"\s*[,;|\n]\s*|\s+[-•·]\s+", value.strip(" \t\r\n[]"))
    return [word for part in parts if (word := part.strip(" \t-*•·\"'"))]
