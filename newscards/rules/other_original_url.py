"""`originalUrl` and `webUrl` of a card differ.

They are equal wherever a real card of two live sites has both (CARDS.md): one of them is wrong, or has a
blemish such as a tracking parameter. On a third site, 3 of 13 cards have another page as `originalUrl`: so
where more than one in twenty of the other cards has two URLs, only blemishes are reported.

Fails:

    originalUrl: "https://www.tide.example/gauges?utm_source=feed"
    webUrl: "https://www.tide.example/gauges"

Passes:

    originalUrl: "https://www.tide.example/gauges"
    webUrl: "https://www.tide.example/gauges"

Fix: correct the one that is wrong.
"""

from collections.abc import Iterator

from newscards.cards.urls import first_misfit, page_of, parse
from newscards.lint.conventions import Convention
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule

_PATH = ("originalUrl",)


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each card whose two URLs differ, unless other rules report one of them.

    foreign-domain reports a `webUrl` that is not on the provider's domain, as that of a card that was taken
    over may be.
    """
    is_convention = Convention.ORIGINAL_URL in facts.conventions
    for row in facts.rows:
        if row.original_url and _is_sound(row.original_url) and _is_sound(row.web_url):
            if page_of(row.original_url) == page_of(row.web_url):
                message = "`originalUrl` is another spelling of `webUrl`"
                yield row, Problem(message, _PATH, help="write both alike")
            elif is_convention and _is_on(row.web_url, row.domain):
                message = "`originalUrl` is not the page of `webUrl`"
                yield row, Problem(message, _PATH, help="correct the one that is wrong")


def _is_sound(url: str) -> bool:
    """Return whether no rule reports a URL: it is https, and has no blank or the like in it."""
    parts = parse(url)
    return parts is not None and parts.scheme == "https" and first_misfit(url) is None


def _is_on(url: str, domain: str) -> bool:
    """Return whether a URL is on a domain or a host within it; true without a domain."""
    parts = parse(url)
    return not domain or parts is None or f".{parts.host}".endswith(f".{domain.lower()}")


RULE = Rule("NC619", "other-original-url", Severity.WARNING, corpus=check)
