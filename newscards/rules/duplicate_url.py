"""Two cards have the same URL.

Usually the same article was added twice. URLs count as equal if they lead to the same page: http or https,
`www.`, the case of the host, a default port, the fragment, tracking parameters (`utm_source`, `fbclid`, …)
and a slash at the end make no difference. A card without `webUrl` is compared by `originalUrl`. Of 4,958
real cards 27 share 13 URLs (CARDS.md). Translations of one card (`duplicate-id`) are one card here.

Fails:

    # 2023-06-20-gauges.md
    webUrl: "https://www.tide.example/gauges"
    # 2023-06-20-old-wells.md
    webUrl: "https://www.tide.example/gauges/?utm_source=feed"

Passes:

    # 2023-06-20-gauges.md
    webUrl: "https://www.tide.example/gauges"
    # 2023-06-20-old-wells.md
    webUrl: "https://www.tide.example/wells"

Fix: keep the better card, and hide or delete the other one.
"""

from collections.abc import Iterator

from newscards.cards.related import grouped
from newscards.cards.urls import page_of
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule, Spot
from newscards.rules.common import Path, problem_of_group, without_translations


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each page that several cards have."""
    for page, rows in grouped((page_of(row.url), row) for row in facts.rows).items():
        if page and len(rows) > 1 and len(rows := without_translations(rows)) > 1:
            is_one_card = len({(row.copy, row.iv) for row in rows}) == 1
            advice = "keep one of the cards"
            if sum(row.published for row in rows) > 1 and not is_one_card:
                advice += ", or hide all but one"
            yield from problem_of_group(
                facts,
                RULE,
                [Spot(row, _path(row)) for row in rows],
                lambda others: f"the URL is also that of {others}",
                advice,
                explains=_OF_THE_SAME_CARD if is_one_card else (),
            )


_OF_THE_SAME_CARD = (("NC602", ("title",)), ("NC609", ("published",)), ("NC614", ("secured",)))
"""The other problems of two files if one is a copy of the other."""


def _path(row: Row) -> Path:
    return ("webUrl",) if row.web_url else ("originalUrl",)


RULE = Rule("NC601", "duplicate-url", Severity.WARNING, corpus=check)
