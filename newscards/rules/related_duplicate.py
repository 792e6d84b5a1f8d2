"""Two entries of `related` name the same card.

Readers are offered the same page twice. Entries name one card if URL, title and date are equal. In 380 of
4,958 real cards two entries have one URL, and are twins, two cards (CARDS.md): duplicate-url reports those.

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

Fix: delete one of the two.
"""

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from newscards.cards.card import Card, Identity
from newscards.cards.related import copies_of
from newscards.edits.operations import Remove
from newscards.lint.findings import Fix, Severity
from newscards.lint.rule import Fixes, Problem, Rule


def check(card: Card) -> Iterator[Problem]:
    """Yield a problem for each entry of ``related`` that names the card of an earlier one."""
    related = card.fields.get("related")
    if not isinstance(related, list) or _differ(related):
        return
    first: dict[Identity, int] = {}
    for index, copy in enumerate(copies_of(card)):
        if copy is None or not copy.names_something:
            continue
        earlier = first.setdefault(copy.identity, index)
        if earlier != index:
            yield Problem(
                f"this entry names the same card as `related[{earlier}]`",
                ("related", index, "webUrl" if copy.url else "title"),
                help="delete one of the two",
                fix=_fix(index) if related[index] == related[earlier] else None,
            )


def _fix(index: int) -> Fix:
    return Fix("delete the repeated entry", Remove(), safe=False, steps=("related", index))


def _differ(entries: list[Any]) -> bool:
    """Return, by a quick test, whether all entries have different URLs; false if that is uncertain."""
    try:
        return len(set(map(itemgetter("webUrl"), entries))) == len(entries)
    except (TypeError, LookupError):
        return False


RULE = Rule("NC604", "related-duplicate", Severity.WARNING, card=check, fixes=Fixes.UNSAFE)
