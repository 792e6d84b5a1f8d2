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
from functools import lru_cache

from newscards.facts import Facts, Row
from newscards.rules.rule import Problem, Rule, Severity
from newscards.suggest import did_you_mean


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield the topics that the registry does not have, case included."""
    if facts.topics is None:
        return
    for row in facts.rows:
        for index, topic in enumerate(row.topics):
            if isinstance(topic, str) and topic and topic not in facts.topics:
                yield row, Problem(
                    f"the topic `{topic}` is not in the registry", ("topics", index),
                    help=_meant(topic, facts.topics) or "correct it, or add it to the registry",
                )  # fmt: skip


@lru_cache(maxsize=1024)
def _meant(topic: str, known: frozenset[str]) -> str:
    return did_you_mean(topic, sorted(known))


RULE = Rule("NC615", "unknown-topic", Severity.ERROR, corpus=check)
