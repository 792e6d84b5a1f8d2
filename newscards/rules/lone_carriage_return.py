"""A line ends with a lone CR.

For YAML and Jekyll it ends a line; for git, grep, editors and other tools it does not: what they show as one
line is two. Old Macintosh programs write them. In a file whose lines all end like that Jekyll finds no front
matter (missing-fence).

Fails:

    heat: 67<U+000D>removed: false

Passes:

    heat: 67
    removed: false

Fix: end the line with LF, or CRLF.
"""

from collections.abc import Iterator

from newscards.cards.card import Card
from newscards.frontmatter.locations import Anchor
from newscards.frontmatter.nodes import IrregularText
from newscards.frontmatter.positions import lone_cr
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule


def check(card: Card, text: IrregularText) -> Iterator[Problem]:
    """Yield the problem once, at the field before or around the first lone CR."""
    where = lone_cr(text.text)
    if where >= 0:
        before = [key.key() for key, _ in text.pairs() if key.start <= where]
        yield Problem(
            "a lone CR ends a line here", tuple(before[-1:]), Anchor.LONE_CR, "end the line with LF, or CRLF"
        )


RULE = Rule("NC110", "lone-carriage-return", Severity.ERROR, irregular=check)
