"""The entries of `related` are not ordered by quality, best first.

They are in every one of 5,632 real cards (CARDS.md), and the site shows the first few.

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

from newscards.card import Card, whole_number
from newscards.rules.rule import Problem, Rule, Severity


def check(card: Card) -> Iterator[Problem]:
    """Yield the first entry of ``related`` that is better than the one before it."""
    related = card.fields.get("related")
    before = None
    for index, entry in enumerate(related if isinstance(related, list) else ()):
        quality = whole_number(entry.get("quality")) if isinstance(entry, dict) else None
        if quality is None or quality != quality:  # not a number
            continue
        if before is not None and quality > before:
            message = f"the entries are not ordered by quality: {quality} comes after {before}"
            yield Problem(message, ("related", index, "quality"), help="put the best first")
            return
        before = quality


RULE = Rule("NC607", "related-order", Severity.WARNING, card=check)
