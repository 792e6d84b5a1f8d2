"""The parts of a URL, as far as the rules about URLs ask for them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from newscards.cards.text_cleanup import invisible

_URL = re.compile(
    r"(?P<scheme>https?)://(?:[^\s\x00-\x1f\x7f/?#@]*@)?"
    r"(?P<host>\[[0-9a-f:.]+\]|[^\s\x00-\x1f\x7f/?#:@\[\]]+)(?::\d{0,5})?"
    r"(?P<rest>(?:[/?#].*)?)",
    re.IGNORECASE | re.DOTALL,
)


USUAL = re.compile(r"https://[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)+(?:/[!-~]*)?")
"""Most URLs, and none of which a rule has anything to say."""
_LONGEST = 1000
"""How long a URL may be that is remembered, for several rules look at each."""


class Url(NamedTuple):
    """The scheme and the host in lower case, and what follows: path, query and fragment as they are."""

    scheme: str
    host: str
    rest: str


def parse(value: object) -> Url | None:
    """Return the parts of an http or https URL (RFC 3986, section 3); ``None`` for what is none."""
    if not isinstance(value, str):
        return None
    return (_parse if len(value) <= _LONGEST else _parse.__wrapped__)(value)


@lru_cache(maxsize=1024)
def _parse(value: str) -> Url | None:
    found = _URL.fullmatch(value)
    if found is None or invisible(found["host"]) or ".." in found["host"] or found["host"][0] in ".%\\":
        return None
    return Url(found["scheme"].lower(), found["host"].lower(), found["rest"])
