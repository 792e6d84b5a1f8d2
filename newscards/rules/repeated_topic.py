"""A topic occurs twice in a card.

No real card has a topic twice (CARDS.md); a list of cards by topic would have this card twice. Case, blanks,
Unicode's normal form and what cannot be seen make no difference.

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
from newscards.cards.names import name_key
from newscards.edits.operations import Remove
from newscards.lint.findings import Fix, Severity
from newscards.lint.rule import Fixes, Problem, Rule
from newscards.rules.common import spelled


def check(card: Card) -> Iterable[Problem]:
    """Return a problem for each repeated topic; empty-value reports empty ones."""
    topics = card.fields.get("topics")
    return _problems(topics) if isinstance(topics, list) and not _differ(topics) else ()


def _differ(topics: list[Any]) -> bool:
    """Return, by a quick test, whether all topics are different; false if that is uncertain."""
    try:
        return len(set(map(name_key, topics))) == len(topics)
    except (TypeError, AttributeError):
        return False


def _problems(topics: list[Any]) -> Iterator[Problem]:
    first_spellings: dict[str, str] = {}
    for index, topic in enumerate(topics):
        if isinstance(topic, str) and (name := name_key(topic)):
            if first := first_spellings.get(name):
                also = "" if first == topic else f", as {spelled(first)}"
                message = f"the topic {spelled(topic)} stands here again{also}"
                yield Problem(
                    message, ("topics", index), help="remove it",
                    fix=Fix("remove the repeated topic", Remove()),
                )  # fmt: skip
            first_spellings.setdefault(name, topic)


RULE = Rule("NC506", "repeated-topic", Severity.WARNING, card=check, fixes=Fixes.SAFE)
