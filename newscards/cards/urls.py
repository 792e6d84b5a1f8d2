"""URLs: their parts, as the rules ask for them, and whether two of them address one page."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

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


_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|mc_cid|mc_eid"
    r"|mkt_tok|_hsenc|_hsmi|_ga|_gl|s_cid|cmpid|ncid|ocid|sr_share|vero_id|oly_enc_id|oly_anon_id)",
    re.IGNORECASE,
)
_SIMPLE = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[\w.~%!$&'()*+,;=:@/-]*)?", re.ASCII)
"""A URL of which there is nothing but the slash to take away, as most are."""
_DEFAULT_PORTS = {"http": 80, "https": 443}


def page_of(url: str) -> str:
    """Return what two URLs of one page have in common (RFC 3986, section 6.2).

    The case of scheme and host, a default port, the fragment, parameters that only say where a reader came
    from, and a slash at the end of the path do not make another page.
    """
    if _SIMPLE.fullmatch(url):
        return url.rstrip("/")
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url
    host = (parts.hostname or "").rstrip(".")
    user, at, _ = parts.netloc.rpartition("@")
    place = f"{user}{at}[{host}]" if ":" in host else f"{user}{at}{host}"
    if port is not None and port != _DEFAULT_PORTS.get(parts.scheme):
        place += f":{port}"
    kept = [each for each in parts.query.split("&") if not _TRACKING.fullmatch(each.partition("=")[0])]
    return urlunsplit((parts.scheme, place, parts.path.rstrip("/ "), "&".join(filter(None, kept)), ""))
