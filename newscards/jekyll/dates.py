"""The field ``date`` as Jekyll reads it.

Jekyll turns the value into text and parses that with ``Time.parse`` (document.rb, ``merge_date!``; utils.rb,
``parse_date``), which accepts many texts and raises an error for the rest: then the whole build fails.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from newscards.jekyll.readers import OtherKey

_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


def moment(value: Any, zone: tzinfo) -> datetime | None:
    """Return the moment of a date in a front matter; ``None`` if Ruby raises an error.

    A date without a zone is in the site's ``zone``; but a YAML timestamp without one is in UTC.
    """
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), zone)
    if isinstance(value, str) and (match := _DAY.fullmatch(value)):  # only a shortcut
        try:
            return datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=zone)
        except ValueError:  # February 30
            pass
    from newscards.jekyll.date_parse import MAX_BYTES, parse_date  # only here: it compiles many patterns

    return parse_date(_text(value, MAX_BYTES), zone)


def _text(value: Any, room: int) -> str:
    """Return a value as the text that Ruby's ``to_s`` makes of it; it may be cut behind ``room``."""
    if value is None:
        return ""
    if isinstance(value, int) and abs(value) >= 10**room:  # too long for Python, perhaps
        return "9" * (room + 1)
    return value if isinstance(value, str) else _inspect(value, room)


def _inspect(value: Any, room: int) -> str:
    """Return a value as Ruby shows it in a list."""
    if isinstance(value, OtherKey):
        value = value.value
    if isinstance(value, list | dict):
        parts: list[str] = []
        for inner in value.items() if isinstance(value, dict) else value:
            pair = inner if isinstance(value, dict) else (inner,)
            parts.append("=>".join(_inspect(each, room) for each in pair))
            room -= len(parts[-1])
            if room < 0:
                break
        inside = ", ".join(parts)
        return f"{{{inside}}}" if isinstance(value, dict) else f"[{inside}]"
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    if isinstance(value, date):
        days = value.toordinal() + 1721425  # the Julian day
        return f"#<Date: {value} (({days}j,0s,0n),+0s,2299161j)>"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if value is None or isinstance(value, bool):
        return {None: "nil", True: "true", False: "false"}[value]
    if isinstance(value, float):
        return _float(value)
    return str(value)


def _float(value: float) -> str:
    """Return a number as Ruby writes it: with a fraction also before an exponent."""
    text = repr(value)
    mantissa, exponent, power = text.partition("e")
    if exponent:
        return f"{mantissa}{'' if '.' in mantissa else '.0'}e{power}"
    return {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}.get(text, text)
