"""A file's name has no date, and nearly all others have one.

The names of all real cards begin with the day of their arrival (CARDS.md), by which files are sorted and
found. Jekyll takes the date of the page from the name, and without one that of the build. Nothing is reported
where more than one in twenty of the other names has no date either. The name of a page bundle,
`2023-06-20-gauges/index.md`, is its folder's.

Fails:

    # 2023-06-20-wells.md
    # gauges.md
    publishedDateTime: 2023-06-20T15:44:00Z

Passes:

    # 2023-06-20-wells.md
    # 2023-06-20-gauges.md
    publishedDateTime: 2023-06-20T15:44:00Z

Fix: rename the file.
"""

import os
from collections.abc import Iterator

from newscards.lint.conventions import Convention
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.rules.common import thing_named
from newscards.text import path_text


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each of a few cards whose names do not begin with a date."""
    for row in facts.exceptions(Convention.DATED_NAME):
        yield (
            row,
            Problem(
                f"the {thing_named(row.path)}'s name does not begin with a date such as `2023-06-20-`",
                help=_advice(row),
            ),
        )


def _advice(row: Row) -> str:
    thing = thing_named(row.path)
    day, name = row.copy.date, row.id if thing == "folder" else os.path.basename(row.path)
    if day is None or name[:1].isdigit():  # a digit may begin a date in another form
        return f"rename the {thing}"
    return f"rename it to `{day.date()}-{path_text(name)}`"


RULE = Rule("NC618", "undated-name", Severity.WARNING, corpus=check)
