"""Two files have the same name, except for their folder or ending.

A file's name is the card's id and, on the site, its address: one page overwrites the other, or both have
the same id in every list. In a page bundle, `gauges/index.md`, it is the folder's name. Translations have
one name on purpose: only cards of one language are compared. The language is a code of ISO 639-1, perhaps
with a region, as the name of a folder (`en/`, `pt-br/`) or behind the file's name (`gauges.no.md`).

Fails:

    # 2023-06-20-gauges.md
    quality: 67
    # old/2023-06-20-gauges.md
    quality: 67

Passes:

    # 2023-06-20-gauges.md
    quality: 67
    # old/2023-06-20-gauges-too.md
    quality: 67

Fix: rename one of them.
"""

from collections.abc import Iterator, Sequence

from newscards.cards.languages import languages_of
from newscards.cards.related import grouped
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule, Spot
from newscards.rules.common import problem_of_group, thing_named


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each id that several cards of one language have."""
    for same in grouped((row.id, row) for row in facts.rows).values():
        by_language = grouped((languages_of(row.path), row) for row in same) if len(same) > 1 else {}
        for rows in by_language.values():
            if len(rows) > 1:
                yield from _problem_of(facts, rows)


def _problem_of(facts: Facts, rows: Sequence[Row]) -> Iterator[tuple[Row, Problem]]:
    thing = thing_named(rows[-1].path)
    return problem_of_group(
        facts,
        RULE,
        [Spot(row) for row in rows],
        lambda others: f"the {thing}'s name, which is the card's id, is also that of {others}",
        "rename all but one",
        lambda row: row.path,
    )


RULE = Rule("NC611", "duplicate-id", Severity.WARNING, corpus=check)
