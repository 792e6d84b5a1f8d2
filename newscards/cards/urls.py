"""URLs: their parts, and whether two of them address one page."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from newscards.cards.text_cleanup import first_invisible, invisible

_URL = re.compile(
    r"(?P<scheme>https?)://(?:[^\s\x00-\x1f\x7f-\x9f/?#@]*@)?"
    r"(?P<host>\[[0-9a-f:.]+\]|[^\s\x00-\x1f\x7f-\x9f/?#:@\[\]]+)(?::\d{0,5})?"
    r"(?P<rest>(?:[/?#].*)?)",
    re.IGNORECASE | re.DOTALL,
)


USUAL = re.compile(
    r"https://[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)+(?:/(?:[!#-;=?-\[\]-~]*[!#-+\--:=?-\[\]-~])?)?"
)
"""A pattern of most URLs, and of none that a rule reports."""
_MAX_REMEMBERED = 1000
"""The length up to which a parsed URL is remembered, because several rules check each URL."""


_SEGMENT = r"[^\s\x00-\x1f\x7f-\x9f/?#:.\"<>\\^`{|}]+"
_ANY = r"\x00-\x1f\x7f-\x9f\"<>\\^`{|}"
_REST = rf"[^{_ANY}]*[^\s{_ANY}]"
_ENDINGS = "|".join(
    spelling
    for ending in ("avif", "bmp", "gif", "ico", "jpeg", "jpg", "png", "svg", "webp")
    for spelling in (ending, ending.upper())
)
ON_SITE = (
    rf"(?://{_SEGMENT}(?:\.{_SEGMENT})+(?::[0-9]{{1,5}})?/{_REST}|\.{{0,2}}/(?!/){_REST}"
    rf"|(?!https?/)(?:{_SEGMENT}/(?:[^?#:{_ANY}]*/)?)?[^?#:/{_ANY}]+\.(?:{_ENDINGS})(?:[?#]{_REST})?)"
)
"""A pattern of the URL of an image relative to the site (RFC 3986, section 4.2), also for JavaScript.

It has a host after ``//``, or a path that begins with ``/``, ``./`` or ``../``. Any other path must have the
ending of an image, and no dot in its first folder, which would be a host without its scheme.
"""
_ON_SITE = re.compile(ON_SITE)


class Url(NamedTuple):
    """A URL: scheme and host in lower case; ``rest`` is path, query and fragment, unchanged."""

    scheme: str
    host: str
    rest: str


def parse(value: object) -> Url | None:
    """Return the parts of an http or https URL (RFC 3986, section 3); ``None`` for any other value."""
    if not isinstance(value, str):
        return None
    return (_parse if len(value) <= _MAX_REMEMBERED else _parse.__wrapped__)(value)


def is_on_site(value: str) -> bool:
    """Return whether a text is the URL of an image relative to the site (``ON_SITE``)."""
    return _ON_SITE.fullmatch(value) is not None


def has_scheme_twice(value: str) -> bool:
    """Return whether a scheme follows that of a URL, as in ``https://http://tide.example``.

    The colon of the second or a slash of either may be lost.
    """
    return _TWICE.match(value) is not None


_TWICE = re.compile(r"\s*https?:/*(?:https?/|(?:www\.)?https?:)", re.IGNORECASE)


@lru_cache(maxsize=1024)
def _parse(value: str) -> Url | None:
    match = _URL.fullmatch(value)
    if match is None or invisible(match["host"]) or ".." in match["host"] or match["host"][0] in ".%\\":
        return None
    if has_scheme_twice(value):
        return None
    return Url(match["scheme"].lower(), match["host"].lower(), match["rest"])


def first_misfit(text: str) -> tuple[int, int] | None:
    """Return the place of the first character that is in no URL; ``None`` without one.

    Those are blanks, quotes, `<`, `>` and `\\` (RFC 3986, appendix A), invisible and lost (U+FFFD)
    characters, and what text around a URL leaves at its end: a comma, a semicolon or an ellipsis.
    """
    misfit = re.search(_MISFIT, text)
    return misfit.span() if misfit else None if text.isprintable() else first_invisible(text)


_MISFIT = r"[\s\x00-\x1f\x7f-\x9f\ufffd\"<>\\“”„]|[,;…]\Z"


_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|mc_cid|mc_eid"
    r"|mkt_tok|_hsenc|_hsmi|_ga|_gl|s_cid|cmpid|ncid|ocid|sr_share|vero_id|oly_enc_id|oly_anon_id)",
    re.IGNORECASE,
)
_SIMPLE = re.compile(
    r"https?://(?:www\.)*(?P<page>[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[\w.~%!$&'()*+,;=:@/-]*)?)", re.ASCII
)
"""A pattern of most URLs: ``page_of`` only has to remove their beginning and their last slash."""
_WWW = re.compile(r"(?:www\.)+(?=.+\..)")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def page_of(url: str) -> str:
    """Return a normalized URL, which is equal for two URLs of one page (RFC 3986, section 6.2).

    It ignores the case of scheme and host, a default port, the fragment, parameters that only track where a
    reader came from, and a slash at the end of the path. To a reader http and https are one page, too, and so
    are a host and the same with ``www.``: nearly all servers redirect from one to the other.
    """
    if simple := _SIMPLE.fullmatch(url):
        return f"https://{simple['page'].rstrip('/')}"
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url
    host = (parts.hostname or "").rstrip(".")
    scheme = parts.scheme
    if scheme in _DEFAULT_PORTS:
        host = _WWW.sub("", host, count=1) if host.startswith("www.") else host
        if port in (None, _DEFAULT_PORTS[scheme]):
            scheme, port = "https", None
    user, at, _ = parts.netloc.rpartition("@")
    netloc = f"{user}{at}[{host}]" if ":" in host else f"{user}{at}{host}"
    if port is not None:
        netloc += f":{port}"
    query = [each for each in parts.query.split("&") if not _TRACKING.fullmatch(each.partition("=")[0])]
    return urlunsplit((scheme, netloc, parts.path.rstrip("/ "), "&".join(filter(None, query)), ""))
