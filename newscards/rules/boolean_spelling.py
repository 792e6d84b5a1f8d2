"""`no`, `off`, `yes` or `on` stands where `false` or `true` is meant.

In YAML 1.1, which Jekyll reads, they are booleans. In YAML 1.2, which most other tools read, they are texts,
and Jekyll publishes a card whose flag is a text (CARDS.md).

Fails:

    published: no

Passes:

    published: false

Fix: write `false`, or `true`, in a field that is a boolean. Any other key is left alone: `lang: no` may mean
the text `"no"`.
"""

from collections.abc import Iterator

from newscards.cards.card import Card
from newscards.cards.fields import FieldType, field_at
from newscards.edits.operations import SetValue
from newscards.frontmatter.nodes import IrregularText
from newscards.lint.findings import Fix, Severity
from newscards.lint.rule import Fixes, Problem, Rule
from newscards.rules.common import BOOLEAN_WORDS


def check(card: Card, text: IrregularText) -> Iterator[Problem]:
    """Yield a problem for each boolean that is spelled so, except where another type is expected."""
    for node, path, _ in text.unquoted:
        if node.event.value.lower() not in BOOLEAN_WORDS:
            continue
        word, value, field = node.event.value, node.key(), field_at(path)
        if field and field.kind is not FieldType.BOOLEAN:
            continue
        # If a key occurs twice, only the last one counts.
        if isinstance(value, bool) and text.find(path) is node:
            right = "true" if value else "false"
            message = f"`{word}` is `{right}` to some readers, and a text to others"
            if field:
                fix = Fix(f"write `{right}`", SetValue(value, rewrite=True))
                yield Problem(message, path, help=f"write `{right}`", fix=fix)
            else:  # only its author knows whether a boolean is meant: `country: NO`
                yield Problem(message, path, help=f'write `{right}`, or `"{word}"` if a text is meant')


RULE = Rule("NC202", "boolean-spelling", Severity.WARNING, irregular=check, fixes=Fixes.SAFE)
