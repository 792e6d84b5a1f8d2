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

from collections.abc import Iterable, Iterator
from typing import Any

from newscards.cards.card import Card
from newscards.edits.operations import Remove
from newscards.lint.findings import Fix, Severity
from newscards.lint.rule import Fixes, Problem, Rule


def check(card: Card) -> Iterable[Problem]:
    """Return a problem for each topic that stood before; empty ones are told by empty-value."""
    topics = card.fields.get("topics")
    return _problems(topics) if isinstance(topics, list) and not _differ(topics) else ()


def _differ(topics: list[Any]) -> bool:
    """Tell in the fastest way whether all topics are other ones; false where that is not certain."""
    try:
        return len(set(map(str.casefold, map(str.strip, topics)))) == len(topics)
    except TypeError:
        return False


def _problems(topics: list[Any]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for index, topic in enumerate(topics):
        if isinstance(topic, str) and (name := topic.strip().casefold()):
            if first := seen.get(name):
                also = "" if first == topic else f", as `{first}`"
                yield Problem(
                    f"the topic `{topic}` stands here again{also}", ("topics", index), help="remove it",
                    fix=Fix("remove the repeated topic", Remove()),
                )  # fmt: skip
            seen.setdefault(name, topic)


RULE = Rule("NC506", "repeated-topic", Severity.WARNING, card=check, fixes=Fixes.SAFE)
