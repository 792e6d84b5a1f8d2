"""A topic is not in the site's registry.

The site has a page for each topic that it knows, and a card of any other topic is on none of them. The
registry is `topics` in the configuration: a list of names, or the files that hold them; without one this
rule tells nothing.

Fails:

    # newscards.toml
    topics = ["Oceans", "Science"]
    # 2023-06-20-gauges.md
    topics:
      - Ocaens

Passes:

    # newscards.toml
    topics = ["Oceans", "Science"]
    # 2023-06-20-gauges.md
    topics:
      - Oceans

Fix: correct the topic, or add it to the registry.
"""

from collections.abc import Iterator

from newscards.cards.text_cleanup import plain
from newscards.edits.operations import SetValue
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Fix, Severity
from newscards.lint.rule import Fixes, Problem, Rule
from newscards.text import did_you_mean

_MOST_GUESSED = 100
"""For how many topics the nearest is looked for: each takes as long as the registry is large."""


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield the topics that the registry does not have, case included."""
    if facts.topics is None:
        return
    meant: dict[str, str] = {}
    for row in facts.rows:
        for index, topic in enumerate(row.topics):
            if isinstance(topic, str) and topic and topic not in facts.topics:
                if topic not in meant:
                    cleaned = " ".join(plain(topic).split())
                    near = f"write `{cleaned}`, with plain blanks" if cleaned in facts.topics else ""
                    if not near and len(meant) < _MOST_GUESSED:
                        near = did_you_mean(topic, sorted(facts.topics))
                    meant[topic] = near or "correct it, or add it to the registry"
                yield row, Problem(
                    f"the topic `{topic}` is not in the registry", ("topics", index),
                    help=meant[topic], fix=_fix(topic, facts.topics),
                )  # fmt: skip


def _fix(topic: str, known: frozenset[str]) -> Fix | None:
    """Return the fix where a topic is in the registry but for its case."""
    same = [name for name in known if name.casefold() == topic.strip().casefold()]
    return Fix(f"write `{same[0]}`", SetValue(same[0])) if len(same) == 1 else None


RULE = Rule("NC615", "unknown-topic", Severity.ERROR, corpus=check, fixes=Fixes.SAFE)
