"""A topic is written in two ways that a reader takes for one.

The site takes `ai` and `AI` for two topics, and so it does if only a no-break space, Unicode's normal form or
what cannot be seen differs. A spelling with such a character, even if it is the only one, or else the rarer
one is reported, once. If the configuration has a registry of topics, unknown-topic reports what is not in it
instead.

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
from collections.abc import Iterator, Sequence

from newscards.cards.names import as_read, name_key
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Severity, listed_others
from newscards.lint.rule import Fixes, Problem, Rule, Spot
from newscards.rules.common import fix_everywhere, problem_on_minority, same_elsewhere, spelled


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each spelling of a topic but the most common one, and for each odd one."""
    if facts.topics is not None:
        return
    topics = {topic for row in facts.rows for topic in row.topics if isinstance(topic, str)}
    times = Counter(map(name_key, topics))
    several = {
        topic: key
        for topic in topics
        if (key := name_key(topic)) and (times[key] > 1 or as_read(topic) != topic)
    }
    spellings: dict[str, list[tuple[str, Spot]]] = {}
    for row in facts.rows:
        for index, topic in enumerate(row.topics):
            if isinstance(topic, str) and topic in several:
                spellings.setdefault(several[topic], []).append((topic, Spot(row, ("topics", index))))
    for found in spellings.values():
        if len({topic for topic, _ in found}) == 1:
            yield from _odd(facts, found[0][0], facts.unignored(RULE, [spot for _, spot in found]))
            continue
        yield from problem_on_minority(
            facts, RULE, found, "the topic ", lambda right: f"write `{right}`", fixes=True
        )


def _odd(facts: Facts, topic: str, spots: Sequence[Spot]) -> Iterator[tuple[Row, Problem]]:
    """Yield the problem of a topic whose only spelling has a character that a reader does not see."""
    seen = as_read(topic)
    for at in facts.places_to_report(spot.row for spot in spots):
        yield (
            spots[at].row,
            Problem(
                f"the topic {spelled(topic)} reads as `{seen}`",
                spots[at].path,
                help=f"write `{seen}`",
                others=listed_others(spots, at),
                fix=fix_everywhere(facts, spots, at, seen),
                suffix=same_elsewhere(len(spots) - 1, "other place"),
            ),
        )


RULE = Rule("NC613", "topic-case", Severity.WARNING, corpus=check, yields=True, fixes=Fixes.SAFE)
