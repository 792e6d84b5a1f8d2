"""A blank or a control character stands in the path or the query of a URL.

Browsers correct it, other readers end the link there (RFC 3986, section 2: it must be percent-encoded).
Eleven of 5,632 real cards have one in `webUrl` (CARDS.md).

Fails:

    webUrl: "https://www.tide.example/old gauges"

Passes:

    webUrl: "https://www.tide.example/old%20gauges"

Fix: write a blank that belongs there as `%20`, and remove any other.
"""

import re
from collections.abc import Sequence
from typing import Any

from newscards.cards.fields import Field, Format
from newscards.cards.text_cleanup import character_name, invisible
from newscards.cards.urls import USUAL, parse
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule

_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem of a blank after the host; invalid-url reports one in the host."""
    blank = _found(value) if isinstance(value, str) else ""
    if not blank or not parse(value):
        return ()
    what = "a blank" if blank == " " else character_name(blank)
    advice = "write a blank that belongs there as `%20`, and remove any other"
    return [Problem(f"`{field.name}` has {what} in it", help=advice)]


def _found(value: str) -> str:
    """Return the first character of a text that no URL may contain; empty if there is none."""
    if value.isprintable() and " " not in value:  # the only blank that is printable to Python
        return ""
    blank = _BLANK.search(value)
    return blank[0] if blank else next(iter(invisible(value)), "")


RULE = Rule(
    "NC408",
    "blank-in-url",
    Severity.WARNING,
    value=check,
    usual=USUAL.fullmatch,
    applies=lambda field: field.format is Format.URL,
)
