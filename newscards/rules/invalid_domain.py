"""`provider.domain` is not a bare host name.

It is the host of the card's `webUrl`, or a parent of it, in every real card: `nature.com` for
`https://www.nature.com/…`; only that of a video differs (CARDS.md). The provider's logo and page are found by
it.

Fails:

    provider:
      name: Tide
      domain: https://tide.example/

Passes:

    provider:
      name: Tide
      domain: tide.example

Fix: write the host alone, without scheme, port and path.
"""

import re
from collections.abc import Sequence
from typing import Any

from newscards.cards.fields import Field, Format
from newscards.cards.meant import hosts
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule

_LABEL = r"(?!-)[\w-]{1,63}(?<!-)"
_DOMAIN = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})+")


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem of a text that is not a host name (RFC 1123, 2.1; letters of any script)."""
    if not isinstance(value, str) or _DOMAIN.fullmatch(value):
        return ()
    host = (
        f"write `{found[0]}`"
        if (found := hosts(value))
        else "write the host alone, for example `example.org`"
    )
    advice = f"{host}, without `https://`, port and path"
    return [Problem(f"`{field.name}` is not a bare host name", help=advice)]


RULE = Rule(
    "NC406",
    "invalid-domain",
    Severity.ERROR,
    value=check,
    usual=_DOMAIN.fullmatch,
    applies=lambda field: field.format is Format.DOMAIN,
)
