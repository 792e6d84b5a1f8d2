"""A text without quotes has in it what was meant as YAML: a quote, or the beginning of an item.

A quote that only ends a text is a letter of it. A line that is indented deeper than the item above it belongs
to that item, whether it begins with `- ` or not: two topics are one. No real card has such a text (CARDS.md:
texts are in double quotes, names and topics have no quote and one line).

Fails:

    topics:
      - Oceans
        - Ports

Passes:

    topics:
      - Oceans
      - Ports

Fix: write the other quote, too, or indent the line like the items.
"""

from collections.abc import Iterator

from newscards.cards.card import Card
from newscards.cards.fields import field_at
from newscards.frontmatter.nodes import IrregularText
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.rules.common import is_text_or_topic


def check(card: Card, text: IrregularText) -> Iterator[Problem]:
    """Yield a problem for each text that ends with a lone quote, and each topic of several lines."""
    for node, path, _ in text.unquoted:
        value, field = node.event.value, field_at(path)
        if node.event.style or field is None or not is_text_or_topic(field):
            continue
        if value.endswith('"') and value.count('"') % 2 and value[0] not in '"“”„‟':  # curly-quotes has those
            yield Problem(
                f"`{field.name}` ends with a quote that it does not begin with", path,
                help="write a quote before it, too, or delete this one", part=(len(value) - 1, len(value)),
            )  # fmt: skip
        first, *further = text.text[node.start : node.end].split("\n")
        if field.name == "topic" and further:
            start, line = len(first.rstrip(" \r")) + 1, further[0].strip()
            yield Problem(
                "this line goes on with the topic above it, because it is indented deeper", path,
                help="indent it like the line above, and begin an item with `- `",
                part=(start, start + len(line)),
            )  # fmt: skip


RULE = Rule("NC512", "stray-syntax", Severity.WARNING, irregular=check)
