"""A topic stands twice among the topics of a card.

No real card has one twice (CARDS.md); who lists cards by topic would list this one twice. Case, and blanks
around it, make no other topic.

Fails:

    topics:
      - Oceans
      - Science
      - oceans

Passes:

    topics:
      - Oceans
      - Science

Fix: remove the later one.
"""

from collections.abc import Iterator

from newscards.card import Card
from newscards.changes import Remove
from newscards.fixes import Fix
from newscards.rules.rule import Fixes, Problem, Rule, Severity


def check(card: Card) -> Iterator[Problem]:
    """Yield a problem for each topic that stood before; empty ones are told by empty-value."""
    topics, seen = card.fields.get("topics"), dict[str, str]()
    for index, topic in enumerate(topics if isinstance(topics, list) else ()):
        if isinstance(topic, str) and (name := topic.strip().casefold()):
            if first := seen.get(name):
                also = "" if first == topic else f", as `{first}`"
                yield Problem(
                    f"the topic `{topic}` stands here again{also}", ("topics", index), help="remove it",
                    fix=Fix("remove the repeated topic", Remove()),
                )  # fmt: skip
            seen.setdefault(name, topic)


RULE = Rule("NC506", "repeated-topic", Severity.WARNING, card=check, fixes=Fixes.SAFE)
