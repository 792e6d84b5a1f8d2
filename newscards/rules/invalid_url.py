"""A URL without http or https, without a host, or with a blank in its host.

The site makes links of them (RFC 3986, section 3). A blank in the path is another matter: eleven real
cards have one, and browsers mend it.

Fails:

    webUrl: "www.tide.example/ports"

Passes:

    webUrl: "https://www.tide.example/ports"

Fix: give the whole URL.
"""

import re
from collections.abc import Sequence
from typing import Any

from newscards.cards.fields import Field, Format
from newscards.cards.urls import USUAL, parse
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem where a text is no URL that can be linked."""
    if not isinstance(value, str) or parse(value):
        return ()
    if re.match(r"https?://", value, re.IGNORECASE):
        why = "it is without a valid host"
    elif value != value.strip():
        why = "a blank stands before or behind it"
    else:
        why = "it is without `http://` or `https://`"
    help_ = "give the whole URL, as `https://www.example.org/story`"
    return [Problem(f"`{field.name}` is no URL: {why}", help=help_)]


RULE = Rule(
    "NC405",
    "invalid-url",
    Severity.ERROR,
    value=check,
    usual=USUAL.fullmatch,
    applies=lambda field: field.format is Format.URL,
)
