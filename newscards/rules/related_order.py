"""The entries of `related` are not ordered by quality, best first.

They are in all 5,632 real cards (CARDS.md), and the site shows only the first few.

Fails:

    related:
      - webUrl: "https://www.tide.example/north"
        quality: 60
      - webUrl: "https://www.tide.example/south"
        quality: 70

Passes:

    # 2023-06-20-gauges.md
    webUrl: "https://www.tide.example/gauges"
    related:
      - webUrl: "https://www.tide.example/wells"
    # 2023-06-20-wells.md
    webUrl: "https://www.tide.example/wells"
    related:
      - webUrl: "https://www.tide.example/gauges"

Fix: move the entry up to where its quality belongs.
"""

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from newscards.cards.card import Card, whole_number
from newscards.edits.operations import Reorder
from newscards.lint.findings import Fix, Severity
from newscards.lint.rule import Fixes, Problem, Rule


def check(card: Card) -> Iterator[Problem]:
    """Yield a problem for the first entry of ``related`` that is better than the one before it."""
    related = card.fields.get("related")
    if not isinstance(related, list) or _are_ordered(related):
        return
    before = None
    for index, entry in enumerate(related):
        quality = whole_number(entry.get("quality")) if isinstance(entry, dict) else None
        if quality is None or quality != quality:  # not a number
            continue
        if before is not None and quality > before:
            message = f"the entries are not ordered by quality: {quality} comes after {before}"
            yield Problem(
                message, ("related", index, "quality"), help="put the best first", fix=_fix(related)
            )
            return
        before = quality


def _are_ordered(entries: list[Any]) -> bool:
    """Return, by a quick test, whether all qualities are whole numbers in order; false if uncertain."""
    try:
        qualities = list(map(itemgetter("quality"), entries))
    except (TypeError, LookupError):
        return False
    return set(map(type, qualities)) == {int} and qualities == sorted(qualities, reverse=True)


def _fix(related: Any) -> Fix | None:
    """Return the fix that puts the best first, if every entry has a quality."""
    qualities = [whole_number(entry.get("quality")) if isinstance(entry, dict) else None for entry in related]
    known = [quality for quality in qualities if quality is not None]
    if len(known) < len(qualities):
        return None
    order = tuple(sorted(range(len(known)), key=lambda index: -known[index]))
    return Fix("order the entries by quality", Reorder(order), safe=False, steps=("related",))


RULE = Rule("NC607", "related-order", Severity.WARNING, card=check, fixes=Fixes.UNSAFE)
