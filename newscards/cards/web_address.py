"""URLs, compared as a reader means them: two addresses of one page are one."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

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
