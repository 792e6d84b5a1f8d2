"""A card lists its own URL under `related`.

A reader who wants more on the story is sent to the page they are on. In 16 of 4,958 real cards it is a twin,
another card with the same URL, and not the card itself (CARDS.md): then the URL of one of the two is wrong.

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

Fix: delete the entry, if it is the card itself; correct the URL, if it is a twin.
"""

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from newscards.cards.card import Card, text
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule


def check(card: Card) -> Iterator[Problem]:
    """Yield a problem for each entry of ``related`` with the card's own ``webUrl``."""
    own, related = text(card.fields.get("webUrl")), card.fields.get("related")
    if own and isinstance(related, list) and _may_have(related, own):
        for index, entry in enumerate(related):
            if isinstance(entry, dict) and entry.get("webUrl") == own:
                yield Problem(
                    "this entry has the URL of the card itself",
                    ("related", index, "webUrl"),
                    help="delete the entry, or correct the URL of one of them",
                )


def _may_have(entries: list[Any], url: str) -> bool:
    """Return, by a quick test, whether an entry has a URL; true if that is uncertain."""
    try:
        return url in map(itemgetter("webUrl"), entries)
    except (TypeError, LookupError):
        return True


RULE = Rule("NC603", "related-self", Severity.WARNING, card=check)
