"""`provider.domain` is not the host of `webUrl`, nor a parent of it.

It is one of the two in every real card, and in every entry of `related`, except for videos: those are on
YouTube, and their provider is elsewhere (CARDS.md). The provider's logo and page are found by the domain. If
`originalUrl` is on the domain, the finding is on `webUrl`.

Fails:

    webUrl: "https://www.tide.example/gauges"
    provider:
      name: Tide
      domain: ebb.example

Passes:

    webUrl: "https://www.tide.example/gauges"
    provider:
      name: Tide
      domain: tide.example

Fix: correct the domain, or the URL.
"""

from collections.abc import Sequence
from typing import Any

from newscards.cards.fields import Field
from newscards.cards.urls import parse
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.rules import invalid_domain

_VIDEO_HOSTS = ("youtube.com", "youtu.be")


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem of an article whose domain is not that of its page."""
    provider = value.get("provider") if isinstance(value, dict) else None
    if not isinstance(provider, dict) or value.get("type") == "video":
        return ()
    page, domain = value.get("webUrl"), provider.get("domain")
    if isinstance(page, str) and page.startswith((f"https://www.{domain}/", f"https://{domain}/")):
        return ()  # as in most cards; if that is not a host, invalid-domain and invalid-url report it
    url = parse(page)
    if url is None or not isinstance(domain, str) or _within(url.host, domain):
        return ()
    if invalid_domain.check(field, domain):
        return ()
    host, name = _ascii(url.host.rstrip(".")), _ascii(domain.lower())
    is_video = any(_within(side, video) for side in (host, name) for video in _VIDEO_HOSTS)
    if is_video or _within(host, name):
        return ()
    original = parse(value.get("originalUrl"))
    is_url_wrong = original is not None and _within(original.host, domain)  # two of the three agree
    path = ("webUrl",) if is_url_wrong else ("provider", "domain")
    message = f"`domain` is {domain}, and `webUrl` is on {url.host}"
    advice = "correct the one that is wrong; the domain is the host of `webUrl`, without `www.`"
    return [Problem(message, path, help=advice)]


def _within(host: str, domain: str) -> bool:
    return f".{host}".endswith(f".{domain}")


def _ascii(host: str) -> str:
    """Return a host name as in DNS: with `xn--` for letters that are not ASCII."""
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return host


RULE = Rule(
    "NC413",
    "foreign-domain",
    Severity.WARNING,
    value=check,
    applies=lambda field: {"webUrl", "provider"} <= {inner.name for inner in field.fields},
)
