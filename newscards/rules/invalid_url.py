"""A URL has no http or https, or two of them, no host, or a blank in its host.

The site turns them into links (RFC 3986, section 3). A blank in the path is reported by blank-in-url: eleven
real cards have one, and browsers correct it. The URL of an image may be a path on the site, `/assets/a.jpg`
or `images/a.jpg`, or have no scheme, `//cdn.tide.example/a.jpg`.

Fails:

    webUrl: "www.tide.example/ports"

Passes:

    webUrl: "https://www.tide.example/ports"

Fix: write the whole URL.
"""

import re
from collections.abc import Sequence
from typing import Any

from newscards.cards.fields import Field, Format
from newscards.cards.meant import urls
from newscards.cards.urls import USUAL, first_misfit, has_scheme_twice, is_on_site, parse
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.rules.common import blanks_around


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem of a text that is not a URL that can be linked."""
    if not isinstance(value, str) or parse(value):
        return ()
    if field.format is Format.IMAGE_URL and is_on_site(value):
        return ()
    whole, part = next(iter(urls(value)), ""), None
    help_ = (
        f"write `{whole}`" if whole else "write the whole URL, for example `https://www.example.org/story`"
    )
    if has_scheme_twice(value):
        why, help_ = "it has a scheme, such as `https://`, twice", "delete one of the two"
    elif host := re.match(r"https?://([^/?#]*)", value, re.IGNORECASE):
        why, part = "it has no valid host", host.span(1)
        if misfit := first_misfit(host[1]):
            part = part[0] + misfit[0], part[0] + misfit[1]
    elif value != value.strip():
        why, part = "it begins or ends with a blank", blanks_around(value)
    else:
        why = "it does not begin with `http://` or `https://`"
    return [Problem(f"`{field.name}` is not a URL: {why}", help=help_, part=part)]


RULE = Rule(
    "NC405",
    "invalid-url",
    Severity.ERROR,
    value=check,
    usual=USUAL.fullmatch,
    applies=lambda field: field.format in (Format.URL, Format.IMAGE_URL),
)
