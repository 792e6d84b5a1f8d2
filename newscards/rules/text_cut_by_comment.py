"""A ` #` ends the title or the excerpt: the rest is a YAML comment.

`title: Wish #1 of all anglers` is read as `Wish`. Outside quotes, a blank and a `#` begin a comment anywhere
in a line (YAML 1.1, section 4.4). Real cards have their texts in double quotes (CARDS.md).

Fails:

    title: Tide gauge #7 gets a second life

Passes:

    title: "Tide gauge #7 gets a second life"

Fix: put double quotes around the whole value.
"""

from collections.abc import Iterator

from newscards.cards.card import Card
from newscards.frontmatter.locations import Anchor
from newscards.frontmatter.nodes import IrregularText
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule


def check(card: Card, text: IrregularText) -> Iterator[Problem]:
    """Yield a problem for each text without quotes that is followed by a comment."""
    for key, value in text.pairs():
        name = key.key()
        if (
            name not in ("title", "excerpt")
            or not value.is_scalar
            or value.event.style
            or not value.event.value
        ):
            continue
        behind = text.text[value.end :].partition("\n")[0].strip()
        if behind.startswith("#"):
            yield Problem(
                f"`{name}` ends before the `#`: the rest is a YAML comment", (name,), Anchor.COMMENT,
                help="put double quotes around the whole value",
            )  # fmt: skip


RULE = Rule("NC507", "text-cut-by-comment", Severity.WARNING, irregular=check)
