"""A story has two heads, or none.

The head of a story is its best card, with a `heat` above 0; all others have -1. Each of 534 real stories has
exactly one head, and no other card of it is published (CARDS.md, "Stories"). The pipeline publishes by heat:
with two heads readers get the story twice, with none not at all.

Fails:

    # 2023-06-20-gauges.md
    webUrl: "https://www.tide.example/gauges"
    quality: 67
    heat: 90
    related:
      - webUrl: "https://www.tide.example/wells"
    # 2023-06-20-wells.md
    webUrl: "https://www.tide.example/wells"
    quality: 60
    heat: 60
    published: false
    related:
      - webUrl: "https://www.tide.example/gauges"

Passes:

    # 2023-06-20-gauges.md
    webUrl: "https://www.tide.example/gauges"
    quality: 67
    heat: 90
    related:
      - webUrl: "https://www.tide.example/wells"
    # 2023-06-20-wells.md
    webUrl: "https://www.tide.example/wells"
    quality: 60
    heat: -1
    published: false
    related:
      - webUrl: "https://www.tide.example/gauges"

Fix: write `heat: -1` in all but the best card, and its heat in that one.
"""

from collections.abc import Iterator, Sequence

from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule, Spot
from newscards.rules.common import problem_of_group


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for one card of a story: the worst of several heads, or the best card if there is none.

    Heads that are published are left to story-published-twice, and a published card without heat to
    published-without-heat.
    """
    for story in facts.stories:
        heads = _once_each([row for row in story if row.heat is not None and row.heat > 0])
        if len(heads) > 1:
            if sum(row.published for row in heads) < 2:
                yield from _two_heads(facts, heads)
        elif not heads and _is_complete(facts, story) and not any(row.published for row in story):
            yield from _no_head(facts, story)


def _two_heads(facts: Facts, heads: Sequence[Row]) -> Iterator[tuple[Row, Problem]]:
    return problem_of_group(
        facts,
        RULE,
        [Spot(row, ("heat",)) for row in sorted(heads, key=_rank)],
        lambda others: f"its `heat` is above 0, and so is that of the same story's {others}",
        "write `heat: -1`, unless it is the best of them",
    )


def _no_head(facts: Facts, story: Sequence[Row]) -> Iterator[tuple[Row, Problem]]:
    return problem_of_group(
        facts,
        RULE,
        [Spot(row, ("heat",)) for row in sorted(story, key=_rank)[::-1]],
        lambda others: f"no card of its story has a `heat` above 0, neither it nor {others}",
        "give the best card of the story a heat, which is at least its quality",
    )


def _once_each(rows: Sequence[Row]) -> list[Row]:
    """Return the rows without duplicates, which are one card to a story, and which duplicate-url reports."""
    return [*{row.copy.identity: row for row in reversed(rows)}.values()][::-1]


def _is_complete(facts: Facts, story: Sequence[Row]) -> bool:
    """Return whether the cards have a heat, and their entries name cards: no other card may be the head.

    A story whose cards were all taken down needs none.
    """
    return not all(row.is_taken_down for row in story) and all(
        row.heat is not None and all(facts.listed[row]) for row in story
    )


def _rank(row: Row) -> tuple[bool, float, bool]:
    """Return the key that sorts the cards of a story, the best first: quality, then published ones.

    Those that were taken down come last.
    """
    quality = row.copy.quality
    return row.is_taken_down, (1.0 if quality is None or quality != quality else -quality), not row.published


RULE = Rule("NC616", "story-head", Severity.WARNING, corpus=check, yields=True)
