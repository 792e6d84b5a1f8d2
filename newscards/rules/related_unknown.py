"""An entry of `related` names no card of the corpus.

Each of 161,223 real entries copies one card of the same corpus: same `webUrl`, title and date (CARDS.md). One
that does not leads readers to something that the site does not have, often a deleted card.

Fails:

    related:
      - webUrl: "https://www.tide.example/nowhere"

Passes:

    # 2023-06-20-gauges.md
    webUrl: "https://www.tide.example/gauges"
    related:
      - webUrl: "https://www.tide.example/wells"
    # 2023-06-20-wells.md
    webUrl: "https://www.tide.example/wells"
    related:
      - webUrl: "https://www.tide.example/gauges"

Fix: delete the entry, or bring its card back.
"""

from collections.abc import Iterator

from newscards.cards.related import Copy
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each entry for which no card has its identity or its URL."""
    unknown = {entry for entry, copy in facts.entries.items() if copy and _is_unknown(copy, facts)}
    for row in facts.rows if unknown else ():
        if unknown.isdisjoint(map(id, row.related)):
            continue
        for index, copy in enumerate(row.related):
            if copy and id(copy) in unknown:
                path = ("related", index, "webUrl" if copy.url else "title")
                what = "URL" if copy.url else "title and date"
                yield (
                    row,
                    Problem(
                        f"no card of the corpus has this {what}", path, help="correct it, or delete the entry"
                    ),
                )


def _is_unknown(copy: Copy, facts: Facts) -> bool:
    # missing-field reports an entry without title and URL.
    return (
        copy.names_something
        and not facts.named_by(copy)
        and copy.url not in facts.by_web_url
        and copy.url not in facts.urls_of_unreadable
    )


RULE = Rule("NC605", "related-unknown", Severity.WARNING, corpus=check)
