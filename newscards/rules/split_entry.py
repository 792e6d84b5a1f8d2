"""An item of a list begins in the middle of another one: a line has a `- ` too much.

What stands below the `- ` is then another entry of `related`, and both lack half of the fields. This finding
stands for all of them.

Fails:

    ---
    …
    related:
      - title: "Gauges of the north"
        excerpt: "A second look."
      - publishedDateTime: 2023-06-21T08:00:00Z
        webUrl: "https://www.tide.example/north"
        type: article
        provider: {name: Tide, domain: tide.example}
        quality: 60
    ---

Passes:

    ---
    …
    ---

Fix: delete the `- ` of the line, and indent it like those below it.
"""

from collections.abc import Iterator, Sequence

from newscards.cards.card import Card
from newscards.cards.fields import Field, field_at
from newscards.frontmatter.fences import FrontMatter
from newscards.frontmatter.locations import Anchor
from newscards.frontmatter.nodes import Step
from newscards.lint.findings import Severity
from newscards.lint.rule import FoundProblem, Problem, Rule
from newscards.rules.common import missing


def check(card: Card, front: FrontMatter, found: Sequence[FoundProblem]) -> Iterator[Problem]:
    """Yield a problem for each item that completes the one above it, and lacks what that one has."""
    lacking: dict[tuple[Step, ...], list[str]] = {}
    for rule, _, path in found:
        if rule.code == "NC301" and len(path) == 3 and type(path[1]) is int:
            lacking.setdefault(path[:-1], []).append(str(path[-1]))
    for path, names in lacking.items():
        name, index = path[0], path[1]
        field, items = field_at(path), card.fields.get(name)
        if not field or not isinstance(items, list) or type(index) is not int or not index:
            continue
        above, below = items[index - 1], items[index]
        if isinstance(above, dict) and isinstance(below, dict) and _completes(field, above, below):
            before = lacking.get((name, index - 1), ())
            yield Problem(
                f"the item above lacks what begins here, {', '.join(f'`{key}`' for key in list(below)[:3])}",
                (*path, next(iter(below))), Anchor.KEY, "delete the `- ` of this line",
                explains=tuple(
                    ("NC301", (name, each, key))
                    for each, keys in ((index, names), (index - 1, before))
                    for key in keys
                ),
            )  # fmt: skip


def _completes(field: Field, above: dict[object, object], below: dict[object, object]) -> bool:
    """Return whether two items that both lack fields are one item together."""
    return (
        bool(missing(field, above))
        and above.keys().isdisjoint(below.keys())
        and not missing(field, above | below)
    )


RULE = Rule("NC306", "split-entry", Severity.ERROR, cause=check, symptoms=("NC301",))
