"""Two entries of `related` have the same URL.

Readers are offered the same page twice. In 380 of 4,958 real cards the two are twins, different cards with
one URL (CARDS.md), and not copies: only a person can say which of them is right.

Fails:

    related:
      - webUrl: "https://www.tide.example/north"
      - webUrl: "https://www.tide.example/north"

Passes:

    # 2023-06-20-gauges.md
    webUrl: "https://www.tide.example/gauges"
    related:
      - webUrl: "https://www.tide.example/wells"
    # 2023-06-20-wells.md
    webUrl: "https://www.tide.example/wells"
    related:
      - webUrl: "https://www.tide.example/gauges"

Fix: delete the entry that is wrong, or hide one of the twins.
"""

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from newscards.cards.card import Card, text
from newscards.edits.operations import Remove
from newscards.lint.findings import Fix, Severity
from newscards.lint.rule import Fixes, Problem, Rule


def _fix(index: int) -> Fix:
    return Fix("delete the repeated entry", Remove(), safe=False, steps=("related", index))


def check(card: Card) -> Iterator[Problem]:
    """Yield a problem for each entry of ``related`` with the ``webUrl`` of an earlier one."""
    related = card.fields.get("related")
    if not isinstance(related, list) or _differ(related):
        return
    first: dict[str, int] = {}
    for index, entry in enumerate(related):
        url = text(entry.get("webUrl")) if isinstance(entry, dict) else ""
        if url and first.setdefault(url, index) != index:
            yield Problem(
                f"this entry has the URL of entry {first[url] + 1}",
                ("related", index, "webUrl"),
                help="delete the one that is wrong",
                fix=_fix(index) if entry == related[first[url]] else None,
            )


def _differ(entries: list[Any]) -> bool:
    """Return, by a quick test, whether all entries have different URLs; false if that is uncertain."""
    try:
        return len(set(map(itemgetter("webUrl"), entries))) == len(entries)
    except (TypeError, LookupError):
        return False


RULE = Rule("NC604", "related-duplicate", Severity.WARNING, card=check, fixes=Fixes.UNSAFE)
