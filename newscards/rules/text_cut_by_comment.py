"""A ` #` ends a text or a URL without quotes: the rest is a YAML comment.

`title: Wish #1 of all anglers` is read as `Wish`. Outside quotes, a blank and a `#` begin a comment anywhere
in a line (YAML 1.1, section 4.4). Real cards have their texts in double quotes (CARDS.md). A comment after a
URL that has a blank after its `#` is taken for a comment, and so is one that suppresses findings.

Fails:

    title: Tide gauge #7 gets a second life

Passes:

    title: "Tide gauge #7 gets a second life"

Fix: put double quotes around the whole value.
"""

import re
from collections.abc import Iterator

from newscards.cards.card import Card
from newscards.cards.fields import Format, field_at
from newscards.frontmatter.locations import Anchor
from newscards.frontmatter.nodes import IrregularText
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.rules.common import is_text_or_topic

_COMMENT = re.compile(r"[ \t]+#(?![ \t]*newscards:)(?P<has_blank>[ \t])?")


def check(card: Card, text: IrregularText) -> Iterator[Problem]:
    """Yield a problem for each text and each URL without quotes that is followed by a comment."""
    if "#" not in text.text:
        return
    for node, path, _ in text.unquoted:
        is_plain = node.event.value and not node.event.style
        comment = _COMMENT.match(text.text, node.end) if is_plain else None
        field = field_at(path) if comment else None
        if comment is None or field is None:
            continue
        is_cut_url = field.format in (Format.URL, Format.IMAGE_URL) and not comment["has_blank"]
        if is_text_or_topic(field) or is_cut_url or field.name == "featuredContent":
            yield Problem(
                f"`{field.name}` ends before the `#`: the rest is a YAML comment", path, Anchor.COMMENT,
                help="put double quotes around the whole value",
            )  # fmt: skip


RULE = Rule("NC507", "text-cut-by-comment", Severity.WARNING, irregular=check)
