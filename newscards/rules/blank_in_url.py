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
from newscards.cards.text_cleanup import character_name, first_invisible
from newscards.cards.urls import USUAL, parse
from newscards.frontmatter.locations import Part
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule

_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem of a blank after the host; invalid-url reports one in the host."""
    part = _found(value) if isinstance(value, str) else None
    if not part or not parse(value):
        return ()
    blank = value[slice(*part)]
    what = "a blank" if blank == " " else character_name(blank)
    advice = "write a blank that belongs there as `%20`, and remove any other"
    return [Problem(f"`{field.name}` has {what} in it", help=advice, part=part)]


def _found(value: str) -> Part | None:
    """Return the place of the first character of a text that no URL may contain; ``None`` without one."""
    if value.isprintable() and " " not in value:  # the only blank that is printable to Python
        return None
    blank = _BLANK.search(value)
    return blank.span() if blank else first_invisible(value)


RULE = Rule(
    "NC408",
    "blank-in-url",
    Severity.WARNING,
    value=check,
    usual=USUAL.fullmatch,
    applies=lambda field: field.format is Format.URL,
)
