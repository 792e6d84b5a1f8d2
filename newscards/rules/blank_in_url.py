"""A blank or a control character stands in the path or the query of a URL.

Browsers correct it, other readers end the link there (RFC 3986, section 2: it must be percent-encoded). So
does a `�`, which stands where a character was lost: the link is dead. Quotes, `<`, `>`, `\\`, and a comma, a
semicolon or an ellipsis at the end, belong to the text that a URL was copied from.
Eleven of 5,632 real cards have one in `webUrl` (CARDS.md).

Fails:

    webUrl: "https://www.tide.example/old gauges"

Passes:

    webUrl: "https://www.tide.example/old%20gauges"

Fix: write a blank that belongs there as `%20`, and remove any other.
"""

from collections.abc import Sequence
from typing import Any

from newscards.cards.fields import Field, Format
from newscards.cards.text_cleanup import character_name, invisible
from newscards.cards.urls import USUAL, first_misfit, is_on_site, parse
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule

_LOST = "\ufffd"


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem of a blank after the host; invalid-url reports one in the host."""
    part = first_misfit(value) if isinstance(value, str) else None
    if not part or not (parse(value) or (field.format is Format.IMAGE_URL and is_on_site(value))):
        return ()
    blank = value[slice(*part)]
    what = "a blank" if blank == " " else character_name(blank)
    advice = "write a blank that belongs there as `%20`, and remove any other"
    if not (blank.isspace() or invisible(blank)):
        advice = "remove it, unless the page's address has it: then write it with `%`, as the browser does"
    if blank == _LOST:
        advice = "write the character that was lost: the page's address has it"
    return [Problem(f"`{field.name}` has {what} in it", help=advice, part=part)]


RULE = Rule(
    "NC408",
    "blank-in-url",
    Severity.WARNING,
    value=check,
    usual=USUAL.fullmatch,
    applies=lambda field: field.format in (Format.URL, Format.IMAGE_URL),
)
