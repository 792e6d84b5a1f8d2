"""A page is linked with http.

Every page of 5,632 real cards is linked with https (CARDS.md). Browsers warn about others, and anyone on the
network can read them. The URL of an image may be http: some real ones are.

Fails:

    webUrl: "http://www.tide.example/gauges"

Passes:

    webUrl: "https://www.tide.example/gauges"

Fix: write `https://`, if the page can be reached that way.
"""

from collections.abc import Sequence
from typing import Any

from newscards.cards.fields import Field
from newscards.cards.urls import USUAL, parse
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule

_PAGES = ("originalUrl", "webUrl", "ampWebUrl", "cdnAmpWebUrl")


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem of a valid URL with the scheme http."""
    url = parse(value)
    if url and url.scheme == "http":
        part = 0, len(url.scheme)
        return [Problem(f"`{field.name}` is http, not https", help="write `https://`", part=part)]
    return ()


RULE = Rule(
    "NC415",
    "insecure-url",
    Severity.WARNING,
    value=check,
    usual=USUAL.fullmatch,
    applies=lambda field: field.name in _PAGES,
)
