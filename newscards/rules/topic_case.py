"""A topic is written in two ways that a reader takes for one.

The site takes `ai` and `AI` for two topics, and so it does if only a no-break space, Unicode's normal form or
what cannot be seen differs. A spelling with such a character, or the rarer one, is reported, once. If the
configuration has a registry of topics, unknown-topic reports what is not in it instead.

Fails:

    # 2023-06-20-gauges.md
    topics:
      - Oceans
    # 2023-06-20-wells.md
    topics:
      - oceans

Passes:

    # 2023-06-20-gauges.md
    topics:
      - Oceans
    # 2023-06-20-wells.md
    topics:
      - Oceans

Fix: write the topic in one way.
"""

from collections import Counter
from collections.abc import Iterator

from newscards.cards.names import name_key
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Severity
from newscards.lint.rule import Fixes, Problem, Rule, Spot
from newscards.rules.common import problem_on_minority


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each spelling of a topic but the most common one."""
    if facts.topics is not None:
        return
    topics = {topic for row in facts.rows for topic in row.topics if isinstance(topic, str)}
    times = Counter(map(name_key, topics))
    several = {topic: key for topic in topics if times[key := name_key(topic)] > 1 and key}
    spellings: dict[str, list[tuple[str, Spot]]] = {}
    for row in facts.rows:
        for index, topic in enumerate(row.topics):
            if isinstance(topic, str) and topic in several:
                spellings.setdefault(several[topic], []).append((topic, Spot(row, ("topics", index))))
    for found in spellings.values():
        yield from problem_on_minority(
            facts, found, "the topic ", lambda right: f"write `{right}`", fixes=True
        )


RULE = Rule("NC613", "topic-case", Severity.WARNING, corpus=check, yields=True, fixes=Fixes.SAFE)
