"""The name of a card's file, from its title and date (CARDS.md, "The file")."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

_MAX_SLUG = 150
"""The length in characters at which a title is cut, at a word."""
_MAX_SLUG_BYTES = 210
"""The length in UTF-8, so that a name with its day and ending has the 255 bytes that file systems take."""

_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015]+")


def file_stem(title: str, moment: datetime) -> str:
    """Return the name of a card's file without its ending: the day in UTC, and the title's ``slug``.

    It is empty if the title has no letter and no digit.
    """
    words = slug(title)
    return f"{moment.astimezone(UTC):%Y-%m-%d}-{words}" if words else ""


def slug(title: str) -> str:
    """Return a title in lower case, without accents and punctuation, with its words joined by dashes.

    Of a title in another script than Latin, the letters stay as they are; a few foreign letters in a Latin
    title are left out. 672 of 674 real cards are named so.
    """
    letters = "".join(char for char in title if char.isalnum() or _SEPARATORS.match(char)).lower()
    plain = unicodedata.normalize("NFKD", letters.translate(_LETTERS))
    latin = "".join(char for char in plain if char.isascii())
    is_latin = 2 * sum(map(str.isalpha, latin)) >= sum(map(str.isalpha, letters))
    words = _SEPARATORS.split(latin if is_latin else unicodedata.normalize("NFC", letters))
    words = [word for word in words if word]
    text = "-".join(words)
    longest = min(len(text.encode()[:_MAX_SLUG_BYTES].decode(errors="ignore")), _MAX_SLUG)
    if len(text) <= longest:
        return text
    return text[: longest + 1].rpartition("-")[0] or text[:longest]


_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})
"""Letters of the Latin script that have no decomposition (Unicode, NFKD)."""
