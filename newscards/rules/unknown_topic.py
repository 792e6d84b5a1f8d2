"""A topic is not in the site's registry.

The site has a page for each topic that it knows; a card with another topic is on none of them. The registry
is `topics` in the configuration: a list of names, or of the files that hold them. Without it, this rule
reports nothing.

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

from collections.abc import Iterator, Sequence

from newscards.cards.names import name_key
from newscards.cards.related import grouped
from newscards.cards.text_cleanup import plain
from newscards.edits.operations import SetValue
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Fix, Severity
from newscards.lint.rule import Fixes, Problem, Rule
from newscards.rules.common import spelled
from newscards.text import did_you_mean

_MAX_GUESSED_TOPICS = 100
"""The number of topics for which the nearest known one is looked up: that takes time in a large registry."""


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each topic that is not in the registry; case-sensitive."""
    if facts.topics is None:
        return
    meant: dict[str, str] = {}
    same = grouped((name_key(name), name) for name in facts.topics)
    for row in facts.rows:
        for index, topic in enumerate(row.topics):
            if isinstance(topic, str) and topic and topic not in facts.topics:
                known = same.get(name_key(topic)) or same.get(name_key(plain(topic))) or ()
                if topic not in meant:
                    near = f"write `{known[0]}`" if len(known) == 1 else ""
                    if not near and len(meant) < _MAX_GUESSED_TOPICS:
                        near = did_you_mean(topic, sorted(facts.topics))
                    meant[topic] = near or "correct it, or add it to the registry"
                yield row, Problem(
                    f"the topic {spelled(topic)} is not in the registry", ("topics", index),
                    help=meant[topic], fix=_fix(known), explains=(("NC5", ("topics", index)),),
                )  # fmt: skip


def _fix(known: Sequence[str]) -> Fix | None:
    """Return the fix for a topic that a reader takes for one in the registry, if there is one such."""
    return Fix(f"write `{known[0]}`", SetValue(known[0])) if len(known) == 1 else None


RULE = Rule("NC615", "unknown-topic", Severity.ERROR, corpus=check, fixes=Fixes.SAFE)
