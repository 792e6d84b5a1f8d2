"""A card lists itself under `related`.

A reader who wants more on the story is sent to the page they are on. An entry of a twin, another card with
the same URL but another title or date, is not reported: 16 of 4,958 real cards have one (CARDS.md).

Fails:

    webUrl: "https://www.tide.example/gauges"
    related:
      - webUrl: "https://www.tide.example/gauges"

Passes:

    # 2023-06-20-gauges.md
    webUrl: "https://www.tide.example/gauges"
    related:
      - webUrl: "https://www.tide.example/wells"
    # 2023-06-20-wells.md
    webUrl: "https://www.tide.example/wells"
    related:
      - webUrl: "https://www.tide.example/gauges"

Fix: delete the entry.
"""

from collections.abc import Iterator

from newscards.edits.operations import Remove
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Fix, Severity
from newscards.lint.rule import Fixes, Problem, Rule


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each entry of ``related`` that is a copy of the card itself."""
    for row, listed in facts.listed.items():
        if row not in listed:
            continue
        for index, (copy, card) in enumerate(zip(row.related, listed, strict=True)):
            if copy and card is row:
                yield (
                    row,
                    Problem(
                        "this entry is a copy of the card itself",
                        ("related", index, "webUrl" if copy.url else "title"),
                        help="delete the entry",
                        fix=Fix("delete the entry", Remove(), safe=False, steps=("related", index)),
                    ),
                )


RULE = Rule("NC603", "related-self", Severity.WARNING, corpus=check, fixes=Fixes.UNSAFE)
